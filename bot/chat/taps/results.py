"""`ResultTaps`: what can be made of a result, and whose colours a picture gets."""

from __future__ import annotations

from dataclasses import dataclass, replace

import aiofiles
import aiofiles.os

from ...delivery.status import StatusEdit
from ...executors.base import Palette
from ...jobs.job import Job
from ...storage.errors import StorageFull
from .. import debts, orders, store
from ..callbacks import Action
from ..desk import Desk
from ..groups.words import card_words
from ..keyboards import result_keyboard
from ..store import Card
from ..studio import WORTHWHILE
from ..texts import Refusal
from .keeping import begun_from, keep
from .repainting import paint_again
from .tap import Handlers, Tap

_PALETTES = frozenset(palette.value for palette in Palette)
_LARGEST_PICTURE_BYTES = 20_000_000
"""What is larger could not be read again."""


class ResultTaps:
    """Colours, a larger size, the clip, and what comes next."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def handlers(self) -> Handlers:
        """By action."""
        return Handlers(
            cards={Action.COLORS: self._colors},
            jobs={
                Action.MORE: self._more,
                Action.RECOLOR: self._recolor,
                Action.LARGER: self._larger,
                Action.FILM: self._film,
                Action.NEXT: self._next,
                Action.BLEND: self._blend,
            },
        )

    async def _colors(self, tap: Tap, card: Card) -> None:
        """Chooses whose colours the picture of a card gets."""
        if tap.press.argument not in _PALETTES:
            await tap.answer(tap.texts.toast_old())
            return
        await tap.answer()
        changed = replace(card, colors=tap.press.argument)
        if changed != card:
            await orders.change_card(self._desk, changed)
            self._desk.show_card(changed, card_words(tap.texts, changed))

    async def _more(self, tap: Tap, job: Job) -> None:
        """Unfolds the buttons of a result, or folds them."""
        await tap.answer()
        message = tap.query.message
        if message is None:
            return
        more = tap.press.argument == "on"
        edit = StatusEdit(
            chat_id=message.chat.id,
            message_id=message.message_id,
            text=None,
            keyboard=result_keyboard(tap.texts, job, more=more),
        )
        self._desk.board.show(edit, urgent=True)

    async def _recolor(self, tap: Tap, job: Job) -> None:
        """Paints the same picture with, or without, the photo's colours."""
        if tap.press.argument not in _PALETTES:
            await tap.answer(tap.texts.toast_old())
            return
        card = await orders.card_for(self._desk, job)
        card = replace(card, colors=tap.press.argument)
        await paint_again(self._desk, tap, job, card)

    async def _larger(self, tap: Tap, job: Job) -> None:
        """Paints the same picture in the next size up."""
        if self._desk.studio.profile is None:
            await tap.answer(tap.texts.toast_waking_up())
            return
        edge_px = max(job.width or 0, job.height or 0)
        larger = self._desk.studio.next_edge(edge_px)
        if larger is None:
            await tap.answer(tap.texts.toast_largest())
            return
        photo = await store.picture_edge(self._desk.db, job.content)
        if photo is not None and min(photo, larger) < WORTHWHILE * edge_px:
            await tap.answer(tap.texts.toast_as_large_as_photo())
            return
        card = await orders.card_for(self._desk, job)
        await paint_again(self._desk, tap, job, replace(card, edge_px=larger))

    async def _film(self, tap: Tap, job: Job) -> None:
        """Sends the clip, now or as soon as there is one."""
        if job.clip_file and not await self._is_kept(job.clip_file):
            await tap.answer(tap.texts.toast_pictures_gone())
            return
        async with self._desk.db.transaction() as tx:
            known = await store.is_owed(tx, debts.CLIP_KEY + job.id)
            wanted = await self._desk.queue.want_clip(tx, job.id)
            if wanted is not None and wanted.clip_file:
                await self._desk.outbox.put(tx, debts.clip(wanted))
        self._desk.queue.wake()
        self._desk.outbox.wake()
        if wanted is None:
            await tap.answer(tap.texts.toast_clip_failed())
        elif known:
            await tap.answer(tap.texts.toast_clip_sent())
        else:
            soon = None if wanted.clip_file else tap.texts.toast_clip_soon()
            await tap.answer(soon)

    async def _next(self, tap: Tap, job: Job) -> None:
        """Makes the result the photo of the next pair."""
        try:
            picture = await self._put_result(job)
        except StorageFull:
            await tap.answer(tap.texts.refused(Refusal.DISK_FULL))
            return
        if picture is None:
            await tap.answer(tap.texts.toast_pictures_gone())
            return
        card = await orders.card_for(self._desk, job)
        draft = replace(
            begun_from(card), content=picture, content_message_id=_message_of(tap, job)
        )
        await keep(self._desk, tap, draft, tap.texts.result_is_photo())

    async def _put_result(self, job: Job) -> str | None:
        """Stores the result as if it had been sent; None if it is not kept."""
        for name in (job.full, job.photo):
            path = self._desk.data_dir / (name or "")
            if not name or not await self._is_kept(name):
                continue
            if await aiofiles.os.path.getsize(path) <= _LARGEST_PICTURE_BYTES:
                async with aiofiles.open(path, "rb") as file:
                    data = await file.read()
                kind = "PNG" if name == job.full else "JPEG"
                size = _Measured(kind, job.width or 0, job.height or 0)
                return await self._desk.pictures.put(data, size, sender=job.user_id)
        return None

    async def _blend(self, tap: Tap, job: Job) -> None:
        """Keeps photo and painting, and asks for a second painting."""
        card = await orders.card_for(self._desk, job)
        draft = replace(
            begun_from(card),
            content=card.content,
            content_message_id=card.content_message_id,
            content_by=card.content_by,
            style=card.style,
            style_message_id=card.style_message_id,
            style_by=card.style_by,
            style_name=card.style_name,
            blending=True,
        )
        await keep(self._desk, tap, draft, tap.texts.blend_with())

    async def _is_kept(self, name: str) -> bool:
        return await aiofiles.os.path.exists(self._desk.data_dir / name)


@dataclass(frozen=True, slots=True)
class _Measured:
    """What is known about a picture that was painted here."""

    format: str
    width: int
    height: int


def _message_of(tap: Tap, job: Job) -> int:
    """The result's message, if it is in the chat of its job; else 0."""
    message = tap.query.message
    here = message is not None and message.chat.id == job.chat_id
    return message.message_id if here and message is not None else 0
