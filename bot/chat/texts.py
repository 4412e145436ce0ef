"""Every sentence the bot says, in HTML as Telegram reads it.

Shaped for gettext: whole sentences, named placeholders, plurals through `_n`. Answers
to a tap (`Toast…`) are plain text of at most 200 characters.
"""

from __future__ import annotations

from enum import StrEnum
from gettext import NullTranslations

from stylecore.recipes import Strength

from ..jobs.job import Job

FETCH_COMMAND = "stylecore weights fetch"
_BAR_CELLS = 12


class Refusal(StrEnum):
    """Why something a person sent cannot be used.

    The picture codes are those of `stylecore.errors.PICTURE_CODES`.
    """

    TEXT = "text"
    COMMAND = "command"
    STICKER = "sticker"
    VIDEO = "video"
    VOICE = "voice"
    FILE = "file"
    OTHER = "other"
    EMPTY = "empty"
    NOT_A_PICTURE = "not_a_picture"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_LONG_A_SIDE = "too_long_a_side"
    TOO_SMALL = "too_small"
    TOO_ELONGATED = "too_elongated"
    TOO_MANY_BYTES = "too_many_bytes"
    DOWNLOAD = "download"
    DISK_FULL = "disk_full"


_REFUSALS = frozenset(why.value for why in Refusal)
_SAME_AGAIN = (Refusal.UNREADABLE, Refusal.DOWNLOAD, Refusal.DISK_FULL)
"""Not the fault of what was sent: the same will do, another time."""


class Stage(StrEnum):
    """What a draft is still waiting for."""

    PHOTO_FIRST = "photo_first"
    PAINTING = "painting"
    PHOTO = "photo"
    STRENGTH = "strength"


