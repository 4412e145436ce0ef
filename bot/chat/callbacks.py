"""What a button carries: `v1:<action>:<id>[:<argument>]`, at most 64 bytes.

A button stands for a row, never for a message: it works from the database after a
restart, on a deleted message and on a message Telegram no longer shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

VERSION = "v1"
MAX_BYTES = 64

_ID = re.compile(r"[a-z0-9]{1,32}\Z")
_ARGUMENT = re.compile(r"[a-z0-9_]{0,20}\Z")


class Action(StrEnum):
    """What a button does, and whose id it carries."""

    PAINT = "paint"
    """card, strength: paint this pair."""
    CLIP = "clip"
    """card, `on` or `off`: whether a clip is wanted. Names the outcome, so that a
    double tap does nothing twice."""
    SWAP = "swap"
    """card, the first digits of the picture that becomes the photo."""
    CANCEL = "cancel"
    """job: stop it."""
    AGAIN = "again"
    """job, strength: paint the same pair at another strength."""
    SAME_STYLE = "style"
    """job: keep the painting, ask for a new photo."""
    SAME_PHOTO = "photo"
    """job: keep the photo, ask for a new painting."""
    FULL = "full"
    """job: send the file with every pixel."""
    COLORS = "colors"
    """card, `photo` or `style`: whose colours the picture gets."""
    RECOLOR = "recolor"
    """job, `photo` or `style`: paint it again with those colours."""
    LARGER = "larger"
    """job: paint it in the next size up, starting from this result."""
    FILM = "film"
    """job: send its clip."""
    NEXT = "next"
    """job: the result becomes the next photo."""
    BLEND = "blend"
    """job: blend its painting with a second one, which is asked for."""
    DELETE = "delete"
    """job, nothing, `yes` or `no`: ask, delete, or leave it."""
    MORE = "more"
    """job, `on` or `off`: show all buttons of a result, or the first of them."""
    COMPARE = "compare"
    """job: send before and after as an album."""
    SAVE = "save"
    """job: keep its painting among the person's own styles."""
    GALLERY = "gallery"
    """person, page: turn the pages of the gallery."""
    PICK = "pick"
    """person, code of a style: make it the painting of the next pair."""
    UNSAVE = "unsave"
    """person, id of a saved style: delete it."""
    NAME = "name"
    """person, id of a saved style: ask for its name."""
    SET = "set"
    """person, `<what>_<value>`: change a setting."""
    FORGET = "forget"
    """person, nothing, `yes` or `no`: ask, delete everything, or leave it."""
    HISTORY = "history"
    """person, page or job: turn the pages of past results, or bring one back."""


class UnknownButton(ValueError):
    """Callback data that no button of this version carries."""


@dataclass(frozen=True, slots=True)
class Press:
    """What one button means.

    Raises `UnknownButton` when made from parts that do not fit into 64 bytes of
    `a-z0-9_`.
    """

    action: Action
    subject: str
    """Id of a card, a job, or (in decimal) of a person."""
    argument: str = ""

    def __post_init__(self) -> None:
        if not _ID.match(self.subject) or not _ARGUMENT.match(self.argument):
            raise UnknownButton("ids are a-z0-9, arguments at most 20 of a-z0-9_")

    def encode(self) -> str:
        """The callback data."""
        parts = [VERSION, self.action.value, self.subject]
        return ":".join([*parts, self.argument] if self.argument else parts)


def decode(data: str | None) -> Press:
    """Reads callback data; raises `UnknownButton` if it is not ours."""
    parts = (data or "").split(":")
    if len(parts) not in (3, 4) or parts[0] != VERSION or parts[-1] == "":
        raise UnknownButton("not a button of this version")
    try:
        action = Action(parts[1])
    except ValueError as exc:
        raise UnknownButton("no such action") from exc
    return Press(action, *parts[2:])
