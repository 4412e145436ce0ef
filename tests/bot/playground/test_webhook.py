"""Updates pushed to the bot's own address."""

import asyncio
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import Conflict


class Receiver:
    """An address of a bot that answers with the statuses it was given."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.url = ""

    async def __call__(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
async def receiver():
    receiver = Receiver()
    app = Starlette(routes=[Route("/hook", receiver.__call__, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, lifespan="off")
    )
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(5):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    receiver.url = f"http://127.0.0.1:{port}/hook"
    yield receiver
    server.should_exit = True
    await task


async def test_update_is_pushed_with_the_secret_until_it_is_taken(
    bot, page, receiver, until
):
    receiver.statuses = [500, 404, 200]
    await bot.set_webhook(receiver.url, secret_token="s3cret-_")
    await page.send(text="one")
    await page.send(text="two")
    await until(lambda: len(receiver.bodies) == 4)
    texts = [body["message"]["text"] for body in receiver.bodies]
    assert texts == ["one", "one", "one", "two"]
    assert set(receiver.secrets) == {"s3cret-_"}


async def test_info_shows_the_address_and_the_last_failure(bot, page, receiver, until):
    receiver.statuses = [503] * 1000
    await bot.set_webhook(receiver.url, max_connections=7)
    await page.send(text="one")
    await until(lambda: len(receiver.bodies) >= 2)
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections) == (receiver.url, 7)
    assert info.pending_update_count == 1
    assert info.last_error_message == (
        "Wrong response from the webhook: 503 Service Unavailable"
    )


async def test_polling_and_webhook_exclude_each_other(bot, page, receiver, until):
    await bot.set_webhook(receiver.url)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is"):
        await bot.get_updates()
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    await page.send(text="one")
    (update,) = await bot.get_updates()
    assert update.message.text == "one"
    assert receiver.bodies == []


async def test_what_waited_for_a_poll_is_pushed_or_dropped(bot, page, receiver, until):
    await page.send(text="old")
    await bot.set_webhook(receiver.url, drop_pending_updates=True)
    await page.send(text="new")
    await until(lambda: receiver.bodies)
    assert receiver.bodies[0]["message"]["text"] == "new"


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        (
            {"url": "ftp://127.0.0.1/"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://example.org/"},
            "bad webhook: Failed to resolve host: Name or service not known",
        ),
        (
            {"url": "http://127.0.0.1/", "secret_token": "no spaces"},
            "secret token contains unallowed characters",
        ),
        (
            {"url": "http://127.0.0.1/", "secret_token": "x" * 257},
            "secret token is too long",
        ),
    ],
)
async def test_bad_addresses_and_secrets_are_refused(call, parameters, description):
    assert await call("setWebhook", **parameters) == (
        400,
        f"Bad Request: {description}",
    )
