"""Which update goes to which handler: one table, first match wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    ChosenInlineResultHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from .conversation import Conversation
from .desk import Context
from .groups.groups import Groups
from .inline.sharing import Sharing
from .mishaps import Apology
from .panels.panels import COMMANDS, Panels
from .styles.handlers import COMMAND, Styles
from .taps.taps import Taps

# Channel posts and service messages are nobody's request; an edit is one only where
# it changes what was asked for.
_PRIVATE = (
    filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL
)
_EDITED = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE
_PICTURE = (filters.PHOTO | filters.Document.ALL) & ~filters.ANIMATION
_WORDS = filters.TEXT & ~filters.COMMAND
_GROUP = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
_GROUP_EVEN_EDITED = filters.ChatType.GROUPS & (
    filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Who answers what."""

    conversation: Conversation
    panels: Panels
    taps: Taps
    sharing: Sharing
    styles: Styles
    groups: Groups
    apology: Apology


def register(
    application: Application[Any, Any, Any, Any, Any, Any], rooms: Rooms
) -> None:
    """Adds every handler."""
    application.add_handlers(_table(rooms))
    application.add_error_handler(rooms.apology.make)


def _table(rooms: Rooms) -> list[BaseHandler[Any, Context, Any]]:
    conversation, panels, groups = rooms.conversation, rooms.panels, rooms.groups
    sharing, styles = rooms.sharing, rooms.styles
    return [
        CallbackQueryHandler(rooms.taps.tap),
        InlineQueryHandler(sharing.inline.answer),
        ChosenInlineResultHandler(sharing.inline.chosen),
        CommandHandler("start", sharing.arrivals.start, _PRIVATE),
        CommandHandler("help", conversation.help, _PRIVATE),
        CommandHandler("cancel", conversation.cancel, _PRIVATE),
        CommandHandler("status", conversation.status, _PRIVATE),
        CommandHandler("history", sharing.history.show, _PRIVATE),
        CommandHandler(COMMAND, styles.show, _PRIVATE),
        CommandHandler("settings", panels.settings, _PRIVATE),
        CommandHandler("language", panels.language, _PRIVATE),
        CommandHandler("privacy", panels.privacy, _PRIVATE),
        CommandHandler("forget", panels.forget, _PRIVATE),
        CommandHandler("history", sharing.history.point_to_private, _GROUP),
        CommandHandler(COMMAND, styles.in_group, _GROUP),
        CommandHandler(COMMANDS, panels.in_group, _GROUP),
        MessageHandler(
            _PRIVATE & _PICTURE,
            conversation.picture,
        ),
        MessageHandler(_EDITED & _PICTURE, conversation.edits.picture),
        MessageHandler(_PRIVATE & _WORDS & filters.REPLY, conversation.reply),
        MessageHandler(_PRIVATE & filters.COMMAND, conversation.unknown_command),
        MessageHandler(_PRIVATE, conversation.refuse),
        ChatMemberHandler(groups.membership.changed, ChatMemberHandler.MY_CHAT_MEMBER),
        MessageHandler(
            _GROUP & filters.StatusUpdate.MIGRATE, groups.membership.migrated
        ),
        MessageHandler(_GROUP_EVEN_EDITED, groups.requests.message),
    ]
