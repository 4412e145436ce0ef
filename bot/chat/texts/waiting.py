"""Waiting and painting: the place in line, the bar, /status and /cancel."""

from __future__ import annotations

from .base import Base

_BAR_CELLS = 12


class Waiting(Base):
    """Sentences for somebody whose picture is not there yet."""

    def queued(self, place: int | None, seconds: float | None) -> str:
        if place is None:
            return self._("In line…")
        ahead = place - 1
        line = (
            self._n(
                "In line: {ahead} picture is before yours.",
                "In line: {ahead} pictures are before yours.",
                ahead,
            ).format(ahead=ahead)
            if ahead > 0
            else self._("In line: yours is next.")
        )
        return line if seconds is None else self._flow(line, self._wait(seconds))

    def _wait(self, seconds: float) -> str:
        return self._("It starts in {duration}.").format(
            duration=self.duration(seconds)
        )

    def warming_up(self) -> str:
        return self._("I am just waking up; your picture is the first in line.")

    def progress(self, share: float, seconds_left: float) -> str:
        filled = round(min(max(share, 0.0), 1.0) * _BAR_CELLS)
        bar = "▰" * filled + "▱" * (_BAR_CELLS - filled)
        return f"{bar}  {self.percent(share)}\n" + self.time_left(seconds_left)

    def time_left(self, seconds: float) -> str:
        return self._("Painting, {duration} left").format(
            duration=self.duration(seconds)
        )

    def starting(self) -> str:
        return self._("Painting begins…")

    def finishing(self) -> str:
        return self._("Almost there…")

    def stopped(self, count: int) -> str:
        return self._n(
            "Cancelled {count} picture.", "Cancelled {count} pictures.", count
        ).format(count=count)

    def cleared(self) -> str:
        return self._("I put your pictures aside. Send me a photo to begin again.")

    def nothing_to_cancel(self) -> str:
        return self._("There is nothing to stop. Send me a photo to begin.")

    def nothing_running(self, next_step: str) -> str:
        """`next_step`: what can be done about it."""
        return self._flow(
            self._("I am not painting anything for you right now."), next_step
        )

    def in_line_overall(self, count: int) -> str:
        return self._n(
            "{count} picture is in line in all.",
            "{count} pictures are in line in all.",
            count,
        ).format(count=count)

    def machine(self, seconds: float) -> str:
        return self._("A picture takes {duration} on this machine.").format(
            duration=self.duration(seconds)
        )
