"""Results of an inline query: what Telegram takes, and what they would send."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .errors import ApiError, bad_request
from .files import FileStore
from .formatting import MAX_TEXT, caption_of, formatted
from .keyboards import parse_inline_keyboard
from .world import Entity, Json, Keyboard, Kind, Media

MAX_RESULTS = 50
MAX_ID_BYTES = 64
MAX_OFFSET_BYTES = 64
MAX_BUTTON_TEXT = 64
T = TypeVar("T")
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CACHED = {
    "photo": ("photo_file_id", Kind.PHOTO),
    "mpeg4_gif": ("mpeg4_file_id", Kind.ANIMATION),
    "document": ("document_file_id", Kind.DOCUMENT),
}
_NEEDED = {
    "article": ("title",),
    "photo": ("photo_url", "thumbnail_url"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineResult:
    """One result, and the message that choosing it sends."""

    id: str
    type: str
    title: str = ""
    description: str = ""
    text: str = ""
    """The text, or the caption of the media."""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    shown: Media | None = None
    """What the offer looks like, which may lead to mere words."""
    keyboard: Keyboard | None = None
    is_out_of_reach: bool = False
    """Its picture lies elsewhere on the net, where nothing is fetched from."""


def parse_results(files: FileStore, given: Any) -> list[InlineResult]:
    """The `results` of `answerInlineQuery`.

    Raises:
        ApiError: 400 when Telegram would not take them.
    """
    if not isinstance(given, list):
        raise bad_request("expected an Array of inline query results")
    if len(given) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    results = [_parse(files, one) for one in given]
    if len({one.id for one in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    return results


def _parse(files: FileStore, given: Any) -> InlineResult:
    if not isinstance(given, dict):
        raise _unparsable("Inline query result must be an object")
    kind = given.get("type")
    number = given.get("id")
    if not isinstance(kind, str):
        raise _unparsable('Field "type" must be of type String')
    if not isinstance(number, str):
        raise _unparsable('Field "id" must be of type String')
    if not 1 <= len(number.encode()) <= MAX_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    title, description = given.get("title") or "", given.get("description") or ""
    text, marks = _words(given)
    media, says = _media(files, kind, given), "input_message_content" in given
    return InlineResult(
        id=number,
        type=kind,
        title=str(title),
        description=str(description),
        text=text,
        entities=marks,
        media=None if says else media,
        shown=media,
        keyboard=_keyboard(given.get("reply_markup")),
        is_out_of_reach=media is None and not says,
    )


def _media(files: FileStore, kind: str, given: Json) -> Media | None:
    """The cached file it shows; None for articles and what lies elsewhere."""
    if kind in _CACHED and (file_id := given.get(_CACHED[kind][0])):
        if kind == "document":
            _require(given, "title")
        return _explained(lambda: files.reuse(str(file_id), _CACHED[kind][1]))
    if kind in _CACHED and not given.get(f"{kind}_url"):
        _require(given, _CACHED[kind][0])
    if kind not in _NEEDED:
        raise _unparsable(f'type "{kind}" is unsupported for the inline query result')
    for name in _NEEDED[kind]:
        _require(given, name)
    return None


def _require(given: Json, name: str) -> None:
    if not given.get(name):
        raise _unparsable(f'Can\'t find field "{name}"')


def _words(given: Json) -> tuple[str, list[Entity]]:
    content = given.get("input_message_content")
    if content is None and given.get("type") != "article":
        return _explained(lambda: caption_of(given))
    if content is None:
        raise _unparsable('Can\'t find field "message_text"')
    if not isinstance(content, dict) or "message_text" not in content:
        raise _unparsable("Input message content is not specified")
    text, marks = _explained(lambda: formatted(content, "message_text", "entities"))
    if not text:
        raise _unparsable("Message text is empty")
    if len(text) > MAX_TEXT:
        raise bad_request("MESSAGE_TOO_LONG")
    return text, marks


def _keyboard(markup: Any) -> Keyboard | None:
    if markup is None:
        return None
    return _explained(lambda: parse_inline_keyboard(json.dumps(markup)))


def _explained(parse: Callable[[], T]) -> T:
    """What `parse` returns, its errors said to be those of a result."""
    try:
        return parse()
    except ApiError as exc:
        reason = exc.description.removeprefix("Bad Request: ")
        if reason.isupper():
            raise
        raise _unparsable(reason[:1].upper() + reason[1:]) from None


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse inline query result: {reason}")


def parse_button(given: Any) -> Json | None:
    """The button above the results, which leads into the private chat.

    Raises:
        ApiError: 400 when Telegram would not take it.
    """
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise bad_request("can't parse inline query results button: expected an Object")
    text, start = given["text"], given.get("start_parameter")
    if not text.strip() or len(text) > MAX_BUTTON_TEXT:
        raise bad_request(
            "SWITCH_PM_TEXT_EMPTY" if not text.strip() else ("SWITCH_PM_TEXT_INVALID")
        )
    if start is None:
        raise bad_request("exactly one of web_app and start_parameter must be used")
    if not _START.fullmatch(str(start)):
        raise bad_request("START_PARAM_INVALID" if start else "START_PARAM_EMPTY")
    return {"text": text, "start_parameter": str(start)}


def parse_offset(given: str) -> str:
    """The offset of the next page; empty: there is none.

    Raises:
        ApiError: 400 for one that is too long.
    """
    if len(given.encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")
    return given
