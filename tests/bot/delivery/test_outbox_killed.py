"""A process that owes a message is killed at the worst moments."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
import textwrap

import pytest

CHILD = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    from telegram.ext import ExtBot
    from bot.delivery.limiter import Limiter
    from bot.delivery.outbox import Outbox
    from bot.delivery.owed import Kind, Owed
    from bot.storage.database import Database

    async def main(folder, url, token, keys):
        async with await Database.open(folder / "bot.sqlite3") as db:
            async with ExtBot(
                token, base_url=url + "/bot", rate_limiter=Limiter()
            ) as bot:
                outbox = Outbox(db, bot, folder, first_pause_s=0.05)
                async with db.transaction() as tx:
                    for key in keys:
                        await outbox.put(
                            tx, Owed(key=key, chat_id=1, kind=Kind.TEXT, text=key)
                        )
                print("owed", flush=True)
                await outbox.run()

    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]))
    """
)


@pytest.fixture
async def start(tmp_path, telegram, telegram_url):
    """Starts a process that owes messages with the given keys."""
    started = []

    async def begin(*keys):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", CHILD, tmp_path, telegram_url[0], "1:" + "A" * 35),
            *keys,
            stdout=asyncio.subprocess.PIPE,
        )
        started.append(process)
        assert process.stdout is not None
        async with asyncio.timeout(20):
            assert await process.stdout.readline() == b"owed\n"
        return process

    yield begin
    for process in started:
        if process.returncode is None:
            await kill(process)


async def kill(process):
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.wait_for(process.communicate(), 10)


def rows(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as raw:
        return raw.execute(
            "SELECT key, state, duplicates_possible FROM outbox ORDER BY id"
        ).fetchall()


async def until_states(tmp_path, *states, timeout_s=15):
    async with asyncio.timeout(timeout_s):
        while True:
            if [state for _, state, _ in rows(tmp_path)] == [*states]:
                return
            await asyncio.sleep(0.02)


async def test_kill_while_sending_sends_again_and_counts_it(start, telegram, tmp_path):
    telegram.gate.clear()
    first = await start("result")
    await telegram.until(1)
    assert rows(tmp_path) == [("result", "sending", 0)]
    await kill(first)
    telegram.gate.set()

    await start()
    await until_states(tmp_path, "sent")

    assert rows(tmp_path) == [("result", "sent", 1)]
    assert telegram.sent() == [("sendMessage", "result")] * 2


async def test_kill_before_sending_sends_exactly_once(
    start, telegram, tmp_path, answers
):
    """The first message is held back by a flood, so both wait when the kill comes."""
    telegram.script("sendMessage", answers.flood(1))
    first = await start("a", "b")
    await telegram.until(1)
    await until_states(tmp_path, "pending", "pending")
    await kill(first)

    await start("a", "b")
    await until_states(tmp_path, "sent", "sent")

    assert rows(tmp_path) == [("a", "sent", 0), ("b", "sent", 0)]
    assert telegram.sent() == [("sendMessage", words) for words in ("a", "a", "b")]


async def test_kill_after_sending_sends_nothing_again(start, telegram, tmp_path):
    first = await start("a")
    await until_states(tmp_path, "sent")
    await kill(first)

    await start("a", "b")
    await until_states(tmp_path, "sent", "sent")

    assert telegram.sent() == [("sendMessage", "a"), ("sendMessage", "b")]
