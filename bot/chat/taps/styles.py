"""`StyleTaps`: the buttons of the gallery and of saved styles."""

from __future__ import annotations

from telegram import Message

from stylecore.errors import PictureError

from ...delivery.owed import Keyboard
from ...delivery.status import StatusEdit
from ...gallery.styles import style_of
from ...jobs.job import Job
from ...storage.errors import StorageError
from ..callbacks import Action
from ..clerk import Clerk
from ..desk import Desk
from ..drafts import Owner
from ..groups.words import is_group
from ..styles.handlers import Styles
from ..styles.pages import NEW, Place, Section, place_of, style_keyboard
from ..styles.putting import put_style
from ..styles.shelf import MOST_SAVED, ShelfFull, StylePicture
from .tap import Handlers, Tap

_DAY_S = 86_400.0


class StyleTaps:
    """Pages, picking, saving, naming and deleting."""

    def __init__(self, desk: Desk, styles: Styles, clerk: Clerk) -> None:
        self._desk = desk
        self._styles = styles
        self._shelf = styles.shelf
        self._clerk = clerk

    def handlers(self) -> Handlers:
        """By action."""
        return Handlers(
            jobs={Action.SAVE: self._save},
            own={
                Action.GALLERY: self._gallery,
                Action.PICK: self._pick,
                Action.NAME: self._name,
                Action.UNSAVE: self._unsave,
            },
        )

    async def _gallery(self, tap: Tap) -> None:
        """Sends the gallery, turns to a page, or opens one saved style."""
        argument = tap.press.argument
        if argument == NEW and (owner := _owner(tap)) is not None:
            await tap.answer()
            await self._styles.gallery.send(owner, tap.key, tap.texts)
        elif argument.startswith("i_"):
            await self._open(tap, argument.removeprefix("i_"))
        elif (place := place_of(argument)) is not None:
            await self._turn(tap, place)
        else:
            await tap.answer(tap.texts.toast_old())

    async def _turn(self, tap: Tap, place: Place) -> None:
        page = await self._styles.gallery.find(tap.texts, tap.user_id, place)
        if page is None:
            recent = place.section is Section.RECENT
            texts = tap.texts
            await tap.answer(
                texts.toast_no_recent() if recent else texts.toast_no_saved()
            )
            return
        await tap.answer()
        if (message := _message(tap)) is not None:
            gallery = self._styles.gallery
            await gallery.turn(message, tap.texts, tap.user_id, page)

    async def _open(self, tap: Tap, style_id: str) -> None:
        """Shows what can be done with one saved style, below the sheet."""
        saved = await self._shelf.saved(tap.user_id)
        codes = [style.code for style in saved]
        code = f"s_{style_id}"
        if code not in codes:
            await tap.answer(tap.texts.toast_style_gone())
            return
        await tap.answer()
        number = codes.index(code) + 1
        words = tap.texts.style_page(number, saved[number - 1].name)
        self._edit(tap, words, style_keyboard(tap.texts, tap.user_id, code))

    async def _pick(self, tap: Tap) -> None:
        """Makes a style the painting of the next pair."""
        owner, code = _owner(tap), tap.press.argument
        if owner is None:
            await tap.answer(tap.texts.toast_old())
            return
        drawn = code.startswith("g_") and style_of(code[2:]) is not None
        if drawn:
            await tap.answer()  # to draw it may take a moment
        try:
            style = await self._shelf.picture(code, tap.user_id)
        except (PictureError, StorageError):
            style = None
        if style is not None:
            if not drawn:
                await tap.answer()
            await self._put(tap, owner, style)
        elif drawn:
            await self._desk.say_to(owner, tap.key, tap.texts.style_gone())
        else:
            await tap.answer(tap.texts.toast_style_gone())

    async def _put(self, tap: Tap, owner: Owner, style: StylePicture) -> None:
        user = tap.query.from_user
        language = self._desk.languages.of(user.id, user.language_code)
        async with self._desk.db.transaction() as tx:
            await put_style(
                self._desk, tx, owner, style, key=tap.key, language=language
            )
        self._desk.outbox.wake()
        self._clerk.wake()

    async def _save(self, tap: Tap, job: Job) -> None:
        """Keeps the painting of a result, and asks what to call it."""
        if await self._shelf.is_built_in(job.style):
            await tap.answer(tap.texts.toast_always_there())
        elif not await self._desk.pictures.exists(job.style):
            await tap.answer(tap.texts.toast_pictures_gone())
        else:
            try:
                new = await self._keep(tap, job)
            except ShelfFull:
                await tap.answer(tap.texts.toast_shelf_full(MOST_SAVED))
            else:
                await tap.answer(None if new else tap.texts.toast_saved_already())
                self._desk.outbox.wake()

    async def _keep(self, tap: Tap, job: Job) -> bool:
        """Whether it was not kept before; raises `ShelfFull`."""
        owner, reply_to = _place(tap, job)
        async with self._desk.db.transaction() as tx:
            style, new = await self._shelf.save(
                tx, tap.user_id, job.style, job.style_name
            )
            if new and style.name is not None:
                words = tap.texts.saved_as(style.name)
                await self._desk.owe_text(tx, owner, tap.key, words, reply_to=reply_to)
            elif new:
                await self._styles.naming.ask(
                    tx,
                    owner,
                    style.id,
                    tap.update_id,
                    tap.texts.saved_question(),
                    tap.texts.name_placeholder(),
                    reply_to=reply_to,
                )
        return new

    async def _name(self, tap: Tap) -> None:
        """Asks for another name."""
        owner = _owner(tap)
        style = await self._shelf.mine(tap.press.argument, tap.user_id)
        if style is None or owner is None:
            await tap.answer(tap.texts.toast_style_gone())
            return
        await tap.answer()
        async with self._desk.db.transaction() as tx:
            await self._styles.naming.ask(
                tx,
                owner,
                style.id,
                tap.update_id,
                tap.texts.name_question(style.name),
                tap.texts.name_placeholder(),
            )
        self._desk.outbox.wake()

    async def _unsave(self, tap: Tap) -> None:
        """Deletes a saved style, with its picture unless somebody needs that."""
        kept_for_s = self._desk.retention_days * _DAY_S
        style_id, user_id = tap.press.argument, tap.user_id
        if await self._shelf.mine(style_id, user_id) is None:
            await tap.answer(tap.texts.toast_style_gone())
            return
        await tap.answer()
        await self._shelf.remove(style_id, user_id, kept_for_s)
        await self._styles.prints.forget(user_id)
        place = Place(section=Section.CHANGING)
        page = await self._styles.gallery.find(tap.texts, user_id, place)
        if page is None:
            page = await self._styles.gallery.find(
                tap.texts, user_id, Place(section=Section.BUILT_IN)
            )
        if page is not None and (message := _message(tap)) is not None:
            await self._styles.gallery.turn(message, tap.texts, user_id, page)

    def _edit(self, tap: Tap, words: str, keyboard: Keyboard) -> None:
        if (message := _message(tap)) is not None:
            edit = StatusEdit(
                chat_id=message[0],
                message_id=message[1],
                text=words,
                keyboard=keyboard,
            )
            self._desk.board.show(edit, urgent=True)


def _message(tap: Tap) -> tuple[int, int] | None:
    """The chat and the number of the message with the button."""
    message = tap.query.message
    return None if message is None else (message.chat.id, message.message_id)


def _owner(tap: Tap) -> Owner | None:
    """Whose draft a tap is about, in the chat and topic of its button."""
    message = tap.query.message
    if message is None:
        return None
    thread_id = None
    if isinstance(message, Message) and message.is_topic_message:
        thread_id = message.message_thread_id
    return Owner(chat_id=message.chat.id, user_id=tap.user_id, thread_id=thread_id or 0)


def _place(tap: Tap, job: Job) -> tuple[Owner, int | None]:
    """Where to ask for a name, and in a group, as an answer to what: a result that
    was brought back in private may come from a group."""
    message = tap.query.message
    if message is not None and message.chat.id != job.chat_id:
        return Owner(chat_id=message.chat.id, user_id=tap.user_id), None
    owner = Owner(
        chat_id=job.chat_id, user_id=tap.user_id, thread_id=job.thread_id or 0
    )
    return owner, (job.reply_to or None) if is_group(job.chat_id) else None
