"""`Arrivals`: the pictures that a message of a group brings, fetched."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message

from ...storage.errors import StorageFull
from ..desk import Desk
from ..drafts import Sent
from ..reception import Reception, Refused, attachment_of, refusal_of
from ..texts import Refusal
from . import store
from .pairing import Shown
from .people import name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a request comes with; `refused` is why something of it cannot be used."""

    replied: Shown | None = None
    own: Shown | None = None
    refused: Refusal | None = None
    lacks_replied: bool = False
    """There was a photo that was replied to, but it cannot be used."""


class Arrivals:
    """Fetches pictures, one after another, through the reception."""

    def __init__(self, desk: Desk, reception: Reception) -> None:
        self._desk = desk
        self._reception = reception

    async def brought(self, message: Message) -> Brought:
        """The photo that was replied to, and the message's own."""
        source = await self._replied_to(message)
        replied, first = await self._shown(source, message)
        own, second = await self._shown(message, message)
        return Brought(
            replied=replied,
            own=own,
            refused=first or second,
            lacks_replied=first is not None,
        )

    async def own(self, message: Message) -> Shown:
        """The picture of the message; raises `Refused`."""
        shown, why = await self._shown(message, message)
        if shown is None:
            raise Refused(why or Refusal.TEXT)
        return shown

    async def _replied_to(self, message: Message) -> Message | None:
        """The message that was replied to, unless it is one of our cards.

        Whatever is written in a topic counts as a reply to the message that opened
        the topic.
        """
        source = message.reply_to_message
        if source is None or source.forum_topic_created is not None:
            return None
        said = await store.said(self._desk.db, message.chat_id, source.message_id)
        return None if said is not None and said.is_card else source

    async def _shown(
        self, message: Message | None, request: Message
    ) -> tuple[Shown | None, Refusal | None]:
        """Either the picture or why there is none; neither for mere words.

        It is stored for the one who asked, whosever message it is in.
        """
        attachment = attachment_of(message) if message is not None else None
        if message is None or attachment is None:
            return None, why_none(message)
        try:
            sender = request.from_user.id if request.from_user else None
            picture = await self._reception.take_in(attachment, sender=sender)
        except Refused as exc:
            return None, exc.why
        except StorageFull:
            return None, Refusal.DISK_FULL
        sent = Sent(picture, message.message_id, message.media_group_id)
        return Shown(sent, name_of(message)), None


def why_none(message: Message | None) -> Refusal | None:
    """What a message is instead of a picture; None: words, or nothing at all."""
    return refusal_of(message) if message is not None else None
