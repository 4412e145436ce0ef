"""How fast a bot may write, where the limits hold."""

import pytest

from bot.playground.world import ADA_ID, GROUP_ID


@pytest.fixture
async def limits(http):
    answer = await http.post("/api/limits", json={"on": True})
    assert answer.json() == {"on": True}


@pytest.fixture
def write(call):
    """Sends a message; 200, or Telegram's words."""

    async def write(chat_id, text="x"):
        status, result = await call("sendMessage", chat_id=chat_id, text=text)
        return status if status == 200 else result

    return write


async def test_21st_message_of_a_minute_waits_but_not_edits_and_actions(
    limits, write, bot, clock
):
    for _ in range(20):
        clock.now += 1
        assert await write(GROUP_ID) == 200
    assert await write(GROUP_ID) == "Too Many Requests: retry after 41"
    await bot.edit_message_text("edited", GROUP_ID, 1)
    await bot.send_chat_action(GROUP_ID, "typing")
    assert await write(ADA_ID) == 200
    clock.now += 41
    assert await write(GROUP_ID) == 200
    assert await write(GROUP_ID) == "Too Many Requests: retry after 1"


async def test_item_of_an_album_counts_as_a_message(limits, call, bot, picture, clock):
    sent = await bot.send_photo(GROUP_ID, picture())
    media = [{"type": "photo", "media": sent.photo[-1].file_id}] * 10
    status, _ = await call("sendMediaGroup", chat_id=GROUP_ID, media=media)
    assert status == 200
    status, _ = await call("sendMediaGroup", chat_id=GROUP_ID, media=media)
    assert status == 429


async def test_31st_message_of_a_second_waits(limits, write, clock):
    for _ in range(30):
        assert await write(ADA_ID) == 200
    assert await write(ADA_ID) == "Too Many Requests: retry after 1"
    clock.now += 1
    assert await write(ADA_ID) == 200


async def test_limits_hold_only_where_they_are_asked_for(write):
    for _ in range(31):
        assert await write(GROUP_ID) == 200
