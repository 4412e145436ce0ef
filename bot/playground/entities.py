"""Formatted text: Telegram's HTML to entities and back, and what clients detect.

Offsets and lengths of entities count UTF-16 units.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise

from .errors import bad_request
from .world import Entity

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TOKEN = re.compile(r"<(/?)([^<>\s/]*)([^<>]*)>|&(#?\w+);?|<", re.ASCII)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*(?:=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")
_DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?P<bot_command>(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?"
    r"(?![\w/<>]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z0-9_]{3,32})"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
)
_WRAPPERS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "bot_command": ('<span class="command">', "</span>"),
    "mention": ('<span class="mention">', "</span>"),
    "hashtag": ('<span class="hashtag">', "</span>"),
}
_SAFE_LINK = re.compile(r"(https?|tg|mailto):", re.IGNORECASE)


def utf16_length(text: str) -> int:
    """How many UTF-16 units `text` takes."""
    return len(text) + sum(ord(letter) > 0xFFFF for letter in text)


def detect(text: str) -> list[Entity]:
    """Commands, mentions, links and hashtags, as Telegram marks them by itself."""
    return [
        {
            "type": match.lastgroup,
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for match in _DETECTED.finditer(text)
    ]


def merge_detected(text: str, given: list[Entity]) -> list[Entity]:
    """`given` and whatever `detect` finds outside of code and links."""
    taken = [e for e in given if e["type"] in ("code", "pre", "text_link")]
    free = [
        found
        for found in detect(text)
        if not any(
            one["offset"] < found["offset"] + found["length"]
            and found["offset"] < one["offset"] + one["length"]
            for one in taken
        )
    ]
    return sorted([*given, *free], key=lambda e: (e["offset"], -e["length"]))


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Telegram's HTML dialect as plain text and entities.

    Raises:
        ApiError: 400 with the words of Telegram about what cannot be parsed.
    """
    return _HtmlParser(source).parse()


class _HtmlParser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.plain: list[str] = []
        self.length = 0
        self.open: list[tuple[str, int, Entity | None]] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        position = 0
        for match in _TOKEN.finditer(self.source):
            self._add(self.source[position : match.start()])
            position = match.end()
            self._token(match)
        self._add(self.source[position:])
        if self.open:
            tag = self.open[-1][0]
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{tag}"')
        self.entities.sort(key=lambda e: (e["offset"], -e["length"]))
        return "".join(self.plain), self.entities

    def _add(self, text: str) -> None:
        self.plain.append(text)
        self.length += utf16_length(text)

    def _token(self, match: re.Match[str]) -> None:
        if match.group() == "<":
            raise _unparsable(f"Unclosed start tag at byte offset {self._at(match)}")
        if match.group(4) is not None:
            self._add(_reference(match.group(4)) or match.group())
        elif match.group(1):
            self._end(match)
        else:
            self._start(match)

    def _start(self, match: re.Match[str]) -> None:
        tag = match.group(2).lower()
        kind = _TAGS.get(tag)
        attributes = _attributes(match.group(3))
        if kind is None:
            raise _unparsable(
                f'Unsupported start tag "{tag}" at byte offset {self._at(match)}'
            )
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(
                'Tag "span" must have class "tg-spoiler" '
                f"at byte offset {self._at(match)}"
            )
        self.open.append((tag, self.length, _entity(kind, attributes)))

    def _end(self, match: re.Match[str]) -> None:
        tag = match.group(2).lower()
        if not self.open:
            raise _unparsable(f"Unexpected end tag at byte offset {self._at(match)}")
        started, offset, entity = self.open.pop()
        if tag not in ("", started):
            raise _unparsable(
                f"Unmatched end tag at byte offset {self._at(match)}, "
                f'expected "</{started}>", found "</{tag}>"'
            )
        if entity is not None and self.length > offset:
            entity |= {"offset": offset, "length": self.length - offset}
            self.entities.append(entity)

    def _at(self, match: re.Match[str]) -> int:
        return len(self.source[: match.start()].encode())


def _entity(kind: str, attributes: dict[str, str]) -> Entity | None:
    if kind == "text_link":
        url = attributes.get("href", "")
        return {"type": kind, "url": url} if url else None
    if kind == "custom_emoji":
        return {"type": kind, "custom_emoji_id": attributes.get("emoji-id", "")}
    if kind == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    return {"type": kind}


def _attributes(source: str) -> dict[str, str]:
    return {
        match.group(1).lower(): html.unescape((match.group(2) or "").strip("\"'"))
        for match in _ATTRIBUTE.finditer(source)
    }


def _reference(name: str) -> str | None:
    if name in _NAMED:
        return _NAMED[name]
    if name.startswith("#"):
        decoded = html.unescape(f"&{name};")
        return None if decoded.startswith("&") else decoded
    return None


def _unparsable(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def strip(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without the blank margin that Telegram cuts off; entities follow."""
    lead = utf16_length(text) - utf16_length(text.lstrip())
    trimmed = text.strip()
    end = utf16_length(trimmed)
    moved = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        stop = min(entity["offset"] - lead + entity["length"], end)
        if stop > start:
            moved.append(entity | {"offset": start, "length": stop - start})
    return trimmed, moved


def to_html(text: str, entities: list[Entity]) -> str:
    """Safe HTML for the chat page: only tags of this module, text escaped."""
    return "".join(_render(text, entities))


def _render(text: str, entities: list[Entity]) -> Iterator[str]:
    units = text.encode("utf-16-le")
    ordered = sorted(entities, key=lambda e: (e["offset"], -e["length"]))
    edges = {0, len(units) // 2}
    for entity in ordered:
        edges |= {entity["offset"], entity["offset"] + entity["length"]}
    stack: list[Entity] = []
    for start, stop in pairwise(sorted(edges)):
        active = [e for e in ordered if e["offset"] <= start and stop <= _stop(e)]
        shared = 0
        while stack[shared : shared + 1] == active[shared : shared + 1] != []:
            shared += 1
        yield from (_wrapper(entity)[1] for entity in reversed(stack[shared:]))
        yield from (_wrapper(entity, text)[0] for entity in active[shared:])
        yield html.escape(units[2 * start : 2 * stop].decode("utf-16-le", "replace"))
        stack = active
    yield from (_wrapper(entity)[1] for entity in reversed(stack))


def _stop(entity: Entity) -> int:
    return int(entity["offset"] + entity["length"])


def _wrapper(entity: Entity, text: str = "") -> tuple[str, str]:
    kind = entity["type"]
    if kind in ("url", "text_link"):
        url = entity.get("url") or slice_of(text, entity)
        if not _SAFE_LINK.match(url) and text:
            url = "about:blank"
        link = html.escape(url, quote=True)
        return f'<a href="{link}" target="_blank" rel="noopener noreferrer">', "</a>"
    return _WRAPPERS.get(kind, ("", ""))


def slice_of(text: str, entity: Entity) -> str:
    """The part of `text` that the entity marks."""
    units = text.encode("utf-16-le")
    start = 2 * entity["offset"]
    return units[start : start + 2 * entity["length"]].decode("utf-16-le", "replace")
