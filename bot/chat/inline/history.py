"""`History`: the last results of a person, again as photos, in private only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import aiofiles.os
from telegram import Update

from ...delivery.owed import Button, Keyboard, Kind, Owed, Part
from .. import debts
from ..callbacks import Action, Press
from ..desk import Context, Desk, owner_of
from ..keyboards import result_keyboard
from ..taps.tap import Handlers, Tap
from ..texts import Texts
from . import links, store
from .store import Painting

_PAGE = 10
_IN_A_ROW = 5
_LAST_PAGE = 999
_JOB = "j_"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Some results, numbered from `first`."""

    number: int
    found: tuple[Painting, ...]
    more: bool

    @property
    def first(self) -> int:
        return self.number * _PAGE + 1

    @property
    def last(self) -> int:
        return self.number * _PAGE + len(self.found)


class History:
    """/history, and the buttons below what it brings.

    Whatever chat a press seems to come from, the answer goes to the person in private.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> Handlers:
        """By action."""
        return Handlers(own={Action.HISTORY: self._tap})

    async def show(self, update: Update, _: Context) -> None:
        """In private: the newest results."""
        user_id, key = owner_of(update).user_id, f"update:{update.update_id}"
        texts = self._desk.texts_of(update)
        page = await self._page(user_id, 0)
        if page.found:
            await self._owe(_messages(texts, user_id, key, page))
        else:
            await self._desk.say(update, texts.history_empty())

    async def point_to_private(self, update: Update, context: Context) -> None:
        """In a group: says where to ask, if named; it may be meant for another bot."""
        texts, owner = self._desk.texts_of(update), owner_of(update)
        message = update.effective_message
        if message is None or "@" not in (message.text or "").split()[0]:
            return
        link = links.start_link(context.bot.username, links.HISTORY)
        hint = Owed(
            key=f"update:{update.update_id}",
            chat_id=owner.chat_id,
            user_id=owner.user_id,
            thread_id=owner.thread_id or None,
            reply_to=message.message_id,
            kind=Kind.TEXT,
            text=texts.history_in_private(),
            keyboard=((Button(texts.history_in_private_button(), url=link),),),
        )
        await self._owe([hint])

    async def _tap(self, tap: Tap) -> None:
        """Turns the page, or brings one result back."""
        argument = tap.press.argument
        if argument.startswith(_JOB):
            await self._bring(tap, argument.removeprefix(_JOB))
        elif argument.isdecimal() and int(argument) <= _LAST_PAGE:
            await self._turn(tap, int(argument))
        else:
            await tap.answer(tap.texts.toast_old())

    async def _turn(self, tap: Tap, number: int) -> None:
        page = await self._page(tap.user_id, number)
        if not page.found:
            await tap.answer(tap.texts.history_no_more())
            return
        await tap.answer()
        await self._owe(_messages(tap.texts, tap.user_id, tap.key, page))

    async def _bring(self, tap: Tap, job_id: str) -> None:
        """The result once more, with its buttons."""
        painting = await store.painting(self._desk.db, tap.user_id, job_id)
        job = await self._desk.queue.get(job_id)
        if painting is None or job is None or not await self._is_kept(painting):
            await tap.answer(tap.texts.toast_pictures_gone())
            return
        await tap.answer()
        caption = debts.result_caption(job, untrained=self._desk.studio.untrained)
        if job.chat_id == tap.user_id:
            keyboard = result_keyboard(tap.texts, job)
        else:
            keyboard = _passing_on(tap.texts, job_id)
        again = replace(
            debts.picture(job, caption, keyboard),
            key=tap.key,
            chat_id=tap.user_id,
            thread_id=None,
            reply_to=None,
            kind=painting.kind,
            file_id=painting.file_id,
        )
        await self._owe([again])

    async def _page(self, user_id: int, number: int) -> _Page:
        rows = await store.paintings(
            self._desk.db, user_id, limit=_PAGE + 1, offset=number * _PAGE
        )
        kept = [row for row in rows if await self._is_kept(row)]
        return _Page(number=number, found=tuple(kept[:_PAGE]), more=len(kept) > _PAGE)

    async def _is_kept(self, painting: Painting) -> bool:
        """Whether it can still be shown."""
        file = self._desk.data_dir / painting.photo
        return painting.file_id is not None or await aiofiles.os.path.exists(file)

    async def _owe(self, messages: Sequence[Owed]) -> None:
        async with self._desk.db.transaction() as tx:
            await self._desk.outbox.put(tx, *messages)
        self._desk.outbox.wake()


def _messages(texts: Texts, user_id: int, key: str, page: _Page) -> list[Owed]:
    """An album, which takes no buttons, and below it the buttons; or one photo."""
    numbered = list(enumerate(page.found, start=page.first))
    photos = [_part(texts, n, p) for n, p in numbered if p.kind is Kind.PHOTO]
    keyboard = _keyboard(texts, user_id, page)
    if len(page.found) == 1:
        words = texts.history_single(page.first)
    else:
        words = texts.history(page.first, page.last)
    below = Owed(
        key=key, chat_id=user_id, kind=Kind.TEXT, text=words, keyboard=keyboard
    )
    if len(photos) > 1:
        album = Owed(
            key=f"{key}:album", chat_id=user_id, kind=Kind.ALBUM, parts=tuple(photos)
        )
        return [album, replace(below, after=album.key)]
    for part in photos:
        below = replace(below, kind=Kind.PHOTO, file=part.file, file_id=part.file_id)
    return [below]


def _part(texts: Texts, number: int, painting: Painting) -> Part:
    words = texts.history_item(number, painting.strength, painting.style_name)
    return Part(file=painting.photo, file_id=painting.file_id, text=words)


def _keyboard(texts: Texts, user_id: int, page: _Page) -> Keyboard:
    """A number for each result, then the neighbouring pages."""
    numbers = [
        Button(str(number), _press(user_id, f"{_JOB}{painting.job_id}"))
        for number, painting in enumerate(page.found, start=page.first)
    ]
    rows = [tuple(numbers[at : at + _IN_A_ROW]) for at in range(0, _PAGE, _IN_A_ROW)]
    turns = []
    if page.number > 0:
        turns.append(
            Button(texts.history_newer_button(), _press(user_id, str(page.number - 1)))
        )
    if page.more:
        turns.append(
            Button(texts.history_older_button(), _press(user_id, str(page.number + 1)))
        )
    return tuple(row for row in [*rows, tuple(turns)] if row)


def _press(user_id: int, argument: str) -> str:
    return Press(Action.HISTORY, str(user_id), argument).encode()


def _passing_on(texts: Texts, job_id: str) -> Keyboard:
    """For a result of a group: what its other buttons do belongs there."""
    compare = Press(Action.COMPARE, job_id).encode()
    return (
        (Button(texts.share_button(), share=job_id),),
        (Button(texts.compare_button(), compare),),
    )
