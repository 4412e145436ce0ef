"""`Desk`: everything the handlers work with, and the few things they all do."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram import Message, Update
from telegram.ext import CallbackContext

from stylecore.errors import PictureError

from ..delivery.outbox import Outbox
from ..delivery.owed import Keyboard, Kind, Owed
from ..delivery.status import StatusBoard, StatusEdit
from ..jobs.queue import JobQueue
from ..storage.database import Database, Transaction
from ..storage.errors import StorageError
from ..storage.pictures import PictureStore
from . import store
from .cards import CardPictures
from .drafts import Draft, Owner
from .groups.words import is_group, question
from .keyboards import card_keyboard
from .store import Card
from .studio import Studio
from .texts import Languages, Texts, texts_for
from .waiting.forecast import Forecast
from .waiting.nods import Nods
from .whereabouts import Whereabouts

Context = CallbackContext[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What one bot has; made once by the composition root."""

    db: Database
    pictures: PictureStore
    card_pictures: CardPictures
    queue: JobQueue
    outbox: Outbox
    board: StatusBoard
    studio: Studio
    whereabouts: Whereabouts
    languages: Languages
    nods: Nods
    data_dir: Path
    retention_days: int

    @property
    def forecast(self) -> Forecast:
        """When pictures in line will be begun."""
        return Forecast(self.db, self.studio, self.whereabouts)

    def language_of(self, update: Update) -> str:
        """The language of whoever sent an update: chosen, or as their client says."""
        return self.languages.language_of(update)

    def texts_of(self, update: Update) -> Texts:
        """The sentences in the language of whoever sent an update."""
        return self.languages.texts_of(update)

    async def say(
        self, update: Update, text: str, *, placeholder: str | None = None
    ) -> None:
        """Owes an answer to this update; the same update is not answered twice.

        `placeholder`: see `Owed.reply_placeholder`.
        """
        async with self.db.transaction() as tx:
            await self.owe_answer(tx, update, text, placeholder=placeholder)
        self.outbox.wake()

    async def say_to(
        self, owner: Owner, key: str, text: str, *, reply_to: int | None = None
    ) -> None:
        """Owes a message that no other under this key precedes."""
        async with self.db.transaction() as tx:
            await self.owe_text(tx, owner, key, text, reply_to=reply_to)
        self.outbox.wake()

    async def owe_answer(
        self,
        tx: Transaction,
        update: Update,
        text: str,
        *,
        placeholder: str | None = None,
    ) -> None:
        """As `say`, as part of a transaction; wake the outbox after it."""
        key = f"update:{update.update_id}"
        await self.owe_text(
            tx,
            owner_of(update),
            key,
            text,
            reply_to=_asked_by(update),
            placeholder=placeholder,
        )

    async def ask(
        self,
        tx: Transaction,
        draft: Draft,
        key: str,
        text: str,
        *,
        group_text: str | None = None,
    ) -> None:
        """Owes a question that the draft's owner answers with a picture.

        In a group it is asked in words of its own (None: for what is missing), as an
        answer to the owner's request, and opens a reply for nobody but the owner: no
        other message of theirs would come through.
        """
        if not is_group(draft.owner.chat_id):
            await self.owe_text(tx, draft.owner, key, text)
            return
        texts = texts_for(draft.language)
        await self.owe_text(
            tx,
            draft.owner,
            key,
            group_text or question(texts, draft),
            reply_to=draft.request_message_id,
            placeholder=texts.group_placeholder(draft.stage),
        )

    async def owe_text(
        self,
        tx: Transaction,
        owner: Owner,
        key: str,
        text: str,
        *,
        reply_to: int | None = None,
        placeholder: str | None = None,
    ) -> None:
        """As `say_to`, as part of a transaction; wake the outbox after it.

        `placeholder`: see `Owed.reply_placeholder`.
        """
        await self.outbox.put(
            tx,
            Owed(
                key=key,
                user_id=owner.user_id,
                chat_id=owner.chat_id,
                thread_id=owner.thread_id or None,
                reply_to=reply_to,
                kind=Kind.TEXT,
                text=text,
                reply_placeholder=placeholder,
            ),
        )

    async def owe_card(
        self, tx: Transaction, card: Card, caption: str, keyboard: Keyboard
    ) -> None:
        """Writes a new card down and owes it to its chat.

        Make its picture first; without one the card is words and buttons alone.
        """
        await store.add_card(tx, card)
        picture = self.card_pictures.path(*card.pictures)
        drawn = picture.exists()
        await self.outbox.put(
            tx,
            Owed(
                key=store.CARD_KEY + card.id,
                job_id=card.job_id,
                user_id=card.owner.user_id,
                chat_id=card.owner.chat_id,
                thread_id=card.owner.thread_id or None,
                reply_to=card.reply_to or None,
                kind=Kind.PHOTO if drawn else Kind.TEXT,
                text=caption,
                file=self.card_pictures.relative(*card.pictures) if drawn else None,
                keyboard=keyboard,
            ),
        )

    async def card_picture(self, card: Card) -> Path | None:
        """The picture of a card; None if it cannot be made now."""
        try:
            return await self.card_pictures.make(*card.pictures)
        except (PictureError, StorageError):
            return None

    def show_card(
        self, card: Card, text: str, *, picture: Path | None = None, live: bool = True
    ) -> None:
        """Edits the card's message; `live`: with its buttons."""
        if card.message_id is None:
            return
        keyboard = card_keyboard(texts_for(card.language), card) if live else ()
        self.board.show(
            StatusEdit(
                chat_id=card.owner.chat_id,
                message_id=card.message_id,
                text=text,
                photo=picture,
                keyboard=keyboard,
            ),
            urgent=True,
        )

    async def sweep_drafts(self, older_than_s: float) -> int:
        """Deletes drafts and cards nobody has touched for so long."""
        async with self.db.transaction() as tx:
            return await store.forget_drafts(tx, time.time() - older_than_s)

    async def pictures_kept(self, *pictures: str) -> bool:
        """Whether all of these are still there."""
        for picture in pictures:
            if not await self.pictures.exists(picture):
                return False
        return True


def new_card(draft: Draft) -> Card:
    """The card of a draft that has both pictures; `draft.stage` says whether."""
    return Card(
        id=secrets.token_hex(6),
        owner=draft.owner,
        language=draft.language,
        content=draft.content or "",
        content_message_id=draft.content_message_id or 0,
        style=draft.style or "",
        style_message_id=draft.style_message_id or 0,
        clip=draft.clip,
        strength=draft.strength,
        colors=draft.colors,
        second_style=draft.second_style,
        style_name=draft.style_name,
        request_message_id=draft.request_message_id,
        content_by=draft.content_by,
        style_by=draft.style_by,
    )


def owner_of(update: Update) -> Owner:
    """Whose draft an update is about: sender, chat, and topic if it is one."""
    message, user = update.effective_message, update.effective_user
    if message is None or user is None:
        raise ValueError("an update without message or sender has no owner")
    return Owner(
        chat_id=message.chat_id, user_id=user.id, thread_id=_topic_of(message) or 0
    )


def _asked_by(update: Update) -> int | None:
    """The message that an answer replies to: in a group, so that all know whose."""
    message = update.effective_message
    if message is None or update.callback_query is not None:
        return None
    return message.message_id if is_group(message.chat_id) else None


def _topic_of(message: Message) -> int | None:
    # Elsewhere than in a topic the thread id is the root of a chain of replies.
    return message.message_thread_id if message.is_topic_message else None
