"""The command `stylebot` as its operator meets it: one sentence, or it runs."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from bot.demo import UNTRAINED_NOTICE
from bot.playground.visitor import knock

SECRET = "700000009:AAthis-token-must-never-be-shown-anywhere"
TIMEOUT_S = 90


@pytest.fixture
def without_network(tmp_path):
    """An environment whose every way out ends at a port nobody listens on."""
    with socket.socket() as deaf:  # bound, so nobody else's, but never listening
        deaf.bind(("127.0.0.1", 0))
        yield an_environment(tmp_path, f"http://127.0.0.1:{deaf.getsockname()[1]}")


@pytest.fixture
def silent_network(tmp_path):
    """An environment whose way out takes every question and answers none."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield an_environment(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}")


def an_environment(folder, proxy):
    (folder / "home").mkdir(exist_ok=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("STYLE") and not name.lower().endswith("_proxy")
    }
    home = {"HOME": str(folder / "home")}
    return kept | home | {"HTTPS_PROXY": proxy, "NO_PROXY": "127.0.0.1"}


@pytest.fixture
def stylebot(tmp_path, without_network):
    """Runs `stylebot` with arguments and settings to its end."""

    def run(*arguments, env=without_network, **settings):
        named = {f"STYLEBOT_{key.upper()}": value for key, value in settings.items()}
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            env=env | named,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_S,
        )

    return run


@pytest.fixture
def here(playground, tmp_path):
    """Settings of a service that would start, if nothing else were wrong."""
    return {
        "token": playground.bot_token,
        "base_url": playground.api_base,
        "base_file_url": playground.file_base,
        "data_dir": str(tmp_path / "data"),
        "weights": "untrained",
        "executor": "inline",
        "log_level": "warning",
    }


def refused(done, *phrases, status=2, logged=0):
    """Checks that a command ended with one clear line, after what the log had."""
    assert done.returncode == status, done.stderr
    *log, line = done.stderr.splitlines()
    assert len(log) == logged, done.stderr
    assert line.endswith(".")
    assert "Traceback" not in line
    for phrase in phrases:
        assert phrase in line
    assert SECRET.partition(":")[2] not in done.stdout + done.stderr
    return line


def test_version_and_help_are_answered_at_once(stylebot):
    version, help_ = stylebot("--version"), stylebot("--help")

    assert re.fullmatch(r"stylebot \d+\.\d+\.\d+\n", version.stdout)
    assert version.returncode == help_.returncode == 0
    assert "run" in help_.stdout
    assert "demo" in help_.stdout


@pytest.mark.parametrize("token", ["", "   "])
def test_without_a_token_nothing_starts_and_nothing_is_fetched(stylebot, token):
    refused(stylebot("run", token=token), "STYLEBOT_TOKEN", "@BotFather")


async def test_a_wrong_token_is_said_and_not_shown(stylebot, here):
    wrong = {**here, "token": SECRET}

    done = await asyncio.to_thread(stylebot, "run", **wrong)

    refused(done, "Telegram does not know the bot token", "STYLEBOT_TOKEN")


@pytest.mark.parametrize("token", ["no-colon", "1:with space", "1:ümlaut", "a:b/../c"])
async def test_a_token_of_any_shape_is_a_sentence(stylebot, here, token):
    done = await asyncio.to_thread(stylebot, "run", **{**here, "token": token})

    refused(done, "STYLEBOT_TOKEN")


