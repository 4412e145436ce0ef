"""What Telegram shows of the bot: its commands and descriptions, in every language.

Each is set only where it differs, and nothing is even asked for while the fingerprint
of all that is wanted is the one that was set last. The name belongs to the operator.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import RetryAfter, TelegramError

from ..delivery.errors import retry_after_s
from ..storage.database import Database
from ..storage.errors import StorageError
from ..storage.store import get_meta, set_meta
from .texts import LANGUAGES, Texts, texts_for

log = logging.getLogger(__name__)

_FINGERPRINT = "menu"
_FALLBACK = "en"
"""Its texts are set for no language in particular, and serve whoever has another."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One thing to be shown to people with one language."""

    name: str
    value: str
    """As text, to be compared."""
    get: Callable[[], Awaitable[str]]
    set: Callable[[], Awaitable[bool]]


async def set_menu(bot: Bot, db: Database, *, pause_s: float = 1.0) -> None:
    """Makes everything what it should be; a failure is logged, the bot works without.

    `pause_s`: between two changes, because Telegram limits them.
    """
    wanted = list(_everything(bot))
    fingerprint = _fingerprint(bot.id, wanted)
    try:
        if await get_meta(db, _FINGERPRINT) == fingerprint:
            return
        for each in wanted:
            if await _make(each):
                await asyncio.sleep(pause_s)
        async with db.transaction() as tx:
            await set_meta(tx, _FINGERPRINT, fingerprint)
    except (TelegramError, StorageError) as exc:
        log.warning("the menu could not be set: %s", type(exc).__name__)


def _fingerprint(bot_id: int, wanted: list[_Wanted]) -> str:
    values = json.dumps([bot_id, [[each.name, each.value] for each in wanted]])
    return hashlib.blake2b(values.encode(), digest_size=16).hexdigest()


async def _make(wanted: _Wanted) -> bool:
    """Sets it unless it is set; waits once for as long as Telegram asks for."""
    try:
        return await wanted.get() != wanted.value and await wanted.set()
    except RetryAfter as exc:
        await asyncio.sleep(retry_after_s(exc))
    return await wanted.get() != wanted.value and await wanted.set()


def _everything(bot: Bot) -> Iterator[_Wanted]:
    for language in LANGUAGES:
        texts = texts_for(language)
        code = None if language == _FALLBACK else language
        yield _commands(bot, BotCommandScopeAllPrivateChats(), code, texts.commands())
        yield _commands(
            bot, BotCommandScopeAllGroupChats(), code, texts.group_commands()
        )
        yield _description(bot, code, texts)
        yield _short_description(bot, code, texts)


def _commands(
    bot: Bot, scope: BotCommandScope, code: str | None, words: dict[str, str]
) -> _Wanted:
    commands = tuple(BotCommand(name, what) for name, what in words.items())

    async def get() -> str:
        return _as_json(await bot.get_my_commands(scope=scope, language_code=code))

    async def put() -> bool:
        return await bot.set_my_commands(commands, scope=scope, language_code=code)

    return _Wanted(f"{scope.type}:{code}", _as_json(commands), get, put)


def _as_json(commands: tuple[BotCommand, ...]) -> str:
    return json.dumps([[each.command, each.description] for each in commands])


def _description(bot: Bot, code: str | None, texts: Texts) -> _Wanted:
    words = texts.description()

    async def get() -> str:
        return (await bot.get_my_description(language_code=code)).description

    async def put() -> bool:
        return await bot.set_my_description(words, language_code=code)

    return _Wanted(f"description:{code}", words, get, put)


def _short_description(bot: Bot, code: str | None, texts: Texts) -> _Wanted:
    words = texts.short_description()

    async def get() -> str:
        shown = await bot.get_my_short_description(language_code=code)
        return shown.short_description

    async def put() -> bool:
        return await bot.set_my_short_description(words, language_code=code)

    return _Wanted(f"short description:{code}", words, get, put)
