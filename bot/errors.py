"""Why the service cannot start, each as a sentence for whoever operates it.

StartupError
├── SettingsError         a setting is missing or makes no sense
├── TokenError            Telegram does not accept the token
├── TelegramUnreachable   Telegram did not answer at all
├── DataFolderUnusable    the data folder cannot be written, or its disk is full
├── PortTaken             the webhook's port cannot be opened
└── EngineUnusable        no worker can paint: weights or device are missing
"""

from __future__ import annotations


class StartupError(Exception):
    """The service cannot run like this; the message says why and what mends it."""


class SettingsError(StartupError):
    """A setting is missing or makes no sense."""


class TokenError(StartupError):
    """Telegram does not accept the token."""


class TelegramUnreachable(StartupError):
    """Telegram did not answer at all."""


class DataFolderUnusable(StartupError):
    """The data folder cannot be written, or its disk is full."""


class PortTaken(StartupError):
    """The webhook's port cannot be opened."""


class EngineUnusable(StartupError):
    """No worker can paint."""
