"""The pages of the gallery: which styles, in what words, with which buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ...delivery.owed import Button, Keyboard
from ...gallery import prints
from ...gallery.sheet import COLUMNS
from ..callbacks import Action, Press
from ..texts import Texts
from .shelf import Shelf, StylePicture

NEW = "new"
"""The argument of a button that sends the gallery as a new message."""


class Section(StrEnum):
    """The first letter of a page's name."""

    BUILT_IN = "b"
    MINE = "m"
    CHANGING = "e"
    """A person's own styles, to rename or delete one."""
    RECENT = "r"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which page; as text `b0`, the first of the built-in styles."""

    section: Section
    number: int = 0

    def __str__(self) -> str:
        return f"{self.section.value}{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One style on a page."""

    number: int
    code: str
    name: str | None
    """Plain text."""
    style: StylePicture | None = None
    """None for a built-in one, whose picture may not have been drawn yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """At least one style."""

    place: Place
    pages: int
    """How many the section has."""
    entries: tuple[Entry, ...]


def place_of(argument: str) -> Place | None:
    """Reads a page's name; None if it is none."""
    section, number = argument[:1], argument[1:]
    if section not in set(Section) or not number.isdecimal() or len(number) > 3:
        return None
    return Place(section=Section(section), number=int(number))


async def find_page(
    shelf: Shelf, texts: Texts, user_id: int, place: Place
) -> Page | None:
    """The page, or the last one there is; None if the section is empty."""
    entries = await _entries(shelf, texts, user_id, place.section)
    pages = -(-len(entries) // prints.PER_PAGE)
    if not entries:
        return None
    number = min(place.number, pages - 1)
    first = number * prints.PER_PAGE
    return Page(
        place=Place(section=place.section, number=number),
        pages=pages,
        entries=tuple(entries[first : first + prints.PER_PAGE]),
    )


async def _entries(
    shelf: Shelf, texts: Texts, user_id: int, section: Section
) -> list[Entry]:
    if section is Section.BUILT_IN:
        slugs = [style.slug for page in prints.pages() for style in page]
        return [
            Entry(number=number, code=f"g_{slug}", name=texts.style_name(slug))
            for number, slug in enumerate(slugs, 1)
        ]
    recent = section is Section.RECENT
    styles = (
        await shelf.recent(user_id, prints.PER_PAGE)
        if recent
        else await shelf.saved(user_id)
    )
    return [
        Entry(number=number, code=each.code, name=each.called(texts), style=each)
        for number, each in enumerate(styles, 1)
    ]


def caption(texts: Texts, page: Page) -> str:
    """The words of a page, HTML."""
    say = {
        Section.BUILT_IN: texts.gallery,
        Section.MINE: texts.gallery_mine,
        Section.CHANGING: texts.gallery_changing,
        Section.RECENT: texts.gallery_recent,
    }[page.place.section]
    return say([(entry.number, entry.name) for entry in page.entries])


def keyboard(texts: Texts, user_id: int, page: Page) -> Keyboard:
    """Numbers as they stand in the sheet, the way through the pages, the sections."""
    numbers = [_number(user_id, page, entry) for entry in page.entries]
    rows = [tuple(numbers[at : at + COLUMNS]) for at in range(0, len(numbers), COLUMNS)]
    if page.pages > 1:
        rows.append(_turning(user_id, page))
    if page.place.section is Section.MINE:
        change = Place(section=Section.CHANGING, number=page.place.number)
        rows.append((_turn(texts.change_button(), user_id, change),))
    rows.append(_sections(texts, user_id, page.place.section))
    return tuple(rows)


def _number(user_id: int, page: Page, entry: Entry) -> Button:
    """Puts the style in place or, where styles are changed, opens it."""
    if page.place.section is Section.CHANGING:
        data = Press(Action.GALLERY, str(user_id), f"i{entry.code[1:]}")
    else:
        data = Press(Action.PICK, str(user_id), entry.code)
    return Button(str(entry.number), data.encode())


def _turning(user_id: int, page: Page) -> tuple[Button, ...]:
    """To the page before and the one after, in a ring."""
    section, number = page.place.section, page.place.number
    before, after = (
        Place(section=section, number=(number + step) % page.pages) for step in (-1, 1)
    )
    return (_turn("◀", user_id, before), _turn("▶", user_id, after))


def _sections(texts: Texts, user_id: int, here: Section) -> tuple[Button, ...]:
    """Back to a person's own styles while one is changed; else the three kinds."""
    if here is Section.CHANGING:
        mine = Place(section=Section.MINE)
        return (_turn(texts.back_button(), user_id, mine),)
    labels: Sequence[tuple[Section, str]] = (
        (Section.BUILT_IN, texts.built_in_button()),
        (Section.MINE, texts.mine_button()),
        (Section.RECENT, texts.recent_button()),
    )
    return tuple(
        _turn(
            texts.chosen(label) if section is here else label,
            user_id,
            Place(section=section),
        )
        for section, label in labels
    )


def _turn(label: str, user_id: int, place: Place) -> Button:
    return Button(label, Press(Action.GALLERY, str(user_id), str(place)).encode())


def style_keyboard(texts: Texts, user_id: int, code: str) -> Keyboard:
    """What can be done with one saved style."""
    person, style_id = str(user_id), code.partition("_")[2]
    return (
        (Button(texts.use_style_button(), Press(Action.PICK, person, code).encode()),),
        (
            Button(
                texts.rename_button(), Press(Action.NAME, person, style_id).encode()
            ),
            Button(
                texts.delete_style_button(),
                Press(Action.UNSAVE, person, style_id).encode(),
            ),
        ),
        (_turn(texts.back_button(), user_id, Place(section=Section.CHANGING)),),
    )


def choosing_keyboard(
    texts: Texts, user_id: int, recent: Sequence[StylePicture] = ()
) -> Keyboard:
    """Below a request for the painting: styles used before, and the gallery.

    Of styles without a name only the very last can be told apart by words.
    """
    labels = [each.called(texts) for each in recent]
    if labels and labels[0] is None:
        labels[0] = texts.last_painting_button()
    offered = tuple(
        (Button(label, Press(Action.PICK, str(user_id), each.code).encode()),)
        for label, each in zip(labels, recent, strict=True)
        if label is not None
    )
    gallery = Press(Action.GALLERY, str(user_id), NEW).encode()
    return (*offered, (Button(texts.choose_style_button(), gallery),))
