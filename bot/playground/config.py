"""`Config`: what may be chosen about a playground."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The values of one playground; every default suits the demo."""

    port: int = 0
    """0: any free port."""
    bot_token: str = "700000001:AAplayground-token-opens-no-door-01"  # noqa: S105 - opens nothing
    bot_name: str = "Stylebot"
    bot_username: str = "playground_stylebot"
    folder: Path | None = None
    """Where uploaded files lie; None: a temporary folder, removed at the end."""
    mentions_delivered: bool = True
    """Whether privacy mode lets `@bot` in a group through (Telegram is unclear)."""
    press_timeout_s: float = 15.0
    """How long a pressed button waits for the bot's answer."""
    action_s: float = 5.0
    """How long a chat action is shown unless a message comes."""
    inline_mode: bool = True
    """Whether the bot may be asked by its name in any chat."""
    inline_feedback: bool = False
    """Whether the bot learns which results were chosen (set in BotFather)."""
    flood_control: bool = False
    """Whether Telegram's limits hold: 20 messages a minute to a group, 30 a second."""
    webhook_retry_s: float = 0.5
    """Pause before a webhook delivery is tried again."""
    clock: Callable[[], float] = time.time
    """Unix seconds; tests move it."""
    user_upload_bytes: int = 64 * MIB
    """Telegram lets users send 2000 MB; this is enough to pass the bot's 20 MiB."""

    @property
    def bot_id(self) -> int:
        """The number before the colon of the token."""
        return int(self.bot_token.partition(":")[0])
