"""What is said to pictures that come in, and to what is not a picture."""

from __future__ import annotations

from enum import StrEnum

from .base import Base


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


_SAME_AGAIN = (Refusal.UNREADABLE, Refusal.DOWNLOAD, Refusal.DISK_FULL)
"""Not the fault of what was sent: the same will do, another time."""


class Stage(StrEnum):
    """What a draft is still waiting for."""

    PHOTO_FIRST = "photo_first"
    PAINTING = "painting"
    PHOTO = "photo"
    SECOND = "second"
    """A second painting, to blend the two."""
    STRENGTH = "strength"


class Arriving(Base):
    """Sentences about what a person sends."""

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
        if stage is Stage.SECOND:
            return self._(
                "I have that picture already. Please send me another painting to "
                "blend in."
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
            Stage.SECOND: self._(
                "I have your photo and the first painting. Please send the second "
                "painting next."
            ),
            Stage.STRENGTH: self._(
                "I have your photo and the painting. Please tap a strength below them."
            ),
        }[stage]

    def refusal(self, why: Refusal, stage: Stage) -> str:
        """Why something cannot be used, and what to send instead."""
        said = self.refused(why)
        if why in _SAME_AGAIN:
            return said
        return self._flow(said, self.next_step(stage))

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

    def send_new_photo(self) -> str:
        return self._("I keep the painting. Send me the new photo.")

    def send_new_style(self) -> str:
        return self._("I keep the photo. Send me the new painting.")
