"""`Gallery`: shows a page of styles, as a new message or in place of the one before."""

from __future__ import annotations

import logging

from stylecore.errors import PictureError

from ...delivery.owed import Kind, Owed
from ...delivery.status import StatusEdit
from ...storage.errors import StorageError
from ..desk import Desk
from ..drafts import Owner
from ..texts import Texts
from .pages import Page, Place, Section, caption, find_page, keyboard
from .prints import Prints
from .shelf import Shelf

log = logging.getLogger(__name__)


class Gallery:
    """A contact sheet with a button for each number."""

    def __init__(self, desk: Desk, shelf: Shelf, prints: Prints) -> None:
        self._desk = desk
        self._shelf = shelf
        self._prints = prints

    async def send(self, owner: Owner, key: str, texts: Texts) -> None:
        """Owes the first page of the built-in styles."""
        place = Place(section=Section.BUILT_IN)
        page = await self.find(texts, owner.user_id, place)
        if page is None:
            raise RuntimeError("there are no built-in styles")
        sheet = await self._sheet(owner.user_id, page)
        message = Owed(
            key=key,
            chat_id=owner.chat_id,
            user_id=owner.user_id,
            thread_id=owner.thread_id or None,
            kind=Kind.PHOTO if sheet else Kind.TEXT,
            text=caption(texts, page),
            file=sheet,
            file_name="styles.jpg" if sheet else None,
            keyboard=keyboard(texts, owner.user_id, page),
        )
        async with self._desk.db.transaction() as tx:
            await self._desk.outbox.put(tx, message)
        self._desk.outbox.wake()

    async def find(self, texts: Texts, user_id: int, place: Place) -> Page | None:
        """The page, or the last of its section; None if there is nothing on it."""
        return await find_page(self._shelf, texts, user_id, place)

    async def turn(
        self, message: tuple[int, int], texts: Texts, user_id: int, page: Page
    ) -> None:
        """Makes a message (its chat and number) that page."""
        sheet = await self._sheet(user_id, page)
        self._desk.board.show(
            StatusEdit(
                chat_id=message[0],
                message_id=message[1],
                text=caption(texts, page),
                photo=self._prints.path(sheet) if sheet else None,
                keyboard=keyboard(texts, user_id, page),
            ),
            urgent=True,
        )

    async def _sheet(self, user_id: int, page: Page) -> str | None:
        """The picture of a page; None if there cannot be one just now."""
        styles = [entry.style for entry in page.entries if entry.style is not None]
        try:
            if page.place.section is Section.BUILT_IN:
                return await self._prints.built_in(page.place.number)
            first = page.entries[0].number
            return await self._prints.of_person(user_id, styles, first)
        except (PictureError, StorageError) as exc:
            log.warning("a page of styles has no picture: %s", type(exc).__name__)
            return None
