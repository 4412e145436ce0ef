"""`Backend`: the world and everything that acts on it, in one hand."""

from __future__ import annotations

import asyncio
from pathlib import Path

from .callbacks import CallbackDesk
from .config import Config
from .events import CallLog, EventLog
from .faults import FaultBox
from .files import FileStore
from .flood import FloodGate
from .groups import Groups
from .inline import InlineDesk
from .posting import Poster
from .samples import Samples
from .updates import UpdateQueue
from .webhook import WebhookPusher
from .world import World, new_world


class Backend:
    """What the Bot API and the API of the chat page share."""

    def __init__(self, config: Config, folder: Path, world: World | None = None):
        self.config = config
        self.world = world or new_world(config)
        self.files = FileStore(self.world, folder)
        self.updates = UpdateQueue(self.world, config.clock)
        self.events = EventLog()
        self.calls = CallLog()
        self.faults = FaultBox()
        self.samples = Samples()
        self.flood = FloodGate(config.clock, closes=config.flood_control)
        self.poster = Poster(
            world=self.world, updates=self.updates, events=self.events, config=config
        )
        self.callbacks = CallbackDesk(
            world=self.world, updates=self.updates, clock=config.clock
        )
        self.groups = Groups(world=self.world, poster=self.poster, updates=self.updates)
        self.inline = InlineDesk(
            world=self.world, updates=self.updates, poster=self.poster, config=config
        )
        self.webhook = WebhookPusher(
            world=self.world, updates=self.updates, config=config
        )
        self.closing = asyncio.Event()

    def close(self) -> None:
        """Ends everything that waits; it cannot be opened again."""
        self.closing.set()
        self.poster.close()
        self.updates.close()
        self.events.close()
        self.callbacks.close()
        self.inline.close()
