"""`WebhookPusher`: updates carried to the bot's own address."""

from __future__ import annotations

import asyncio
import contextlib
import json
from urllib.parse import SplitResult, urlsplit

from .config import Config
from .updates import UpdateQueue
from .world import PendingUpdate, World

ANSWER_TIMEOUT_S = 10.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


class WebhookPusher:
    """Delivers one update after the other, each until it is answered with 2xx."""

    def __init__(self, *, world: World, updates: UpdateQueue, config: Config) -> None:
        self._world = world
        self._updates = updates
        self._config = config
        self._reset = asyncio.Event()

    def reset(self) -> None:
        """Takes note of a changed address."""
        self._reset.set()

    async def run(self) -> None:
        """Pushes while an address is set, until the queue is closed."""
        while not self._updates.closed:
            pending = self._updates.pending()
            if not self._world.webhook.url or not pending:
                await self._anything_new()
            elif await self._deliver(pending[0]):
                self._updates.confirm(pending[0].update_id + 1)
            else:
                await self._anything_new(self._config.webhook_retry_s)

    async def _anything_new(self, timeout_s: float | None = None) -> None:
        waits = {
            asyncio.ensure_future(self._reset.wait()),
            asyncio.ensure_future(self._updates.changed()),
        }
        try:
            await asyncio.wait(
                waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            self._reset.clear()
            for one in waits:
                one.cancel()

    async def _deliver(self, update: PendingUpdate) -> bool:
        webhook = self._world.webhook
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                status = await _post(webhook.url, webhook.secret, update)
        except (OSError, TimeoutError, ValueError):
            status = "Connection failed"
        if status.startswith("2"):
            return True
        webhook.last_error_date = int(self._config.clock())
        webhook.last_error_message = f"Wrong response from the webhook: {status}"
        return False


async def _post(url: str, secret: str, update: PendingUpdate) -> str:
    """Posts the update; status and reason of the answer, such as `200 OK`."""
    target = urlsplit(url)
    port = target.port or (443 if target.scheme == "https" else 80)
    reader, writer = await asyncio.open_connection(
        target.hostname, port, ssl=True if target.scheme == "https" else None
    )
    try:
        writer.write(_request(target, secret, json.dumps(update.payload).encode()))
        await writer.drain()
        answer = (await reader.readline()).decode("latin-1")
        return answer.partition(" ")[2].strip()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _request(target: SplitResult, secret: str, body: bytes) -> bytes:
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {target.netloc}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    if secret:
        lines.append(f"{SECRET_HEADER}: {secret}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
