"""`rest`: a pause that ends early when something happens."""

from __future__ import annotations

import asyncio


async def rest(event: asyncio.Event, timeout_s: float) -> None:
    """Waits until `event` is set, but no longer than `timeout_s`."""
    try:
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return
