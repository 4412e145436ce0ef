"""`Styles`: /styles, and what offers styles along with something else."""

from __future__ import annotations

from telegram import Update

from ...delivery.owed import Kind, Owed
from ...storage.errors import StorageError
from ..desk import Context, Desk, owner_of
from .gallery import Gallery
from .naming import Naming
from .pages import choosing_keyboard
from .prints import Prints, SheetPainter
from .shelf import Shelf

COMMAND = "styles"

_OFFERED = 3
"""So many styles used before are offered with every photo."""


class Styles:
    """What the chat needs to show styles; `show` and `in_group` are handlers."""

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

    async def greeting(self, update: Update, words: str) -> Owed:
        """The words below a picture of what the bot does, if that can be kept."""
        owner, texts = owner_of(update), self._desk.texts_of(update)
        try:
            poster = await self.prints.poster()
        except StorageError:
            poster = None
        return Owed(
            key=f"update:{update.update_id}",
            chat_id=owner.chat_id,
            thread_id=owner.thread_id or None,
            kind=Kind.PHOTO if poster else Kind.TEXT,
            text=words,
            file=poster,
            file_name="stylebot.jpg" if poster else None,
            keyboard=choosing_keyboard(texts, owner.user_id),
        )

    async def choice(self, update: Update) -> Owed:
        """Asks for the painting, with the styles used before one tap away."""
        owner, texts = owner_of(update), self._desk.texts_of(update)
        recent = await self.shelf.recent(owner.user_id, _OFFERED)
        return Owed(
            key=f"update:{update.update_id}",
            chat_id=owner.chat_id,
            thread_id=owner.thread_id or None,
            kind=Kind.TEXT,
            text=texts.took_photo(),
            keyboard=choosing_keyboard(texts, owner.user_id, recent),
        )

    async def in_group(self, update: Update, context: Context) -> None:
        """Points to the private chat, if named: a group need not read along."""
        message = update.effective_message
        if message is not None and "@" in (message.text or "").split()[0]:
            words = self._desk.texts_of(update).styles_in_private(context.bot.username)
            await self._desk.say(update, words)
