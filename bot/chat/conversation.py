"""`Conversation`: what the bot does about messages."""

from __future__ import annotations

import time
from dataclasses import replace

from telegram import Message, Update

from ..executors.base import Preview
from ..jobs.job import JobState
from ..storage.errors import StorageFull
from . import store
from .clerk import Clerk
from .desk import Context, Desk, owner_of
from .drafts import Draft, Sent, Taken, take
from .groups.store import try_private_again
from .groups.words import cleared_words, idle_words, nothing_words
from .reception import Reception, Refused, attachment_of, refusal_of
from .styles.handlers import Styles
from .texts import Refusal, Stage, Texts
from .waiting.edits import Edits


class Conversation:
    """Message handlers. Each takes an update and owes one answer."""

    def __init__(
        self, desk: Desk, clerk: Clerk, reception: Reception, styles: Styles
    ) -> None:
        self._desk = desk
        self._clerk = clerk
        self._reception = reception
        self._styles = styles
        self.edits = Edits(desk, clerk, reception)

    async def start(self, update: Update, _: Context) -> None:
        """Says hello."""
        texts = self._desk.texts_of(update)
        words = texts.welcome(self._desk.retention_days)
        if self._desk.studio.untrained:
            words += "\n\n" + texts.untrained_at_start()
        greeting = await self._styles.greeting(update, words)
        async with self._desk.db.transaction() as tx:
            owner = owner_of(update)
            await store.note_user(tx, owner.user_id, self._desk.language_of(update))
            await self._desk.outbox.put(tx, greeting)
            await try_private_again(tx, owner.user_id)
        self._desk.outbox.wake()

    async def help(self, update: Update, _: Context) -> None:
        """Explains."""
        texts = self._desk.texts_of(update)
        await self._desk.say(update, texts.help(self._desk.retention_days))

    async def cancel(self, update: Update, _: Context) -> None:
        """Stops the person's jobs in this chat or, if there are none, clears the
        draft."""
        texts, owner = self._desk.texts_of(update), owner_of(update)
        jobs = await store.open_jobs(self._desk.db, owner)
        stopped = [job for job in jobs if await self._desk.queue.cancel(job)]
        if stopped:
            await self._desk.say(update, texts.stopped(len(stopped)))
        elif await self._clear(owner_draft := await self._draft(update)):
            await self._put_aside(owner_draft, texts)
            await self._desk.say(update, cleared_words(texts, owner))
        else:
            said, placeholder = nothing_words(texts, owner_draft)
            await self._desk.say(update, said, placeholder=placeholder)

    async def _draft(self, update: Update) -> Draft:
        return await store.load_draft(self._desk.db, owner_of(update))

    async def _clear(self, draft: Draft) -> bool:
        """Whether there was anything in the draft."""
        if draft.stage is Stage.PHOTO_FIRST:
            return False
        async with self._desk.db.transaction() as tx:
            await store.save_draft(tx, draft.cleared())
        return True

    async def _put_aside(self, draft: Draft, texts: Texts) -> None:
        card = await store.open_card(self._desk.db, draft)
        if card is not None:
            self._desk.show_card(card, texts.card_put_aside(), live=False)

    async def status(self, update: Update, _: Context) -> None:
        """Tells how far the person's pictures are, and how busy the machine is."""
        texts = self._desk.texts_of(update)
        jobs = await store.open_jobs(self._desk.db, owner_of(update))
        lines = [await self._line(texts, job) for job in jobs]
        placeholder = None
        if not jobs:
            said, placeholder = idle_words(texts, await self._draft(update))
            lines = [said]
        lines.append(texts.in_line_overall(await store.jobs_in_line(self._desk.db)))
        each_s = self._desk.studio.painting_s()
        if each_s is not None:
            lines.append(texts.machine(each_s))
        await self._desk.say(update, "\n".join(lines), placeholder=placeholder)

    async def _line(self, texts: Texts, job_id: str) -> str:
        job = await self._desk.queue.get(job_id)
        preview = self._desk.whereabouts.progress_of(job_id)
        if job is not None and job.state is JobState.QUEUED:
            place = await self._desk.queue.place(job_id)
            return texts.queued(place, await self._desk.forecast.starts_in(job_id))
        if isinstance(preview, Preview):
            share = preview.step / max(preview.total, 1)
            return texts.progress(share, preview.seconds_left)
        return texts.finishing() if job is None else texts.starting()

    async def picture(self, update: Update, context: Context) -> None:
        """Takes a photo or a picture file into the draft."""
        message = update.effective_message
        attachment = attachment_of(message) if message else None
        if message is None or attachment is None:
            await self.refuse(update, context)
            return
        self._desk.nods.see(message)
        await self._hold(update, message.media_group_id)
        try:
            sender = owner_of(update).user_id
            picture = await self._reception.take_in(attachment, sender=sender)
        except (Refused, StorageFull) as exc:
            self._desk.nods.turn_away(message)
            why = exc.why if isinstance(exc, Refused) else Refusal.DISK_FULL
            await self._refuse(update, why)
            return
        await self._take(
            update, Sent(picture, message.message_id, message.media_group_id)
        )

    async def _hold(self, update: Update, album_id: str | None) -> None:
        """An album is not answered while one of its pictures is being fetched."""
        if album_id is not None:
            async with self._desk.db.transaction() as tx:
                draft = await store.load_draft(tx, owner_of(update))
                held = draft.holding(album_id, time.time())
                if held != draft:
                    await store.save_draft(tx, held)

    async def _take(self, update: Update, sent: Sent) -> None:
        texts = self._desk.texts_of(update)
        language = self._desk.language_of(update)
        choice = await self._styles.choice(update)
        async with self._desk.db.transaction() as tx:
            before = await store.load_draft(tx, owner_of(update))
            draft, taken = take(replace(before, language=language), sent, time.time())
            await store.save_draft(tx, draft)
            if taken is Taken.PHOTO and draft.stage is Stage.PAINTING:
                await self._desk.outbox.put(tx, choice)
            elif taken is Taken.SAME_PICTURE:
                words = texts.same_picture(draft.stage)
                await self._desk.owe_answer(tx, update, words)
        self._desk.outbox.wake()
        self._clerk.wake()

    async def refuse(self, update: Update, _: Context) -> None:
        """Says why a message cannot be used and what to send instead."""
        message = update.effective_message
        if message is not None:
            await self._refuse(update, _kind_of(message))

    async def reply(self, update: Update, context: Context) -> None:
        """Takes the name of a style that was asked for; else words are no picture."""
        if not await self._styles.naming.answer(update, context):
            await self.refuse(update, context)

    async def unknown_command(self, update: Update, _: Context) -> None:
        """Points to /help."""
        await self._refuse(update, Refusal.COMMAND)

    async def _refuse(self, update: Update, why: Refusal) -> None:
        """The draft stays as it is; the album it belongs to may be answered."""
        texts, message = self._desk.texts_of(update), update.effective_message
        album_id = message.media_group_id if message else None
        async with self._desk.db.transaction() as tx:
            draft = await store.load_draft(tx, owner_of(update))
            if album_id is not None:
                await store.save_draft(tx, draft.released(album_id, time.time()))
            await self._desk.owe_answer(tx, update, texts.refusal(why, draft.stage))
        self._desk.outbox.wake()
        self._clerk.wake()


def _kind_of(message: Message) -> Refusal:
    if message.text:
        return Refusal.TEXT
    return refusal_of(message) or Refusal.OTHER
