"""`ActionBoard`: "typing…", which ends by itself or with a message."""

from __future__ import annotations

import asyncio

from .events import EventLog

Place = tuple[int, int | None]


class ActionBoard:
    """What the bot is doing in each chat and topic."""

    def __init__(self, *, events: EventLog, name: str, shown_s: float) -> None:
        self._events = events
        self._name = name
        self._shown_s = shown_s
        self._ends: dict[Place, asyncio.TimerHandle] = {}

    def show(self, chat_id: int, thread_id: int | None, action: str) -> None:
        """Shows it, for some seconds from now."""
        place = chat_id, thread_id
        earlier = self._ends.pop(place, None)
        if earlier is not None:
            earlier.cancel()
        loop = asyncio.get_running_loop()
        self._ends[place] = loop.call_later(self._shown_s, self.end, *place)
        self._tell("action", place, action)

    def end(self, chat_id: int, thread_id: int | None) -> None:
        """Takes it away, if there is something."""
        place = chat_id, thread_id
        end = self._ends.pop(place, None)
        if end is not None:
            end.cancel()
            self._tell("action_ended", place, None)

    def _tell(self, kind: str, place: Place, action: str | None) -> None:
        self._events.add(
            {
                "type": kind,
                "chat_id": place[0],
                "thread_id": place[1],
                "action": action,
                "name": self._name,
            }
        )

    def close(self) -> None:
        """Forgets everything without a word."""
        for end in self._ends.values():
            end.cancel()
        self._ends.clear()
