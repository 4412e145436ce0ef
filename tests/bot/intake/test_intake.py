import asyncio
import contextlib
import time

import pytest
import structlog

from bot.intake.intake import Intake
from bot.intake.ledger import Ledger
from bot.intake.polling import Polling
from bot.intake.source import IntakeError, Source


class Idle(Source):
    """A source without updates; `nudge` says that some were stored."""

    def __init__(self):
        self.nudge = lambda: None

    async def run(self, stored):
        self.nudge = stored
        await asyncio.Event().wait()


class Slow(Ledger):
    """A ledger whose second answer is out of date by the time it arrives."""

    def __init__(self, db):
        super().__init__(db)
        self.reads = 0
        self.has_read = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def oldest_open(self, limit):
        rows = await super().oldest_open(limit)
        self.reads += 1
        if self.reads == 2:
            self.has_read.set()
            await self.may_answer.wait()
        return rows


class Broken(Source):
    async def run(self, stored):
        raise IntakeError("port 80 cannot be listened on")


@pytest.fixture
async def make_intake(application, ledger):
    made = []

    def make(source=None, **options):
        intake = Intake(application, ledger, source or Idle(), **options)
        made.append(intake)
        return intake

    yield make
    for intake in made:
        await intake.stop()


async def test_stored_update_reaches_the_handlers_and_is_done(
    make_intake, bot, ledger, telegram, handled, until_states, make_message
):
    intake = make_intake(Polling(bot, ledger, poll_s=1))
    await intake.start()
    telegram.push(make_message(1, "hello"))
    await handled.until(1)

    await until_states({1: "done"})
    assert handled.texts == ["hello"]


async def test_open_updates_are_handed_over_at_the_start(
    make_intake, ledger, handled, until_states, make_message
):
    await ledger.store([make_message(1), make_message(2), make_message(3)])
    await ledger.done(2)
    await make_intake().start()

    await until_states({1: "done", 2: "done", 3: "done"})
    assert handled.ids == [1, 3]


async def test_update_is_open_until_its_handlers_return(
    make_intake, ledger, handled, states, until_states, make_message
):
    await ledger.store([make_message(1)])
    handled.gate.clear()
    await make_intake().start()
    await handled.until(1)

    assert await states() == {1: "open"}
    handled.gate.set()
    await until_states({1: "done"})


async def test_failed_handler_does_not_repeat_its_update_for_ever(
    make_intake, ledger, handled, until_states, make_message
):
    await ledger.store([make_message(1, "fail"), make_message(2, "fine")])
    await make_intake().start()

    await until_states({1: "done", 2: "done"})
    assert handled.ids == [1, 2]


async def test_each_update_is_handled_once_however_often_it_is_announced(
    make_intake, ledger, handled, until_states, make_message
):
    source = Idle()
    await make_intake(source).start()
    await asyncio.sleep(0)
    for n in range(50):
        await ledger.store([make_message(n, user=n % 7 + 1)])
        source.nudge()
        await asyncio.sleep(0.001 * (n % 3))

    await until_states(dict.fromkeys(range(50), "done"))
    assert sorted(handled.ids) == list(range(50))


@pytest.mark.parametrize("more", [0, 5])
async def test_update_settled_while_the_ledger_is_read_is_neither_repeated_nor_a_stop(
    application, db, handled, until_states, make_message, monkeypatch, more
):
    monkeypatch.setattr("bot.intake.intake._MOST_IN_HAND", 4)
    ledger, source = Slow(db), Idle()
    intake = Intake(application, ledger, source)
    await ledger.store([make_message(0, user=1)])
    handled.gate.clear()
    await intake.start()
    await handled.until(1)
    await ledger.store([make_message(n, user=n + 1) for n in range(1, more + 1)])
    source.nudge()
    await ledger.has_read.wait()
    handled.gate.set()
    await until_states({0: "done", **dict.fromkeys(range(1, more + 1), "open")})
    await asyncio.sleep(0.05)
    ledger.may_answer.set()

    await until_states(dict.fromkeys(range(more + 1), "done"))
    await intake.stop()
    assert handled.ids == list(range(more + 1))


async def test_people_do_not_wait_for_each_other_but_each_is_served_in_order(
    make_intake, ledger, handled, until_states, make_message
):
    ada = [make_message(n, user=1) for n in (1, 2, 3)]
    ben = make_message(4, user=2)
    ada_in_group = make_message(5, user=1, chat=-100)
    await ledger.store([*ada, ben, ada_in_group])
    handled.gate.clear()
    await make_intake().start()
    await handled.until(3)
    await asyncio.sleep(0.05)

    assert handled.ids == [1, 4, 5]
    handled.gate.set()
    await until_states(dict.fromkeys(range(1, 6), "done"))
    assert [n for n in handled.ids if n <= 3] == [1, 2, 3]


async def test_no_more_handlers_run_than_agreed(
    make_intake, ledger, handled, until_states, make_message
):
    await ledger.store([make_message(n, user=n) for n in range(1, 31)])
    handled.gate.clear()
    await make_intake(most_at_once=3).start()
    await handled.until(3)
    await asyncio.sleep(0.05)
    handled.gate.set()

    await until_states(dict.fromkeys(range(1, 31), "done"))
    assert handled.most_running == 3


