"""`Detours`: how something reaches people that a group does not allow."""

from __future__ import annotations

from dataclasses import replace

from ...delivery.owed import Button, Kind, Owed
from ...storage.database import Transaction
from .. import store as chat_store
from ..desk import Desk
from ..texts import Texts, texts_for
from . import store
from .people import ANONYMOUS_ADMIN
from .words import is_group

_NOTICE_KEY = "no-right:"


class Detours:
    """Called by the outbox when Telegram says that the bot lacks the right."""

    def __init__(self, desk: Desk, username: str) -> None:
        self._desk = desk
        self._username = username

    async def find(self, tx: Transaction, owed: Owed) -> Owed | None:
        """The form in which the message may be sent all the same, if there is one.

        A card becomes words with buttons. Results go to the private chat, and the
        group is told. Where even words are not allowed, whoever asked hears of it in
        private.
        """
        if not is_group(owed.chat_id) or owed.key.startswith(_NOTICE_KEY):
            return None
        texts = await self._texts(tx, owed)
        if owed.kind is Kind.TEXT:
            await self._in_private(tx, owed, _say(owed, texts.private_no_words()))
            return None
        has_private = await self._whom(tx, owed) is not None
        if owed.key.startswith(chat_store.CARD_KEY):
            notice = (
                texts.group_no_photos()
                if has_private
                else texts.group_no_photos_for_nobody()
            )
            words = f"{owed.text}\n\n{notice}"
            return replace(owed, kind=Kind.TEXT, text=words, file=None, file_id=None)
        caption = f"{texts.private_from_group()}\n{owed.text}"
        await self._in_private(tx, owed, replace(owed, text=caption))
        await self._tell_group(tx, owed, texts, has_private=has_private)
        return None

    async def _in_private(self, tx: Transaction, owed: Owed, copy: Owed) -> None:
        user_id = await self._whom(tx, owed)
        if user_id is None:
            return
        await self._desk.outbox.put(
            tx,
            replace(
                copy,
                key=store.PRIVATE_KEY + owed.key,
                chat_id=user_id,
                user_id=user_id,
                thread_id=None,
                reply_to=None,
                after=store.PRIVATE_KEY + owed.after if owed.after else None,
            ),
        )

    async def _tell_group(
        self, tx: Transaction, owed: Owed, texts: Texts, *, has_private: bool
    ) -> None:
        """Once for each job, however many files it has."""
        link = f"https://t.me/{self._username}?start=result"
        button = Button(texts.group_private_button(), url=link)
        words = (
            texts.group_result_in_private()
            if has_private
            else texts.group_no_photos_for_nobody()
        )
        await self._desk.outbox.put(
            tx,
            Owed(
                key=_NOTICE_KEY + (owed.job_id or owed.key),
                chat_id=owed.chat_id,
                user_id=owed.user_id,
                thread_id=owed.thread_id,
                reply_to=owed.reply_to,
                kind=Kind.TEXT,
                text=words,
                keyboard=((button,),) if has_private else (),
            ),
        )

    async def _whom(self, tx: Transaction, owed: Owed) -> int | None:
        """Who asked; None if that is nobody with a private chat."""
        user_id = owed.user_id or await store.user_of_job(tx, owed.job_id)
        return None if user_id == ANONYMOUS_ADMIN else user_id

    async def _texts(self, tx: Transaction, owed: Owed) -> Texts:
        user_id = await self._whom(tx, owed)
        return texts_for(
            await store.language_of(
                tx, job_id=owed.job_id, chat_id=owed.chat_id, user_id=user_id
            )
        )


def _say(owed: Owed, words: str) -> Owed:
    """The same answer in other words, without what belongs to the group."""
    return replace(owed, text=words, keyboard=(), reply_placeholder=None)
