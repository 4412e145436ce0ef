"""Words with their entities, out of the fields of a call."""

from __future__ import annotations

import json
from typing import Any

from . import entities
from .errors import bad_request
from .markdown import parse_markdown
from .world import Entity, Json

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100


def caption_of(values: Json) -> tuple[str, list[Entity]]:
    """The caption among the fields of a call or an `InputMedia`.

    Raises:
        ApiError: 400 when it is too long or not parsable.
    """
    text, marks = formatted(values, "caption", "caption_entities")
    if len(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text, marks


def formatted(values: Json, words: str, marks: str) -> tuple[str, list[Entity]]:
    """Text and entities from the fields `words`, `marks` and `parse_mode`."""
    source = str(values.get(words) or "")
    mode = str(values.get("parse_mode") or "").lower()
    if not mode:
        text, given = source, _given_entities(values.get(marks), source)
    elif mode == "markdownv2":
        text, given = parse_markdown(source)
    elif mode == "html":
        text, given = entities.parse_html(source)
    else:
        raise bad_request("unsupported parse_mode")
    text, given = entities.strip(text, given)
    return text, entities.merge_detected(text, given)[:MAX_ENTITIES]


def _given_entities(given: Any, text: str) -> list[Entity]:
    try:
        listed = json.loads(given) if isinstance(given, str) and given else given
    except ValueError:
        raise bad_request("can't parse entities JSON object") from None
    if not listed:
        return []
    end = entities.utf16_length(text)
    for entity in listed:
        if not isinstance(entity, dict) or "type" not in entity:
            raise bad_request("can't parse entities: Object expected")
        start, length = entity.get("offset"), entity.get("length")
        if not (isinstance(start, int) and isinstance(length, int)):
            raise bad_request("can't parse entities: Field must be a Number")
        if start < 0 or length < 1 or start + length > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end "
                f"of the text at UTF-16 offset {start + length}"
            )
    return [dict(entity) for entity in listed]
