"""`Poster`: messages appear, change and vanish, and whoever is concerned learns it."""

from __future__ import annotations

from collections.abc import Callable

from . import privacy, views, wire
from .actions import ActionBoard
from .config import Config
from .events import EventLog
from .keyboards import callback_data
from .updates import UpdateQueue
from .world import Chat, Message, World


class Poster:
    """The only place that changes messages."""

    def __init__(
        self,
        *,
        world: World,
        updates: UpdateQueue,
        events: EventLog,
        config: Config,
    ) -> None:
        self._world = world
        self._updates = updates
        self._events = events
        self._config = config
        self._clock: Callable[[], float] = config.clock
        self._actions = ActionBoard(
            events=events, name=world.bot.name, shown_s=config.action_s
        )

    def now(self) -> int:
        """Whole unix seconds."""
        return int(self._clock())

    def post(self, message: Message) -> Message:
        """Gives the message its number and date, shows it and delivers it."""
        chat = self._world.chats[message.chat_id]
        chat.last_message_id += 1
        message.message_id = chat.last_message_id
        message.date = self.now()
        message.pressable |= callback_data(message.keyboard)
        chat.messages[message.message_id] = message
        self._show("message", message)
        chat.is_begun = True
        if message.sender == self._world.bot.id:
            chat.bot_spoke_last = True
            self._actions.end(chat.id, message.thread_id)
        elif self._bot_sees(chat, message):
            self._updates.add("message", wire.message_json(self._world, message))
        return message

    def _bot_sees(self, chat: Chat, message: Message) -> bool:
        return privacy.bot_sees(
            self._world,
            chat,
            message,
            mentions_delivered=self._config.mentions_delivered,
        )

    def edited(self, message: Message) -> None:
        """Dates the change of a message, shows it and delivers it."""
        message.edit_date = self.now()
        message.pressable |= callback_data(message.keyboard)
        self._show("edited", message)
        chat = self._world.chats[message.chat_id]
        own = message.sender == self._world.bot.id or message.via_bot
        if not own and self._bot_sees(chat, message):
            changed = wire.message_json(self._world, message)
            self._updates.add("edited_message", changed)

    def reacted(self, message: Message) -> None:
        """Shows a new reaction; that is no edit."""
        self._show("reaction", message, emoji=message.reaction)

    def delete(self, message: Message) -> None:
        """Takes the message away; its number is never used again."""
        message.deleted = True
        self._events.add(
            {
                "type": "deleted",
                "chat_id": message.chat_id,
                "message_id": message.message_id,
            }
        )

    def act(self, chat: Chat, action: str, thread_id: int | None) -> None:
        """Shows for some seconds what the bot is doing, such as `typing`."""
        self._actions.show(chat.id, thread_id, action)

    def draft(self, chat: Chat, thread_id: int | None, html: str) -> None:
        """Shows words that are still being written."""
        self._events.add(
            {
                "type": "draft",
                "chat_id": chat.id,
                "thread_id": thread_id,
                "html": html,
            }
        )

    def rearranged(self, chat: Chat | None = None) -> None:
        """Tells that people, chats or rights are others than before."""
        self._events.add({"type": "world", "chat_id": chat.id if chat else None})

    def close(self) -> None:
        """Ends what would still come by itself."""
        self._actions.close()

    def notice(self, text: str | None) -> None:
        """Shows a banner above every chat, or takes it away."""
        self._world.notice = text
        self._events.add({"type": "notice", "chat_id": None, "text": text})

    def _show(self, kind: str, message: Message, **more: object) -> None:
        self._events.add(
            {
                "type": kind,
                "chat_id": message.chat_id,
                "message_id": message.message_id,
                **more,
                "message": views.view(self._world, message),
            }
        )
