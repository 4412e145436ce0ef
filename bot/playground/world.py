"""`World`: the whole state of the playground, as one plain object.

Nothing in here acts. Ids are numbers as Telegram gives them; times are unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .config import Config

Json = dict[str, Any]
Entity = dict[str, Any]
Keyboard = list[list[Json]]

ADA_ID = 1001
BEN_ID = 1002
GROUP_ID = -1000000000001
FIRST_UPDATE_ID = 500_000_001


class Kind(StrEnum):
    """What a message shows."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    ANIMATION = "animation"
    VIDEO = "video"
    STICKER = "sticker"
    VOICE = "voice"
    LOCATION = "location"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or the bot itself."""

    id: int
    name: str
    username: str
    is_bot: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file that can be downloaded."""

    file_id: str
    unique_id: str
    path: str
    """As `getFile` says it, relative to the folder of files."""
    size: int
    mime: str
    name: str | None = None
    width: int = 0
    height: int = 0
    duration_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """What a message carries besides words."""

    kind: Kind
    files: tuple[StoredFile, ...] = ()
    """A photo has one file per size, smallest first; anything else has one or none."""
    thumbnail: StoredFile | None = None
    details: tuple[tuple[str, Any], ...] = ()
    """Further fields of the kind, such as a place's latitude."""

    @property
    def main(self) -> StoredFile:
        """The file itself; of a photo its largest size."""
        return self.files[-1]


@dataclass(slots=True, kw_only=True)
class Message:
    """One bubble."""

    message_id: int
    chat_id: int
    sender: int
    date: int
    edit_date: int | None = None
    text: str = ""
    """The text, or the caption of the media."""
    entities: list[Entity] = field(default_factory=list)
    media: Media | None = None
    reply_to: int | None = None
    media_group_id: str | None = None
    keyboard: Keyboard | None = None
    caption_above: bool = False
    reaction: str | None = None
    deleted: bool = False
    pressable: set[str] = field(default_factory=set)
    """Every callback data it ever showed: a press may cross an edit."""

    @property
    def kind(self) -> Kind:
        """What it shows."""
        return self.media.kind if self.media else Kind.TEXT


@dataclass(slots=True, kw_only=True)
class Chat:
    """A private chat with the bot, or the group."""

    id: int
    type: str
    title: str | None = None
    members: list[int] = field(default_factory=list)
    """The people in it, without the bot."""
    owner: int | None = None
    bot_status: str = "member"
    """`member`, `administrator` or `kicked`."""
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    bot_spoke_last: bool = False
    """Among bots: then bare commands are meant for it."""

    @property
    def is_private(self) -> bool:
        """One person and the bot."""
        return self.type == "private"


@dataclass(slots=True, kw_only=True)
class PendingUpdate:
    """An update the bot has not confirmed yet."""

    update_id: int
    payload: Json
    expires_at: float


@dataclass(slots=True, kw_only=True)
class CallbackQuery:
    """A pressed button."""

    id: str
    user_id: int
    created_at: float
    answer: Json | None = None


@dataclass(slots=True, kw_only=True)
class Webhook:
    """Where updates are pushed to."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass(slots=True, kw_only=True)
class Profile:
    """What the bot says about itself; keys are scope and language."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class World:
    """Everybody, every chat, every file, and what is on its way to the bot."""

    bot: User
    users: dict[int, User]
    chats: dict[int, Chat]
    media: dict[str, Media] = field(default_factory=dict)
    """By file id; every size of a photo leads to the whole photo."""
    files: dict[str, StoredFile] = field(default_factory=dict)
    """By file id."""
    paths: dict[str, str] = field(default_factory=dict)
    """From the path that `getFile` says to the file id."""
    file_count: int = 0
    album_count: int = 0
    query_count: int = 0
    queries: dict[str, CallbackQuery] = field(default_factory=dict)
    pending: list[PendingUpdate] = field(default_factory=list)
    next_update_id: int = FIRST_UPDATE_ID
    allowed_updates: frozenset[str] | None = None
    """None: all but those that must be asked for."""
    webhook: Webhook = field(default_factory=Webhook)
    profile: Profile = field(default_factory=Profile)
    notice: str | None = None

    def user(self, user_id: int) -> User:
        """The person, or the bot."""
        return self.bot if user_id == self.bot.id else self.users[user_id]


def new_world(config: Config) -> World:
    """Ada and Ben, a private chat for each, and the group they share."""
    bot = User(
        id=config.bot_id,
        name=config.bot_name,
        username=config.bot_username,
        is_bot=True,
    )
    people = (
        User(id=ADA_ID, name="Ada", username="ada_playground"),
        User(id=BEN_ID, name="Ben", username="ben_playground"),
    )
    chats = [Chat(id=one.id, type="private", members=[one.id]) for one in people]
    group = Chat(
        id=GROUP_ID,
        type="supergroup",
        title="Painters",
        members=[one.id for one in people],
        owner=ADA_ID,
    )
    return World(
        bot=bot,
        users={one.id: one for one in people},
        chats={chat.id: chat for chat in (*chats, group)},
    )
