import asyncio
import time

import pytest
from telegram.error import RetryAfter

from bot.delivery.errors import retry_after_s
from bot.delivery.limiter import Limiter, Pace, Terms

PACE = Pace(
    overall_per_s=1000,
    chat_interval_s=0.05,
    chat_burst=3,
    group_sends=5,
    group_window_s=0.6,
    group_edit_interval_s=0.1,
)


class Line:
    """Calls through a limiter, with the time at which each left."""

    def __init__(self, pace=PACE, **options):
        self.limiter = Limiter(pace, **options)
        self.left = []
        self.floods = {}
        self.media = []
        self.begun = asyncio.Event()
        self._begun = time.monotonic()

    async def call(self, endpoint, chat_id, name="", terms=None):
        async def leave():
            self.left.append((name or endpoint, time.monotonic() - self._begun))
            self.begun.set()
            if self.floods.get(chat_id, 0) > 0:
                self.floods[chat_id] -= 1
                raise RetryAfter(1)
            return True

        data = {"chat_id": chat_id} if chat_id is not None else {}
        data |= {"media": self.media} if endpoint == "sendMediaGroup" else {}
        async with asyncio.timeout(10):
            return await self.limiter.process_request(
                leave, (), {}, endpoint, data, terms
            )

    def times(self, name):
        return [at for called, at in self.left if called == name]

    @property
    def names(self):
        return [name for name, _ in self.left]


async def test_short_burst_passes_and_then_the_chat_is_paced():
    line = Line()

    await asyncio.gather(*(line.call("sendMessage", 1) for _ in range(7)))

    at = line.times("sendMessage")
    assert at[2] < 0.04
    assert at[6] >= 4 * 0.05 - 0.01


async def test_chats_do_not_share_a_bucket():
    line = Line()

    calls = [line.call("sendMessage", chat) for chat in range(1, 9) for _ in range(3)]
    await asyncio.gather(*calls)

    assert max(line.times("sendMessage")) < 0.2


async def test_group_gets_no_more_than_its_share_in_any_window():
    pace = Pace(overall_per_s=1000, chat_interval_s=0.001, group_sends=5,
                group_window_s=0.5)  # fmt: skip
    line = Line(pace)

    await asyncio.gather(*(line.call("sendPhoto", -100) for _ in range(12)))

    at = line.times("sendPhoto")
    assert all(
        later - sooner >= 0.48 for sooner, later in zip(at, at[5:], strict=False)
    )
    assert at[4] < 0.2


async def test_edits_do_not_use_up_the_sends_of_a_group():
    line = Line()

    edits = [line.call("editMessageText", -100) for _ in range(6)]
    sends = [line.call("sendMessage", -100) for _ in range(3)]
    await asyncio.gather(*edits, *sends)

    assert max(line.times("sendMessage")) < 0.1
    assert max(line.times("editMessageText")) >= 0.25


async def test_everything_together_keeps_the_overall_pace():
    line = Line(Pace(overall_per_s=50, chat_interval_s=0.001))

    await asyncio.gather(*(line.call("sendMessage", chat) for chat in range(1, 51)))

    assert 0.35 <= max(line.times("sendMessage")) < 2


async def test_sends_overtake_edits_when_it_is_crowded():
    line = Line(Pace(overall_per_s=50, chat_interval_s=0.001))

    sends = [line.call("sendMessage", chat) for chat in range(1, 41)]
    edits = [line.call("editMessageMedia", chat) for chat in range(101, 111)]
    await asyncio.gather(*edits, *sends)

    late = [name for name in line.names[12:40]]
    assert late.count("sendMessage") >= 26


@pytest.mark.parametrize(
    "endpoint", ["answerCallbackQuery", "getFile", "deleteMessage", "getMe"]
)
async def test_answers_to_taps_are_never_delayed(endpoint):
    line = Line(Pace(overall_per_s=1, chat_interval_s=5, chat_burst=1))
    line.floods[1] = 1
    with pytest.raises(RetryAfter):
        await line.call("sendMessage", 1, terms=Terms(retries=0))

    await asyncio.gather(*(line.call(endpoint, 1) for _ in range(100)))

    assert max(line.times(endpoint)) < 0.3


async def test_flood_in_one_chat_delays_no_other_chat():
    line = Line()
    line.floods[1] = 1
    held = asyncio.create_task(line.call("sendMessage", 1, "held"))
    await line.begun.wait()

    for _ in range(10):
        await line.call("sendMessage", 2, "other")
    others_done = time.monotonic()
    assert await held is True

    assert line.names.count("held") == 2
    assert line.times("held")[1] - line.times("held")[0] >= 0.99
    assert max(line.times("other")) < 0.9
    assert time.monotonic() > others_done


async def test_held_chat_turns_the_impatient_away_without_a_call():
    line = Line()
    line.floods[1] = 1
    with pytest.raises(RetryAfter):
        await line.call("sendMessage", 1, terms=Terms(retries=0))
    calls = len(line.left)

    with pytest.raises(RetryAfter) as caught:
        await line.call("editMessageText", 1)

    assert len(line.left) == calls
    assert 0 < retry_after_s(caught.value) <= 1


async def test_held_chat_swallows_chat_actions():
    line = Line()
    line.floods[1] = 1
    with pytest.raises(RetryAfter):
        await line.call("sendMessage", 1, terms=Terms(retries=0))

    assert await line.call("sendChatAction", 1) is True
    assert await line.call("sendChatAction", 2) is True

    assert line.names.count("sendChatAction") == 1


async def test_patience_ends_after_the_agreed_number_of_floods():
    line = Line(send_retries=1)
    line.floods[1] = 5

    with pytest.raises(RetryAfter):
        await line.call("sendMessage", 1)

    assert len(line.left) == 2


async def test_before_is_awaited_when_the_turn_has_come():
    line = Line(Pace(chat_interval_s=0.2, chat_burst=1))
    told = []

    async def before():
        told.append(time.monotonic())

    begun = time.monotonic()
    terms = Terms(retries=0, before=before)
    await asyncio.gather(*(line.call("sendMessage", 1, terms=terms) for _ in range(2)))

    assert told[0] - begun < 0.15
    assert told[1] - begun >= 0.19


async def test_idle_chats_are_forgotten(monkeypatch):
    monkeypatch.setattr("bot.delivery.limiter._MOST_CHATS", 10)
    line = Line(Pace(overall_per_s=10_000, chat_interval_s=0.0001, chat_burst=1))

    for chat in range(1, 200):
        await line.call("sendMessage", chat)
        await asyncio.sleep(0.0005)

    assert len(line.limiter._chats) <= 11


async def test_real_bot_is_paced(telegram, telegram_url, bot):
    await asyncio.gather(*(bot.send_message(7, str(n)) for n in range(5)))

    assert {words for _, words in telegram.sent(7)} == set("01234")


async def test_album_in_private_holds_up_what_comes_next_no_more_than_a_message():
    line = Line(Pace(overall_per_s=1000, chat_interval_s=0.5, chat_burst=2))
    line.media = [1] * 10

    await line.call("sendMediaGroup", 1)
    await line.call("sendMessage", 1)

    (at,) = line.times("sendMessage")
    assert at < 0.4
