"""The server itself: its port, its end, and whom it listens to."""

import asyncio
import threading
import time

import httpx
import pytest
from telegram.error import InvalidToken, TelegramError

from bot.playground import samples
from bot.playground.config import Config
from bot.playground.errors import PlaygroundError, PortTaken
from bot.playground.server import Playground, create_app


async def test_taken_port_is_explained_in_a_sentence(playground):
    with pytest.raises(PortTaken, match=rf"Port {playground.port} is already in use"):
        await Playground(port=playground.port).start()
    assert issubclass(PortTaken, OSError)
    assert issubclass(PortTaken, PlaygroundError)


async def test_port_is_free_again_after_the_end():
    async with Playground() as first:
        port = first.port
    async with Playground(port=port) as second:
        assert second.url == f"http://127.0.0.1:{port}"


async def test_stops_promptly_with_polls_streams_and_presses_open(until):
    playground = Playground()
    await playground.start()
    backend = playground.backend
    only_messages = {"timeout": 50, "allowed_updates": '["message"]'}
    keyboard = {"inline_keyboard": [[{"text": "go", "callback_data": "go"}]]}
    question = {"chat_id": 1001, "text": "go?", "reply_markup": keyboard}
    tap = {"user": 1001, "data": "go"}
    async with httpx.AsyncClient(base_url=playground.url, timeout=30) as client:
        api = f"/bot{playground.bot_token}"

        async def stream() -> None:
            async with client.stream("GET", "/api/events?user=1001") as events:
                async for _ in events.aiter_lines():
                    pass

        await client.post(f"{api}/sendMessage", json=question)
        streaming = asyncio.create_task(stream())
        polling = asyncio.create_task(
            client.post(f"{api}/getUpdates", json=only_messages)
        )
        waiting = asyncio.create_task(client.get("/api/wait?after=99&timeout=50"))
        pressing = asyncio.create_task(
            client.post("/api/chats/1001/messages/1/press", json=tap)
        )
        await until(lambda: backend.updates.is_polled and backend.world.queries)
        started = time.monotonic()
        await playground.stop()
        assert time.monotonic() - started < 2
        async with asyncio.timeout(2):
            polled, waited, pressed = await asyncio.gather(polling, waiting, pressing)
            await streaming
    assert polled.json() == {"ok": True, "result": []}
    assert waited.json()["events"] == []
    assert pressed.json()["answered"] is False


async def test_stopping_twice_is_harmless():
    playground = Playground()
    await playground.start()
    await playground.stop()
    await playground.stop()


async def test_nothing_of_it_is_left_on_disk(page, picture):
    playground = Playground()
    async with playground, httpx.AsyncClient(base_url=playground.url) as client:
        sent = await client.post(
            "/api/chats/1001/messages",
            data={"user": 1001},
            files={"photo": ("a.jpg", picture(64, 48))},
        )
        assert sent.status_code == 200
        folder = playground.backend.files.folder
        assert list(folder.rglob("*.jpg"))
    assert not folder.exists()


async def test_foreign_host_names_and_origins_are_refused(playground, http):
    rebound = await http.get("/api/world", headers={"host": "evil.example"})
    assert rebound.status_code == 400
    foreign = {"origin": "http://evil.example"}
    forged = await http.post("/api/notice", json={"text": "hi"}, headers=foreign)
    assert forged.status_code == 403
    own = {"origin": playground.url}
    assert (await http.post("/api/notice", json={}, headers=own)).status_code == 200


def test_app_without_a_folder_for_files_is_refused():
    with pytest.raises(PlaygroundError, match="need a folder"):
        create_app(Config())


async def test_wrong_token_is_401_and_invalid_for_the_library(http, bot):
    response = await http.get("/bot1:wrong/getMe")
    assert response.status_code == 401
    assert response.json() == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized",
    }
    bot._bot_token, token = "1:wrong", bot.token
    url = bot.base_url.replace(token, "1:wrong")
    bot._base_url = url
    with pytest.raises(InvalidToken):
        await bot.get_me()


async def test_unknown_method_is_404(call, bot):
    assert await call("sendSmoke") == (404, "Not Found: method not found")
    with pytest.raises(TelegramError):
        await bot.do_api_request("sendSmoke")


async def test_any_verb_any_case_and_any_kind_of_body_will_do(playground, http):
    base = f"/bot{playground.bot_token}"
    by_query = await http.get(f"{base}/SENDMESSAGE?chat_id=1001&text=one")
    by_form = await http.post(
        f"{base}/sendmessage", data={"chat_id": "1001", "text": "two"}
    )
    by_json = await http.put(
        f"{base}/sendMessage", json={"chat_id": 1001, "text": "three"}
    )
    by_parts = await http.post(
        f"{base}/sendMessage",
        data={"chat_id": "1001", "text": "four"},
        files={"unused": b"-"},
    )
    texts = [r.json()["result"]["text"] for r in (by_query, by_form, by_json, by_parts)]
    assert texts == ["one", "two", "three", "four"]


async def test_broken_json_is_a_bad_request(playground, http):
    response = await http.post(
        f"/bot{playground.bot_token}/getMe",
        content=b"{",
        headers={"content-type": "application/json"},
    )
    assert response.status_code == 400


async def test_log_of_calls_shows_a_poll_while_it_waits_and_never_the_token(
    playground, http, bot, until
):
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: playground.backend.updates.is_polled)
    calls = (await http.get("/api/calls")).json()["calls"]
    assert [(c["method"], c["ok"]) for c in calls] == [
        ("getMe", True),
        ("getUpdates", None),
    ]
    await bot.send_message(1001, "hello")
    with pytest.raises(TelegramError):
        await bot.send_message(4711, "hello")
    log = await http.get("/api/calls", params={"after": calls[-1]["seq"]})
    ended = [one for one in log.json()["calls"] if one["method"] == "sendMessage"]
    assert [(c["chat_id"], c["ok"], c["error"]) for c in ended] == [
        (1001, True, None),
        (4711, False, "Bad Request: chat not found"),
    ]
    assert playground.bot_token not in log.text
    poll.cancel()


async def test_stopping_while_a_sample_is_drawn_leaves_no_traceback(
    until, monkeypatch, caplog
):
    drawing, finish = threading.Event(), threading.Event()

    def slowly(name):
        drawing.set()
        finish.wait(10)
        return b""

    monkeypatch.setattr(samples, "jpeg", slowly)
    async with Playground() as playground, httpx.AsyncClient() as client:
        asked = asyncio.create_task(client.get(f"{playground.url}/samples/style.jpg"))
        await until(drawing.is_set)
        await playground.stop()
        finish.set()
        with pytest.raises(httpx.TransportError):
            await asked

    assert "CancelledError" not in caplog.text