class Texts:
    """The sentences in one language."""

    def __init__(self, translations: NullTranslations | None = None) -> None:
        chosen = translations or NullTranslations()
        self._ = chosen.gettext
        self._n = chosen.ngettext

    # Commands

    def commands(self) -> dict[str, str]:
        """The menu of commands with what each does."""
        return {
            "start": self._("How to begin"),
            "help": self._("What I can do"),
            "status": self._("How far your pictures are"),
            "cancel": self._("Stop and start over"),
        }

    def welcome(self, days: int) -> str:
        """Two sentences: what to do, and what happens to the pictures."""
        return self._(
            "Hi! Send me a photo and then a painting, and I will paint your photo in "
            "the style of that painting."
        ) + self._n(
            " I keep your pictures for {days} day and then delete them.",
            " I keep your pictures for {days} days and then delete them.",
            days,
        ).format(days=days)

    def untrained(self) -> str:
        return self._(
            "<i>Painted with untrained weights, so this is only a rough idea of the "
            "style. To mend that, run</i> <code>{command}</code>"
        ).format(command=FETCH_COMMAND)

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
            "/cancel stops them, or clears what you have sent.\n\n"
        )
        return steps + self._n(
            "Pictures are deleted after {days} day.",
            "Pictures are deleted after {days} days.",
            days,
        ).format(days=days)

    def groups_later(self, username: str) -> str:
        return self._(
            "I do not paint in groups yet. Please write to me in a private chat: "
            "@{username}"
        ).format(username=username)

    # Pictures coming in

    def took_photo(self) -> str:
        return self._("That is your photo. Now send me the painting.")

    def took_painting(self) -> str:
        return self._("That is your painting. Now send me the photo.")

    def same_picture(self, stage: Stage) -> str:
        if stage is Stage.PHOTO:
            return self._(
                "That is the same picture as the painting. Please send me another "
                "picture as the photo."
            )
        if stage is Stage.STRENGTH:
            return self._(
                "That is your photo again, so I keep the painting I have. Please tap a "
                "strength below them, or send me another painting."
            )
        return self._(
            "That is the same picture as your photo. Please send me another picture "
            "as the painting."
        )

    def next_step(self, stage: Stage) -> str:
        return {
            Stage.PHOTO_FIRST: self._("Please send me a photo to begin."),
            Stage.PAINTING: self._("I have your photo. Please send the painting next."),
            Stage.PHOTO: self._("I have the painting. Please send the photo next."),
            Stage.STRENGTH: self._(
                "I have your photo and the painting. Please tap a strength below them."
            ),
        }[stage]

    def refusal(self, why: Refusal, stage: Stage) -> str:
        """Why something cannot be used, and what to send instead."""
        said = self.refused(why)
        return said if why in _SAME_AGAIN else f"{said} {self.next_step(stage)}"

    def refused(self, why: Refusal) -> str:
        return {
            Refusal.TEXT: self._("I cannot paint words, only pictures."),
            Refusal.COMMAND: self._("I do not know that command; /help lists mine."),
            Refusal.STICKER: self._("I cannot paint from stickers."),
            Refusal.VIDEO: self._("I cannot paint from videos, only from pictures."),
            Refusal.VOICE: self._("I cannot listen, I only look at pictures."),
            Refusal.FILE: self._("That file is not a picture."),
            Refusal.OTHER: self._("I only work with pictures."),
            Refusal.EMPTY: self._("That file is empty: there is no picture in it."),
            Refusal.NOT_A_PICTURE: self._(
                "I cannot open that file as a picture. If you can see it on your "
                "screen, send it as a photo instead of a file."
            ),
            Refusal.DAMAGED: self._(
                "That picture is damaged or incomplete, so I need a fresh copy of it "
                "or another one."
            ),
            Refusal.UNREADABLE: self._(
                "I could not open that picture just now. Please send it again."
            ),
            Refusal.TOO_MANY_PIXELS: self._(
                "That picture has too many pixels for me. Send it as a photo instead "
                "of a file and it will fit."
            ),
            Refusal.TOO_LONG_A_SIDE: self._(
                "That picture is too long on one side for me. Send it as a photo "
                "instead of a file and it will fit."
            ),
            Refusal.TOO_SMALL: self._(
                "That picture is too small to paint from, so I need a larger one."
            ),
            Refusal.TOO_ELONGATED: self._(
                "That picture is too long and narrow for me; a part of it will do."
            ),
            Refusal.TOO_MANY_BYTES: self._(
                "That file is over 20 MB, which is more than Telegram lets me fetch. "
                "Send it as a photo instead of a file and it will fit."
            ),
            Refusal.DOWNLOAD: self._(
                "I could not get that picture from Telegram. Please send it again."
            ),
            Refusal.DISK_FULL: self._(
                "I have no room left to store anything right now. What you sent "
                "before is kept; please try again in a few minutes."
            ),
        }[why]

    def answered_later(self) -> str:
        """A message that could not even be written down."""
        return self._(
            "I have no room left to store anything right now. Nothing is lost: I will "
            "answer your message as soon as there is room again."
        )

    # The card

    def card(self) -> str:
        return self._(
            "Left: your <b>photo</b>. Right: the <b>painting</b>.\n"
            "How strong should the style be?"
        )

    def card_after(self, event: str) -> str:
        """The card's caption; `event` is a value of `drafts.Note`."""
        first = {
            "replaced": self._("This is the new painting."),
            "album_cut": self._(
                "That was more than two pictures, so I took the first two."
            ),
        }.get(event)
        return f"{first}\n{self.card()}" if first else self.card()

    def strength(self, strength: str) -> str:
        return {
            Strength.SUBTLE: self._("Subtle"),
            Strength.BALANCED: self._("Balanced"),
            Strength.STRONG: self._("Strong"),
            Strength.WILD: self._("Wild"),
        }[Strength(strength)]

    def chosen(self, label: str) -> str:
        """A button that is the default."""
        return f"✓ {label}"

    def clip_button(self, on: bool) -> str:
        return self._("Clip: on") if on else self._("Clip: off")

    def swap_button(self) -> str:
        return self._("Swap")

    def cancel_button(self) -> str:
        return self._("Cancel")

    # Waiting and painting

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
        return line if seconds is None else f"{line} {self._wait(seconds)}"

    def _wait(self, seconds: float) -> str:
        return self._("It starts in {duration}.").format(
            duration=self.duration(seconds)
        )

    def warming_up(self) -> str:
        return self._("I am just waking up; your picture is the first in line.")

    def progress(self, share: float, seconds_left: float) -> str:
        filled = round(min(max(share, 0.0), 1.0) * _BAR_CELLS)
        bar = "▰" * filled + "▱" * (_BAR_CELLS - filled)
        return f"{bar}  {share:.0%}\n" + self.time_left(seconds_left)

    def time_left(self, seconds: float) -> str:
        return self._("Painting, {duration} left").format(
            duration=self.duration(seconds)
        )

    def starting(self) -> str:
        return self._("Painting begins…")

    def finishing(self) -> str:
        return self._("Almost there…")

    def duration(self, seconds: float) -> str:
        """A length of time, as exact as it can be known in advance."""
        if seconds < 8:
            return self._("a few seconds")
        if seconds < 90:
            return self._("about {seconds} s").format(seconds=5 * round(seconds / 5))
        return self._("about {minutes} min").format(minutes=round(seconds / 60))

    def painted(self, job: Job) -> str:
        return self._("Painted in {seconds} s · {recipe}").format(
            seconds=max(1, round(job.seconds or 0)), recipe=self._recipe(job)
        )

    def _recipe(self, job: Job) -> str:
        name = self.strength(job.strength).lower()
        return f"{name} · {job.width}×{job.height}"

    def card_done(self, job: Job) -> str:
        return (
            f"{self._('Left: your photo. Right: the painting.')}\n{self.painted(job)}"
        )

    def card_stopped(self) -> str:
        return (
            f"{self._('Cancelled.')} {self._('Tap a strength to paint it after all.')}"
        )

    def card_failed(self) -> str:
        return self._("This one did not work out. Tap a strength to try again.")

    def card_put_aside(self) -> str:
        return self._("Put aside.")

    # Results

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

    def send_new_photo(self) -> str:
        return self._("I keep the painting. Send me the new photo.")

    def send_new_style(self) -> str:
        return self._("I keep the photo. Send me the new painting.")

    # Limits

    def queue_full(self) -> str:
        return self._(
            "Too many pictures are waiting right now, so I cannot take another one. "
            "Yours are kept: tap a strength again in a few minutes."
        )

    def too_many_waiting(self, limit: int) -> str:
        return self._n(
            "You already have {limit} picture waiting, which is as many as I can take "
            "at a time. This one is kept: tap a strength again when that one is done.",
            "You already have {limit} pictures waiting, which is as many as I can take "
            "at a time. This one is kept: tap a strength again when one of them is "
            "done.",
            limit,
        ).format(limit=limit)

    # /cancel and /status

    def stopped(self, count: int) -> str:
        return self._n(
            "Cancelled {count} picture.", "Cancelled {count} pictures.", count
        ).format(count=count)

    def cleared(self) -> str:
        return self._("I put your pictures aside. Send me a photo to begin again.")

    def nothing_to_cancel(self) -> str:
        return self._("There is nothing to stop. Send me a photo to begin.")

    def nothing_running(self) -> str:
        return self._("I am not painting anything for you right now.")

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

    # Answers to a tap: plain text

    def toast_not_yours(self) -> str:
        return self._("These buttons belong to somebody else. Send me your own photo.")

    def toast_old(self) -> str:
        return self._(
            "This button is from an older picture and does nothing any more. Send me "
            "a photo to begin a new one."
        )

    def toast_pictures_gone(self) -> str:
        return self._(
            "I no longer keep these pictures. Please send the photo and the painting "
            "again."
        )

    def toast_already_on_its_way(self) -> str:
        return self._("This one is already on its way.")

    def toast_already_painted(self) -> str:
        return self._("This one is painted already; you will find it further down.")

    def toast_nothing_to_stop(self) -> str:
        return self._("This picture is not being painted any more.")

    def toast_file_sent(self) -> str:
        return self._("You have this file already; you will find it further down.")

    def apology(self, number: str) -> str:
        return self._(
            "Sorry, something went wrong on my side. Please try again. If it happens "
            "again, tell whoever runs me this number: <code>{number}</code>"
        ).format(number=number)


def texts_for(language: str | None) -> Texts:
    """The sentences in `language`, a code such as `de`; English if there are none."""
    del language  # English is the only catalogue so far
    return Texts()