async def test_a_data_folder_that_cannot_be_made_is_said(stylebot, here, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    bad = {**here, "data_dir": str(tmp_path / "file" / "data")}

    done = await asyncio.to_thread(stylebot, "run", **bad)

    line = refused(done, "STYLEBOT_DATA_DIR", "cannot be written")
    assert str(tmp_path) not in line


async def test_a_full_disk_is_said(stylebot, here, full_disk):
    bad = {**here, "data_dir": str(full_disk / "data")}

    done = await asyncio.to_thread(stylebot, "run", **bad)

    refused(done, "STYLEBOT_DATA_DIR", "full")


@pytest.fixture
def full_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    if not can_run("mount", "-t", "tmpfs", "-o", "size=64k", "stylebot", folder):
        pytest.skip("no file system can be mounted here")
    with contextlib.suppress(OSError):
        (folder / "ballast").write_bytes(bytes(1 << 20))
    yield folder
    assert can_run("umount", "-l", folder)


def can_run(program, *arguments):
    found = shutil.which(program)
    command = [found or "", *map(str, arguments)]
    return (
        bool(found)
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )


async def test_a_taken_webhook_port_is_said(stylebot, here):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        hooked = {**here, "public_url": "https://bot.example", "webhook_port": port}

        done = await asyncio.to_thread(stylebot, "run", **hooked)

    refused(done, "Updates cannot be received", port)


@pytest.mark.parametrize(
    ("settings", "phrases"),
    [
        ({"edge_px": "7"}, ["STYLEBOT_EDGE_PX"]),
        ({"webhook_port": "many"}, ["STYLEBOT_WEBHOOK_PORT"]),
        ({"executor": "magic", "log_level": "x"}, ["_EXECUTOR", "_LOG_LEVEL"]),
        ({"base_url": "ftp://x"}, ["STYLEBOT_BASE_URL", "http"]),
        ({"webhook_secret": "a b"}, ["STYLEBOT_WEBHOOK_SECRET"]),
        ({"executor": "local", "weights": "gone.pth"}, ["gone.pth", "weights fetch"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
async def test_a_setting_that_makes_no_sense_is_named(
    stylebot, here, settings, phrases
):
    done = await asyncio.to_thread(stylebot, "run", **{**here, **settings})

    refused(done, *phrases)


async def test_a_device_that_is_not_there_is_said(stylebot, here):
    bad = {**here, "executor": "local", "device": "cuda:99"}

    done = await asyncio.to_thread(stylebot, "run", **bad)

    refused(done, "STYLEBOT_DEVICE", logged=1)


async def test_a_file_that_holds_no_weights_is_said(stylebot, here, tmp_path):
    (tmp_path / "lie.safetensors").write_bytes(b"not weights at all")
    bad = {**here, "executor": "local", "weights": "lie.safetensors"}

    done = await asyncio.to_thread(stylebot, "run", **bad)

    refused(done, "weights", "STYLEBOT_WEIGHTS=untrained", logged=1)


async def test_without_weights_and_network_it_says_what_mends_it(stylebot, here):
    bad = {**here, "executor": "local", "weights": "auto"}

    done = await asyncio.to_thread(stylebot, "run", **bad)

    refused(
        done,
        "There are no trained weights",
        "`stylecore weights fetch`",
        "STYLEBOT_WEIGHTS=untrained",
    )


@pytest.mark.slow
async def test_a_network_that_never_answers_does_not_keep_it_waiting(
    stylebot, here, silent_network
):
    bad = {**here, "executor": "local", "weights": "auto"}
    started = time.monotonic()

    done = await asyncio.to_thread(stylebot, "run", env=silent_network, **bad)

    refused(done, "`stylecore weights fetch`")
    assert time.monotonic() - started < 30  # 5 s, and what it takes to load torch


async def test_untrained_weights_are_taken_if_they_are_asked_for(bot_process, http):
    bot = await bot_process(weights="untrained", edge_px="64")

    await knock(http, 30)

    assert await bot.stop() == 0


# The demo


def test_a_taken_port_of_the_demo_is_said(stylebot):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = stylebot("demo", "--port", port, "--weights", "untrained")

    refused(done, port)


@pytest.mark.parametrize("option", ["--once", "--data-dir"])
def test_a_folder_that_the_demo_cannot_make_is_said(stylebot, tmp_path, option):
    (tmp_path / "file").write_text("not a folder")

    done = stylebot("demo", option, "file/folder", "--weights", "untrained")

    refused(done, "file/folder")


def test_a_weights_file_of_the_demo_that_is_not_there_is_said(stylebot):
    refused(
        stylebot("demo", "--weights", "gone.pth"), "gone.pth", "--weights untrained"
    )


def test_a_photo_of_the_demo_that_is_not_there_is_said(stylebot):
    refused(stylebot("demo", "--once", "out", "--content", "gone.jpg"), "gone.jpg")


@contextlib.asynccontextmanager
async def running_demo(env, folder, *options):
    """A demo with its output; it has to end with the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", "--no-open", *options),
        env=env | {"TMPDIR": str(folder)},
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait_for(process.communicate(), 30)


async def address_of(process):
    """Reads the demo's output until it says where its page is."""
    assert process.stdout is not None
    async with asyncio.timeout(TIMEOUT_S):
        async for line in process.stdout:
            if found := re.search(r"http://\S+", line.decode()):
                return found[0]
    raise AssertionError("the demo ended without an address")


def children(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


async def test_without_weights_and_network_the_demo_paints_untrained_and_says_so(
    without_network, tmp_path
):
    async with running_demo(without_network, tmp_path) as demo:
        url = await address_of(demo)
        async with httpx.AsyncClient(base_url=url) as http:
            world = (await http.get("/api/world")).json()

    assert world["notice"] == UNTRAINED_NOTICE
    assert "stylecore weights fetch" in world["notice"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_a_demo_that_is_told_to_end_takes_its_bot_and_its_folder_along(
    without_network, tmp_path, processes_end, number
):
    options = ("--weights", "untrained", "--edge", "64")
    async with running_demo(without_network, tmp_path, *options) as demo:
        url = await address_of(demo)
        async with httpx.AsyncClient(base_url=url) as http:
            await knock(http, 30)
        (bot,) = children(demo.pid)
        family = [bot, *children(bot)]

        demo.send_signal(number)
        status = await asyncio.wait_for(demo.wait(), 20)

    assert status == (130 if number is signal.SIGINT else 143)
    assert await processes_end(family)
    assert not list(tmp_path.glob("stylebot-demo-*"))
