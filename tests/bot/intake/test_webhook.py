import asyncio
import contextlib
import socket

import httpx
import pytest

from bot.intake.source import IntakeError
from bot.intake.webhook import Webhook, WebhookConfig
from bot.storage.errors import StorageFull

SECRET = "a-secret_of_ours"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def config(port=0):
    return WebhookConfig(
        public_url="https://bot.example/telegram",
        secret=SECRET,
        host="127.0.0.1",
        port=port,
    )


@pytest.fixture
async def stored():
    return []


@pytest.fixture
async def post(bot, ledger, telegram, stored):
    """A running webhook; posts to it and returns the status."""
    webhook = Webhook(bot, ledger, config(), first_pause_s=0.05)
    task = asyncio.create_task(webhook.run(lambda: stored.append(1)))
    await telegram.until(lambda: telegram.calls)

    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{webhook.port}", timeout=5
    ) as client:

        async def send(content, secret=SECRET, path="/telegram"):
            headers = {HEADER: secret} if secret is not None else {}
            as_json = content if isinstance(content, dict) else None
            raw = None if isinstance(content, dict) else content
            answer = await client.post(path, json=as_json, content=raw, headers=headers)
            return answer.status_code

        yield send
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)


async def test_update_is_on_disk_when_it_is_acknowledged(
    post, states, stored, make_message
):
    assert await post(make_message(5)) == 200

    assert await states() == {5: "open"}
    assert stored == [1]


async def test_repeated_delivery_is_acknowledged_and_stored_once(
    post, states, make_message
):
    assert [await post(make_message(5)) for _ in range(3)] == [200] * 3
    assert await states() == {5: "open"}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "gehéim"])
async def test_stranger_is_turned_away(post, states, make_message, secret):
    given = secret.encode() if secret else secret
    assert await post(make_message(5), given) == 403
    assert await states() == {}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"update_id": "1"}', b"\xff", b"[" * 100_000]
)
async def test_nonsense_is_refused(post, states, body):
    assert await post(body) == 400
    assert await states() == {}


async def test_oversized_body_is_refused(post, states):
    assert await post(b" " * 1_000_001) == 413
    assert await states() == {}


async def test_other_paths_do_not_exist(post, make_message):
    assert await post(make_message(1), path="/") == 404


async def test_update_that_cannot_be_stored_stays_with_telegram(
    post, ledger, states, stored, make_message, monkeypatch
):
    async def no_room(updates):
        raise StorageFull("no room left for the database")

    monkeypatch.setattr(ledger, "store", no_room)

    assert await post(make_message(5)) == 503
    assert (stored, await states()) == ([], {})


async def test_telegram_learns_address_secret_and_kinds(post, telegram):
    [(method, data)] = telegram.calls

    assert method == "setWebhook"
    assert data["url"] == "https://bot.example/telegram"
    assert data["secret_token"] == SECRET
    assert "callback_query" in data["allowed_updates"]
    assert data.get("drop_pending_updates", "false") == "false"


async def test_registering_is_tried_until_it_works(bot, ledger, telegram, refuse):
    telegram.mishaps.extend(refuse(500, "Internal Server Error") for _ in range(2))
    webhook = Webhook(bot, ledger, config(), first_pause_s=0.01)
    task = asyncio.create_task(webhook.run(lambda: None))
    await telegram.until(lambda: len(telegram.calls) == 3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)


async def test_unknown_token_ends_the_webhook_with_a_sentence(
    bot, ledger, telegram, refuse
):
    telegram.mishaps.append(refuse(401, "Unauthorized"))

    with pytest.raises(IntakeError, match="does not know the token"):
        await Webhook(bot, ledger, config()).run(lambda: None)


async def test_taken_port_ends_the_webhook_with_a_sentence(bot, ledger):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(IntakeError, match=f"port {port} cannot be listened on"):
            await Webhook(bot, ledger, config(port)).run(lambda: None)
