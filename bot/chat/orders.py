"""From a pair of pictures to a job: one transaction each."""

from __future__ import annotations

import secrets
from dataclasses import replace

from ..jobs.job import Job, JobState, NewJob
from . import store
from .desk import Desk
from .drafts import Owner
from .keyboards import job_keyboard
from .store import Card
from .texts import texts_for


async def paint_card(desk: Desk, card: Card, key: str) -> Job:
    """Queues the card's pair; a draft that holds the same pair is used up.

    Raises `QueueFull`, `TooManyWaiting`; then nothing has changed.
    """
    async with desk.db.transaction() as tx:
        job = await desk.queue.submit(tx, _new_job(card), key)
        card = replace(card, job_id=job.id)
        await store.change_card(tx, card)
        draft = await store.load_draft(tx, card.owner)
        if card.shows(draft):
            draft = replace(draft.cleared(), clip=card.clip)
        await store.save_draft(tx, replace(draft, strength=card.strength))
        # Before the commit, or a quick worker could be done before anybody watches.
        desk.whereabouts.watch(job.id, card)
    desk.queue.wake()
    return job


async def paint_new_card(desk: Desk, card: Card, key: str, parent: Job) -> Job:
    """Queues the pair of a card that is yet to be sent, and owes the card.

    The job starts from the picture of `parent`, which painted the same pair.
    Raises `QueueFull`, `TooManyWaiting`; then nothing has changed.
    """
    texts = texts_for(card.language)
    async with desk.db.transaction() as tx:
        new = replace(_new_job(card), parent=parent.id)
        job = await desk.queue.submit(tx, new, key)
        if await store.card_of_job(tx, job.id) is not None:
            return job  # this very tap has been handled before
        card = replace(card, job_id=job.id)
        keyboard = job_keyboard(texts, job.id)
        await desk.owe_card(tx, card, texts.queued(None, None), keyboard)
        desk.whereabouts.watch(job.id, card)
    desk.queue.wake()
    desk.outbox.wake()
    return job


def _new_job(card: Card) -> NewJob:
    return NewJob(
        chat_id=card.owner.chat_id,
        thread_id=card.owner.thread_id or None,
        user_id=card.owner.user_id,
        language=card.language,
        reply_to=card.reply_to,
        status_message_id=card.message_id or 0,
        content=card.content,
        style=card.style,
        strength=card.strength,
        clip=card.clip,
        edge_px=card.edge_px,
        colors=card.colors,
        second_style=card.second_style,
        style_name=card.style_name,
    )


async def change_card(desk: Desk, card: Card) -> None:
    """Writes a changed card, and the draft along with it if it holds the same pair."""
    async with desk.db.transaction() as tx:
        await store.change_card(tx, card)
        draft = await store.load_draft(tx, card.owner)
        if card.shows(draft):
            turned = draft if draft.content == card.content else draft.swapped()
            kept = replace(turned, clip=card.clip, colors=card.colors)
            await store.save_draft(tx, kept)


async def card_for(desk: Desk, job: Job) -> Card:
    """A new card of what a job has painted."""
    old = await store.card_of_job(desk.db, job.id)
    return Card(
        id=secrets.token_hex(6),
        owner=Owner(
            chat_id=job.chat_id, user_id=job.user_id, thread_id=job.thread_id or 0
        ),
        language=job.language,
        content=job.content,
        content_message_id=old.content_message_id if old else job.reply_to,
        style=job.style,
        style_message_id=old.style_message_id if old else job.reply_to,
        clip=old.clip if old else job.clip,
        strength=job.strength,
        colors=job.colors,
        second_style=job.second_style,
        style_name=job.style_name,
        edge_px=job.edge_px,
        request_message_id=old.request_message_id if old else None,
        content_by=old.content_by if old else None,
        style_by=old.style_by if old else None,
    )


async def twin(desk: Desk, job: Job, card: Card) -> JobState | None:
    """The state of what the card would paint, if asked for since `job`."""
    state = await store.twin_of(desk.db, card, job.id)
    return JobState(state) if state else None
