"""How to begin, what there is to do, and what is said when all else fails."""

from __future__ import annotations

from .base import Base

FETCH_COMMAND = "stylecore weights fetch"


class Welcome(Base):
    """Sentences of /start and /help, and the apology."""

    def commands(self) -> dict[str, str]:
        """The menu of commands with what each does."""
        return {
            "start": self._("How to begin"),
            "help": self._("What I can do"),
            "styles": self._("Styles to choose from"),
            "status": self._("How far your pictures are"),
            "history": self._("Your last results"),
            "cancel": self._("Stop and start over"),
            "settings": self._("Strength, size, colours, clip, language"),
            "privacy": self._("What I keep, and for how long"),
            "forget": self._("Delete everything I keep of you"),
        }

    def welcome(self, days: int) -> str:
        """Two sentences: what to do, and what happens to the pictures."""
        kept = self._n(
            "I keep your pictures for {days} day and then delete them.",
            "I keep your pictures for {days} days and then delete them.",
            days,
        )
        return self._flow(
            self._(
                "Hi! Send me a photo and then a painting, and I will paint your photo "
                "in the style of that painting."
            ),
            kept.format(days=days),
        )

    def untrained_at_start(self) -> str:
        return self._(
            "Please note: I am running with untrained weights, so my pictures are only "
            "a rough idea of the style. To mend that, run <code>{command}</code> where "
            "I am installed, and start me again."
        ).format(command=FETCH_COMMAND)

    def help(self, days: int) -> str:
        steps = self._(
            "<b>How it works</b>\n"
            "1. Send a photo.\n"
            "2. Send a painting. Two pictures in one album work too, and so do "
            "pictures sent as files.\n"
            "3. Tap how strong the style should be.\n\n"
            "<b>Swap</b> exchanges photo and painting. <b>Clip</b> adds a short film "
            "of the picture being painted. One more picture replaces the painting.\n\n"
            "/status shows how far your pictures are.\n"
            "/cancel stops them, or clears what you have sent."
        )
        kept = self._n(
            "Pictures are deleted after {days} day.",
            "Pictures are deleted after {days} days.",
            days,
        ).format(days=days)
        return f"{steps}\n{self._help_more()}\n\n{kept}"

    def _help_more(self) -> str:
        return self._(
            "/styles has styles to choose from, and those you saved.\n"
            "/history brings your last results back.\n"
            "/settings, /privacy and /forget are about you.\n\n"
            "<b>In a group</b>, reply to any photo with /style, and I paint it there."
        )

    def apology(self, number: str) -> str:
        return self._(
            "Sorry, something went wrong on my side. Please try again. If it happens "
            "again, tell whoever runs me this number: <code>{number}</code>"
        ).format(number=number)
