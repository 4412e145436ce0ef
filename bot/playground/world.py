"""`World`: the whole state of the playground, as one plain object.

Nothing in here acts. Ids are numbers as Telegram gives them; times are unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .config import Config
from .content import Entity as Entity
from .content import Json as Json
from .content import Keyboard as Keyboard
from .content import Kind as Kind
from .content import Media as Media
from .content import Message as Message
from .content import StoredFile as StoredFile

Permissions = dict[str, bool]

ADA_ID = 1001
BEN_ID = 1002
GROUP_ID = -1000000000001
OLD_GROUP_ID = -5001
ANONYMOUS_ID = 1087968824
"""GroupAnonymousBot, in whose name administrators may speak."""
FIRST_UPDATE_ID = 500_000_001


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person, or the bot itself."""

    id: int
    name: str
    username: str
    is_bot: bool = False
    language: str = "en"
    """As the client says it: `de`, `pt-br`, `zh-hans`."""


@dataclass(slots=True, kw_only=True)
class Topic:
    """A thread of a forum; its id is the message that opened it."""

    id: int
    name: str
    is_closed: bool = False


@dataclass(slots=True, kw_only=True)
class Chat:
    """A private chat with the bot, or a group."""

    id: int
    type: str
    title: str | None = None
    members: list[int] = field(default_factory=list)
    """The people in it, without the bot."""
    owner: int | None = None
    administrators: list[int] = field(default_factory=list)
    """The people who help the owner."""
    bot_status: str = "member"
    """`member`, `administrator`, `restricted`, `left` or `kicked`."""
    bot_permissions: Permissions = field(default_factory=dict)
    """What a restricted bot may do; what is missing is allowed."""
    permissions: Permissions = field(default_factory=dict)
    """What ordinary members may do; what is missing is allowed."""
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None
    """The supergroup that this group has become."""
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0
    is_begun: bool = True
    """Whether the person has written: before that the bot must not."""
    bot_spoke_last: bool = False
    """Among bots: then bare commands are meant for it."""

    @property
    def is_private(self) -> bool:
        """One person and the bot."""
        return self.type == "private"

    @property
    def has_bot(self) -> bool:
        """Whether the bot is in it and not blocked."""
        return self.bot_status not in ("kicked", "left")

    def is_administrator(self, user_id: int) -> bool:
        """Whether the person runs the group."""
        return user_id == self.owner or user_id in self.administrators


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
class InlineQuery:
    """What somebody typed after the bot's name, and what came of it."""

    id: str
    user_id: int
    text: str
    offset: str
    created_at: float
    is_answered: bool = False


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

    commands: dict[tuple[tuple[str, int, int], str], list[Json]] = field(
        default_factory=dict
    )
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
    inline_queries: dict[str, InlineQuery] = field(default_factory=dict)
    inline_messages: dict[str, Message] = field(default_factory=dict)
    """By inline message id."""
    pending: list[PendingUpdate] = field(default_factory=list)
    next_update_id: int = FIRST_UPDATE_ID
    allowed_updates: frozenset[str] | None = None
    """None: all but those that must be asked for."""
    webhook: Webhook = field(default_factory=Webhook)
    profile: Profile = field(default_factory=Profile)
    notice: str | None = None

    def user(self, user_id: int) -> User:
        """The person, or the bot, or whoever speaks for a group."""
        if user_id == ANONYMOUS_ID:
            return ANONYMOUS
        return self.bot if user_id == self.bot.id else self.users[user_id]


ANONYMOUS = User(
    id=ANONYMOUS_ID, name="Group", username="GroupAnonymousBot", is_bot=True
)


def new_world(config: Config) -> World:
    """Ada and Ben, a private chat for each, and the groups they share."""
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
    both = [one.id for one in people]
    groups = (
        Chat(
            id=GROUP_ID,
            type="supergroup",
            title="Painters",
            members=list(both),
            owner=ADA_ID,
        ),
        Chat(
            id=OLD_GROUP_ID,
            type="group",
            title="Old friends",
            members=list(both),
            owner=ADA_ID,
        ),
    )
    return World(
        bot=bot,
        users={one.id: one for one in people},
        chats={chat.id: chat for chat in (*chats, *groups)},
    )
