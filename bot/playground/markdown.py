"""Telegram's MarkdownV2 as plain text and entities (no quotes, no custom emoji)."""

from __future__ import annotations

import re

from .entities import utf16_length
from .errors import bad_request
from .world import Entity

_MARKS = {
    "*": "bold",
    "_": "italic",
    "__": "underline",
    "~": "strikethrough",
    "||": "spoiler",
    "`": "code",
    "```": "pre",
    "[": "text_link",
}
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
}
_VERBATIM = ("code", "pre")
_TOKEN = re.compile(r"\\([\x01-\x7e])|```|__|\|\||[*_~`\[\]]|([()>#+=|{}.!-])")
_LANGUAGE = re.compile(r"(\w+)\n")


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """MarkdownV2 as plain text and entities.

    Raises:
        ApiError: 400 with the words of Telegram about what cannot be parsed.
    """
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.plain = ""
        self.open: list[tuple[str, int, int]] = []
        """Kind, offset in the plain text, and byte offset in the source."""
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while match := _TOKEN.search(self.source, self.at):
            self.plain += self.source[self.at : match.start()]
            self.at = match.end()
            self._token(match)
        self.plain += self.source[self.at :]
        if self.open:
            raise self._endless(*self.open[-1])
        self.entities.sort(key=lambda e: (e["offset"], -e["length"]))
        return self.plain, self.entities

    def _token(self, match: re.Match[str]) -> None:
        sign, escaped, reserved = match.group(), match.group(1), match.group(2)
        kind = self.open[-1][0] if self.open else ""
        if escaped is not None:
            self.plain += escaped
        elif kind in _VERBATIM and _MARKS.get(sign) != kind:
            self.plain += sign
        elif kind == "text_link" and sign == "]":
            self._close(self._address())
        elif reserved is not None or sign == "]":
            raise _unparsable(
                f"Character '{sign}' is reserved and must be escaped "
                "with the preceding '\\'"
            )
        elif _MARKS[sign] == kind:
            self._close({})
        else:
            self._begin(_MARKS[sign], match.start())

    def _begin(self, kind: str, start: int) -> None:
        if kind == "pre" and (language := _LANGUAGE.match(self.source, self.at)):
            self.at = language.end()
        offset = utf16_length(self.plain)
        self.open.append((kind, offset, len(self.source[:start].encode())))

    def _close(self, more: Entity) -> None:
        kind, offset, _ = self.open.pop()
        length = utf16_length(self.plain) - offset
        if length:
            marked = {"type": kind, "offset": offset, "length": length}
            self.entities.append(marked | more)

    def _address(self) -> Entity:
        """What stands in round brackets behind the words of a link."""
        end = self.source.find(")", self.at)
        if not self.source.startswith("(", self.at) or end < 0:
            raise _unparsable(
                "Can't find end of a URL at byte offset "
                + str(len(self.source[: self.at].encode()))
            )
        url, self.at = self.source[self.at + 1 : end], end + 1
        return {"url": url.replace("\\", "")}

    def _endless(self, kind: str, offset: int, byte: int) -> Exception:
        return _unparsable(
            f"Can't find end of {_NAMES[kind]} entity at byte offset {byte}"
        )


def _unparsable(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")
