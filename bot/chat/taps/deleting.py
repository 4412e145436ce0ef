"""`DeleteTaps`: a result goes, with everything that was sent and kept of it."""

from __future__ import annotations

from ...delivery.eraser import Eraser
from ...delivery.owed import Keyboard
from ...delivery.status import StatusEdit
from ...delivery.store import Place
from ...jobs.job import Job
from ...storage.shredder import Shredder
from .. import store
from ..callbacks import Action
from ..desk import Desk
from ..drafts import Owner
from ..keyboards import delete_keyboard, result_keyboard
from ..panels.forgetting import forget_result
from .tap import Handlers, Tap


class DeleteTaps:
    """Asks, deletes, or leaves it."""

    def __init__(self, desk: Desk, shredder: Shredder, eraser: Eraser) -> None:
        self._desk = desk
        self._shredder = shredder
        self._eraser = eraser

    def handlers(self) -> Handlers:
        """By action."""
        return Handlers(jobs={Action.DELETE: self._delete})

    async def _delete(self, tap: Tap, job: Job) -> None:
        match tap.press.argument:
            case "":
                await tap.answer(tap.texts.toast_delete(), alert=False)
                self._show(tap, delete_keyboard(tap.texts, job))
            case "yes":
                await tap.answer()
                await self._erase(tap, job)
            case _:
                await tap.answer()
                self._show(tap, result_keyboard(tap.texts, job))

    def _show(self, tap: Tap, keyboard: Keyboard) -> None:
        """Other buttons below the message that was tapped."""
        if (place := _place_of(tap)) is not None:
            edit = StatusEdit(
                chat_id=place.chat_id,
                message_id=place.message_id,
                text=None,
                keyboard=keyboard,
            )
            self._desk.board.show(edit, urgent=True)

    async def _erase(self, tap: Tap, job: Job) -> None:
        """The messages go first: a crash before the end leaves the tap to be replayed,
        and that needs the job."""
        stayed = await self._eraser.erase(await self._places(tap, job))
        await forget_result(self._desk, self._shredder, tap.update_id, job.id)
        if stayed:
            self._show(tap, ())
            owner = Owner(
                chat_id=job.chat_id, user_id=job.user_id, thread_id=job.thread_id or 0
            )
            await self._desk.say_to(owner, tap.key, tap.texts.delete_yourself())

    async def _places(self, tap: Tap, job: Job) -> list[Place]:
        """Everything in chats that shows the result, its card included."""
        card = await store.card_of_job(self._desk.db, job.id)
        key = store.CARD_KEY + card.id if card else ""
        found = await self._desk.outbox.places_of(job.id, key)
        tapped = _place_of(tap)
        return [*found, tapped] if tapped and tapped not in found else found


def _place_of(tap: Tap) -> Place | None:
    message = tap.query.message
    return Place(message.chat.id, message.message_id) if message else None