async def test_inline_query_does_not_wait_until_others_are_through(
    make_intake, ledger, handled, until_states, make_message
):
    query = {
        "id": "1",
        "query": "",
        "offset": "",
        "from": make_message(1)["message"]["from"],
    }
    await ledger.store([make_message(n, user=n) for n in range(1, 6)])
    await ledger.store([{"update_id": 6, "inline_query": query}])
    handled.gate.clear()
    await make_intake(most_at_once=2).start()

    await handled.until(3)

    assert sorted(handled.ids) == [1, 2, 6]
    handled.gate.set()
    await until_states(dict.fromkeys(range(1, 7), "done"))


async def test_backlog_larger_than_the_hand_is_worked_off(
    make_intake, ledger, handled, until_states, make_message, monkeypatch
):
    monkeypatch.setattr("bot.intake.intake._MOST_IN_HAND", 8)
    await ledger.store([make_message(n, user=n % 3 + 1) for n in range(100)])
    await make_intake().start()

    await until_states(dict.fromkeys(range(100), "done"), timeout_s=20)
    assert sorted(handled.ids) == list(range(100))


@pytest.mark.parametrize(
    "nonsense",
    [
        {"message": {"message_id": 1}},
        {"message": "text"},
        {"callback_query": {"id": 5, "from": []}},
    ],
    ids=str,
)
async def test_unreadable_update_is_set_aside_and_holds_up_no_other(
    make_intake, ledger, handled, until_states, make_message, nonsense
):
    await ledger.store([{"update_id": 1, **nonsense}, make_message(2)])
    await make_intake().start()

    await until_states({1: "quarantined", 2: "done"})
    assert handled.ids == [2]


async def test_update_of_an_unknown_kind_is_done(
    make_intake, ledger, until_states, handled
):
    await ledger.store([{"update_id": 1, "something_of_tomorrow": {"a": 1}}])
    await make_intake().start()

    await until_states({1: "done"})


async def test_update_that_kills_the_process_is_tried_three_times_only(
    make_intake, ledger, handled, states, until_states, make_message
):
    """Each round is a process that begins the update and then dies."""
    await ledger.store([make_message(1)])
    handled.gate.clear()
    for attempt in range(1, 4):
        intake = make_intake()
        await intake.start()
        await handled.until(attempt)
        for task in [*intake._tasks, *intake._lanes._tasks]:
            task.cancel()
        assert await states() == {1: "open"}

    await make_intake().start()
    await until_states({1: "quarantined"})
    assert len(handled.updates) == 3


async def test_fresh_update_costs_no_count(make_intake, ledger, db, make_message,
                                           until_states):  # fmt: skip
    source = Idle()
    await make_intake(source).start()
    await asyncio.sleep(0)
    await ledger.store([make_message(1)])
    source.nudge()
    await until_states({1: "done"})

    assert (await db.fetch_one("SELECT attempts FROM updates"))["attempts"] == 0


async def test_log_lines_of_handlers_carry_the_update_id(
    make_intake, ledger, application, until_states, make_message
):
    seen = []

    async def note(*_):
        seen.append(structlog.contextvars.get_contextvars())

    application.handlers[0][0].callback = note
    await ledger.store([make_message(77)])
    await make_intake().start()
    await until_states({77: "done"})

    assert seen == [{"update_id": 77}]


async def test_stopping_leaves_unfinished_updates_open(
    make_intake, ledger, handled, states, make_message
):
    await ledger.store([make_message(n, user=1) for n in (1, 2)])
    handled.gate.clear()
    intake = make_intake()
    await intake.start()
    await handled.until(1)
    begun = time.monotonic()
    await intake.stop()

    assert time.monotonic() - begun < 5
    assert await states() == {1: "open", 2: "open"}


async def test_stopping_lets_running_handlers_end(
    make_intake, ledger, handled, states, make_message
):
    await ledger.store([make_message(n, user=1) for n in (1, 2)])
    handled.gate.clear()
    intake = make_intake()
    await intake.start()
    await handled.until(1)
    stopping = asyncio.create_task(intake.stop())
    await asyncio.sleep(0.05)
    handled.gate.set()
    await stopping

    assert await states() == {1: "done", 2: "open"}


async def test_starting_and_stopping_twice_is_fine(
    make_intake, ledger, handled, until_states, make_message
):
    await ledger.store([make_message(1)])
    intake = make_intake()
    await intake.start()
    await intake.start()
    await until_states({1: "done"})
    await intake.stop()
    await intake.stop()

    assert handled.ids == [1]


async def test_broken_source_is_heard_of(make_intake):
    intake = make_intake(Broken())
    await intake.start()

    with pytest.raises(IntakeError, match="port 80"):
        await asyncio.wait_for(intake.wait(), 5)


async def test_waiting_ends_when_the_intake_is_stopped(make_intake):
    intake = make_intake()
    await intake.start()
    waiting = asyncio.create_task(intake.wait())
    await asyncio.sleep(0)
    await intake.stop()

    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(waiting, 5)
    assert waiting.done()
