"""The menu of commands that Telegram shows; set only where it differs."""

from __future__ import annotations

import logging

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from .texts import Texts

log = logging.getLogger(__name__)


async def set_menu(bot: Bot, texts: Texts) -> None:
    """Makes the menu what it should be; a failure is logged, the bot works without."""
    wanted = tuple(BotCommand(name, what) for name, what in texts.commands().items())
    scope = BotCommandScopeAllPrivateChats()
    try:
        if await bot.get_my_commands(scope=scope) != wanted:
            await bot.set_my_commands(wanted, scope=scope)
    except TelegramError as exc:
        log.warning("the menu could not be set: %s", type(exc).__name__)
