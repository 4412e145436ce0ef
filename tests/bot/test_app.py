"""The service as a whole: how it starts, why it does not, how it stops."""

import asyncio
import functools
import socket

import pytest

from bot import app
from bot.app import running
from bot.chat.application import introduce
from bot.errors import (
    DataFolderUnusable,
    EngineUnusable,
    PortTaken,
    SettingsError,
    StartupError,
    TelegramUnreachable,
    TokenError,
)
from bot.executors.base import TaskFailed
from bot.settings import ExecutorKind, Settings
from bot.storage.errors import StorageFull


@pytest.fixture
def settings(playground, tmp_path):
    return Settings(
        token=playground.bot_token,
        base_url=playground.api_base,
        base_file_url=playground.file_base,
        data_dir=tmp_path / "data",
        executor=ExecutorKind.INLINE,
        edge_px=128,
        poll_timeout_s=2,
    )


async def start_and_wait(settings):
    async with running(settings) as service:
        await asyncio.wait_for(service.until(asyncio.Event()), 20)


async def test_without_a_token_it_does_not_start(settings):
    with pytest.raises(SettingsError, match="@BotFather"):
        await start_and_wait(settings.model_copy(update={"token": None}))


async def test_with_a_wrong_token_it_does_not_start(settings, playground):
    wrong = Settings(**{**settings.model_dump(), "token": "1:wrong-token-entirely"})

    with pytest.raises(TokenError, match="STYLEBOT_TOKEN") as caught:
        await start_and_wait(wrong)

    assert "wrong-token-entirely" not in str(caught.value)
    assert caught.value.__cause__ is None, "the library's own sentence has the token"


async def test_without_telegram_it_tries_again_and_then_says_so(settings, monkeypatch):
    monkeypatch.setattr(app, "introduce", functools.partial(introduce, pauses_s=(0,)))
    with socket.socket() as deaf:  # bound, so nobody else's, but never listening
        deaf.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/bot"

        with pytest.raises(TelegramUnreachable, match="STYLEBOT_BASE_URL"):
            await start_and_wait(settings.model_copy(update={"base_url": url}))


async def test_a_short_absence_of_telegram_does_not_keep_it_from_starting(
    settings, http
):
    await http.post("/api/faults", json={"method": "getMe", "kind": "502", "count": 1})

    async with running(settings) as service:
        assert service.parts.application.bot.username


async def test_a_data_folder_that_cannot_be_written_is_named(settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    bad = settings.model_copy(update={"data_dir": tmp_path / "file" / "data"})

    with pytest.raises(DataFolderUnusable, match="STYLEBOT_DATA_DIR") as caught:
        await start_and_wait(bad)

    assert str(tmp_path) not in str(caught.value)


async def test_a_taken_webhook_port_is_named(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        hooked = settings.model_copy(
            update={"public_url": "https://bot.example", "webhook_port": port}
        )

        with pytest.raises(PortTaken, match=str(port)):
            await start_and_wait(hooked)


@pytest.mark.parametrize(
    ("error", "named", "sentence"),
    [
        (StorageFull("x"), DataFolderUnusable, "is full"),
        (TaskFailed("weights", False), EngineUnusable, "stylecore weights fetch"),
        (TaskFailed("device", False), EngineUnusable, "STYLEBOT_DEVICE"),
    ],
)
def test_what_fails_later_is_a_sentence_too(error, named, sentence):
    with pytest.raises(named, match=sentence) as caught, app._explained():
        raise error

    assert isinstance(caught.value, StartupError)
    assert str(caught.value).endswith(".")
