"""Every setting of the service, from `STYLEBOT_…` variables or a file `.env`.

The only module that looks at the environment.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from .errors import SettingsError

PREFIX = "STYLEBOT_"

UNTRAINED = "untrained"
"""The value of `weights` that asks for a network nobody has trained."""


class ExecutorKind(StrEnum):
    """Who paints."""

    LOCAL = "local"
    INLINE = "inline"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class Settings(BaseSettings):
    """What can be set. Each description is a row of the README's table."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",  # an `.env` may serve other programs as well
        frozen=True,
    )

    token: SecretStr | None = Field(
        default=None, description="The bot's token from @BotFather. Required."
    )
    data_dir: Path = Field(
        default=Path("stylebot-data"),
        description="The folder for the database and the pictures, the bot's own.",
    )
    base_url: str = Field(
        default="https://api.telegram.org/bot",
        description="Where the Bot API is, up to and including `/bot`.",
    )
    base_file_url: str = Field(
        default="https://api.telegram.org/file/bot",
        description="Where its files are, up to and including `/file/bot`.",
    )
    public_url: str | None = Field(
        default=None,
        description="The public https address at which Telegram can reach this bot; "
        "with it updates come by webhook, without it by long polling.",
    )
    webhook_listen: str = Field(
        default="127.0.0.1", description="The address the webhook listens on."
    )
    webhook_port: int = Field(
        default=8443, ge=0, le=65535, description="The port the webhook listens on."
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="What Telegram must send along with each update: 1 to 256 of "
        "`A-Za-z0-9_-`. Without it, a new one is drawn at every start.",
    )
    device: str = Field(
        default="auto",
        description="What to paint on: `auto`, `cpu`, `cuda`, `cuda:N` or `mps`.",
    )
    weights: str = Field(
        default="auto",
        description="`auto` (the cache, filled by `stylecore weights fetch`), "
        "`untrained`, or the path of a weights file.",
    )
    executor: ExecutorKind = Field(
        default=ExecutorKind.LOCAL,
        description="`local`: a process per GPU, or one for the CPU. `inline`: a quick "
        "stand-in that imitates painting, for tests.",
    )
    edge_px: int | None = Field(
        default=None,
        ge=64,
        le=2048,
        description="The longer side of the results. Without it, the largest that this "
        "machine paints in about 30 s, or 60 s on a CPU.",
    )
    max_waiting: int = Field(
        default=100, ge=1, description="How many pictures may wait in all."
    )
    max_waiting_per_user: int = Field(
        default=3, ge=1, description="How many pictures of one person may wait."
    )
    preview_interval_s: float = Field(
        default=3.0,
        ge=0.2,
        description="Seconds between two pictures of the work in progress.",
    )
    poll_timeout_s: int = Field(
        default=30,
        ge=0,
        le=50,
        description="How long Telegram may hold a question for updates open.",
    )
    retention_days: int = Field(
        default=7,
        ge=1,
        description="After how many days pictures and results are deleted.",
    )
    log_level: LogLevel = Field(
        default=LogLevel.INFO, description="`debug`, `info`, `warning` or `error`."
    )
    log_format: LogFormat = Field(
        default=LogFormat.TEXT,
        description="`text` for people, `json` for programs.",
    )

    @field_validator("base_url", "base_file_url", "public_url")
    @classmethod
    def _is_http(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return url.rstrip("/") if url else None

    @field_validator("webhook_secret")
    @classmethod
    def _is_a_secret_token(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None:
            value = secret.get_secret_value()
            plain = value.replace("_", "").replace("-", "")
            if len(value) > 256 or not (plain.isascii() and plain.isalnum()):
                raise ValueError("must be 1 to 256 of A-Z, a-z, 0-9, _ and -")
        return secret

    def with_weights(self, weights: str) -> Self:
        """The same settings with other weights."""
        return self.model_copy(update={"weights": weights})

    def require_token(self) -> str:
        """The token; raises `SettingsError` if there is none."""
        token = self.token.get_secret_value().strip() if self.token else ""
        if not token:
            raise SettingsError(
                f"There is no bot token. Get one from @BotFather on Telegram and put "
                f"it into {PREFIX}TOKEN, as a variable or in a file .env."
            )
        return token


def read_settings() -> Settings:
    """Reads the environment and `.env`.

    Raises `SettingsError` that names each variable with what is wrong about it, and
    never its value.
    """
    try:
        return Settings()
    except ValidationError as exc:
        raise SettingsError(_explain(exc)) from None  # pydantic's text has the values
    except OSError as exc:
        raise SettingsError("The file .env cannot be read.") from exc


def _explain(exc: ValidationError) -> str:
    complaints = (
        f"{PREFIX}{str(error['loc'][0]).upper()}: {_first_lower(error['msg'])}"
        for error in exc.errors(include_input=False, include_url=False)
    )
    return "These settings make no sense. " + "; ".join(complaints) + "."


def _first_lower(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def child_environment(**settings: str) -> dict[str, str]:
    """This environment for another process, with exactly these settings in it."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(PREFIX)
    }
    return inherited | {PREFIX + name.upper(): v for name, v in settings.items()}
