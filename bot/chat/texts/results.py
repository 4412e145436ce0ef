"""What comes back: the picture, its file and its clip, or the bad news."""

from __future__ import annotations

from ...jobs.job import Job
from .arriving import Arriving, Refusal
from .welcome import FETCH_COMMAND

_REFUSALS = frozenset(why.value for why in Refusal)


class Results(Arriving):
    """Sentences and buttons of a result."""

    def painted(self, job: Job) -> str:
        return self._("Painted in {seconds} s · {recipe}").format(
            seconds=max(1, round(job.seconds or 0)), recipe=self._recipe(job)
        )

    def untrained(self) -> str:
        return self._(
            "<i>Painted with untrained weights, so this is only a rough idea of the "
            "style. To mend that, run</i> <code>{command}</code>"
        ).format(command=FETCH_COMMAND)

    def card_done(self, job: Job) -> str:
        return (
            f"{self._('Left: your photo. Right: the painting.')}\n{self.painted(job)}"
        )

    def full_button(self) -> str:
        return self._("Full quality")

    def same_style_button(self) -> str:
        return self._("Same style, new photo")

    def same_photo_button(self) -> str:
        return self._("New style, same photo")

    def full_caption(self, job: Job) -> str:
        return self._("Every pixel of it · {recipe}").format(recipe=self._recipe(job))

    def clip_caption(self) -> str:
        return self._("How it was painted")

    def failed(self, code: str) -> str:
        """`code` is a `Job.error_code`; those of pictures are refusals as well."""
        if code in _REFUSALS:
            return self.refused(Refusal(code))
        if code == "worker_died":
            return self._(
                "I tried this picture several times and something broke on my side "
                "each time. I am sorry; please try it again later."
            )
        return self._(
            "Something went wrong on my side while painting. I am sorry; your pictures "
            "are kept, so please tap a strength to try again."
        )
