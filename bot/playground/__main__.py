"""`python -m bot.playground [PORT]`: a playground without a bot."""

from __future__ import annotations

import asyncio
import signal
import sys

from .config import Config
from .errors import PlaygroundError
from .server import Playground


async def _serve(port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Playground(Config(port=port)) as playground:
        sys.stdout.write(
            f"chat page   {playground.url}\n"
            f"base_url    {playground.api_base}\n"
            f"token       {playground.bot_token}\n"
        )
        sys.stdout.flush()
        await stop.wait()


def main() -> int:
    """Serves until it is interrupted; exit status 1 for a taken port."""
    try:
        asyncio.run(_serve(int(sys.argv[1]) if sys.argv[1:] else 0))
    except PlaygroundError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
