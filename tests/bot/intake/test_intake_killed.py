"""A process is killed between receiving an update and handling it."""

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
    import asyncio, os, signal, sys
    from pathlib import Path
    from telegram import Update
    from telegram.ext import ApplicationBuilder, ExtBot, TypeHandler
    from bot.intake.intake import Intake
    from bot.intake.ledger import Ledger
    from bot.intake.polling import Polling
    from bot.storage.database import Database

    die_at = sys.argv[4]

    def die(where):
        if die_at == where:
            os.kill(os.getpid(), signal.SIGKILL)

    class Mortal(Ledger):
        async def store(self, updates):
            die("before commit")
            stored = await super().store(updates)
            die("before acknowledge")
            return stored

        async def done(self, update_id):
            die("before done")
            await super().done(update_id)

    async def handle(update, _):
        print("handled", update.update_id, flush=True)
        die("while handling")

    async def main(folder, url, token):
        async with await Database.open(folder / "bot.sqlite3") as db:
            bot = ExtBot(token, base_url=url + "/bot")
            app = ApplicationBuilder().bot(bot).updater(None).build()
            app.add_handler(TypeHandler(Update, handle))
            async with app:
                ledger = Mortal(db)
                intake = Intake(app, ledger, Polling(bot, ledger, poll_s=1))
                await intake.start()
                await intake.wait()

    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
    """
)


@pytest.fixture
async def start(tmp_path, telegram, telegram_url):
    """Starts a process that polls, and that may be mortal."""
    started = []

    async def begin(die_at="never"):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", CHILD, tmp_path, telegram_url[0]),
            *("1:" + "A" * 35, die_at),
            stdout=asyncio.subprocess.PIPE,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)
            await asyncio.wait_for(process.communicate(), 10)


def states(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as raw:
        found = raw.execute("SELECT update_id, state FROM updates ORDER BY update_id")
        return dict(found.fetchall())


async def until_done(tmp_path, count, timeout_s=15):
    async with asyncio.timeout(timeout_s):
        while True:
            if list(states(tmp_path).values()) == ["done"] * count:
                return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("die_at", "stored", "begun"),
    [
        ("before commit", {}, b""),
        ("before acknowledge", {1: "open", 2: "open"}, b""),
        ("while handling", {1: "open", 2: "open"}, b"handled 1\n"),
        ("before done", {1: "open", 2: "open"}, b"handled 1\n"),
    ],
)
async def test_killed_process_loses_no_update(
    start, telegram, tmp_path, make_message, die_at, stored, begun
):
    telegram.push(make_message(1), make_message(2))
    first = await start(die_at)
    out, _ = await asyncio.wait_for(first.communicate(), 20)
    assert (first.returncode, out) == (-signal.SIGKILL, begun)
    assert states(tmp_path) == stored

    second = await start()
    assert second.stdout is not None
    async with asyncio.timeout(15):
        handled = [await second.stdout.readline() for _ in range(2)]
    await until_done(tmp_path, 2)
    await telegram.until(lambda: telegram.acknowledged == [1, 2])

    assert handled == [b"handled 1\n", b"handled 2\n"]
