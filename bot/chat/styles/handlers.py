"""`Styles`: /styles, and replies that name a style."""

from __future__ import annotations

from telegram import Update

from ..desk import Context, Desk, owner_of
from .gallery import Gallery
from .naming import Naming
from .prints import Prints, SheetPainter
from .shelf import Shelf

COMMAND = "styles"


class Styles:
    """Message handlers; each owes one answer."""

    def __init__(self, desk: Desk, shelf: Shelf, painter: SheetPainter) -> None:
        self.shelf = shelf
        self.prints = Prints(desk.data_dir, desk.pictures, painter)
        self.gallery = Gallery(desk, shelf, self.prints)
        self.naming = Naming(desk, shelf)
        self._desk = desk

    async def show(self, update: Update, _: Context) -> None:
        """Shows the built-in styles."""
        texts, key = self._desk.texts_of(update), f"update:{update.update_id}"
        await self.gallery.send(owner_of(update), key, texts)

    async def in_group(self, update: Update, context: Context) -> None:
        """Points to the private chat, if named: a group need not read along."""
        message = update.effective_message
        if message is not None and "@" in (message.text or "").split()[0]:
            words = self._desk.texts_of(update).styles_in_private(context.bot.username)
            await self._desk.say(update, words)

    async def reply_in_group(self, update: Update, context: Context) -> None:
        """Takes a reply as a name; any other is none of our business."""
        await self.naming.answer(update, context)
