"""`Edits`: what the bot does when somebody changes a message that it has used.

A changed caption changes no picture, so nothing happens and nothing is said.
"""

from __future__ import annotations

import time
from dataclasses import replace

from telegram import Message, Update

from ...storage.errors import StorageFull
from .. import store
from ..clerk import Clerk
from ..desk import Context, Desk, owner_of
from ..drafts import Draft, Note
from ..reception import Attachment, Reception, Refused, attachment_of
from ..texts import Refusal, Stage


class Edits:
    """The handler of edited pictures in private chats."""

    def __init__(self, desk: Desk, clerk: Clerk, reception: Reception) -> None:
        self._desk = desk
        self._clerk = clerk
        self._reception = reception

    async def picture(self, update: Update, _: Context) -> None:
        """Takes the new picture in place of the old one, if the draft has that."""
        message = update.edited_message
        attachment = attachment_of(message) if message else None
        if message is None or attachment is None:
            return
        draft = await store.load_draft(self._desk.db, owner_of(update))
        if uses(draft, message.message_id):
            await self._exchange(update, message, attachment)

    async def _exchange(
        self, update: Update, message: Message, attachment: Attachment
    ) -> None:
        try:
            picture = await self._reception.take_in(
                attachment, sender=owner_of(update).user_id
            )
        except (Refused, StorageFull) as exc:
            why = exc.why if isinstance(exc, Refused) else Refusal.DISK_FULL
            await self._desk.say(update, self._desk.texts_of(update).refused(why))
            return
        async with self._desk.db.transaction() as tx:
            before = await store.load_draft(tx, owner_of(update))
            draft = exchanged(before, message.message_id, picture, time.time())
            if draft == before:
                return
            await store.save_draft(tx, draft)
            if draft.stage is Stage.PAINTING:
                words = self._desk.texts_of(update).took_photo()
                await self._desk.owe_answer(tx, update, words)
        self._desk.nods.see(message)
        self._desk.outbox.wake()
        self._clerk.wake()


def uses(draft: Draft, message_id: int) -> bool:
    """Whether a picture of the draft came with this message."""
    return message_id in (
        draft.content_message_id,
        draft.style_message_id,
        draft.second_message_id,
    )


def exchanged(draft: Draft, message_id: int, picture: str, now: float) -> Draft:
    """The draft with another picture from the same message; it may be the same one."""
    if message_id == draft.content_message_id:
        changed = replace(draft, content=picture)
    elif message_id == draft.style_message_id and picture != draft.style:
        changed = replace(draft, style=picture, style_name=None)
    elif message_id == draft.second_message_id:
        changed = replace(draft, second_style=picture)
    else:
        return draft
    if changed == draft or changed.stage is not Stage.STRENGTH:
        return changed
    note = Note.REPLACED.value if changed.style != draft.style else None
    return replace(changed, note=note, card_due_at=now)
