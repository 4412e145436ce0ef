"""The fair queue."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from typing import Any

import pytest

from bot.jobs import store
from bot.jobs.errors import QueueFull, TooManyWaiting
from bot.jobs.job import Job, JobState
from bot.jobs.queue import JobQueue


async def claim(db):
    async with db.transaction() as tx:
        return await store.claim(tx, time.time())


async def claim_all(db) -> list[int]:
    """The owners of all waiting jobs, in the order in which they are begun."""
    owners = []
    while job := await claim(db):
        owners.append(job.user_id)
    return owners


async def test_a_submitted_job_is_queued_as_it_was_asked_for(submit, queue):
    job = await submit(
        user_id=7, thread_id=3, clip=True, edge_px=None, parent="abcdefghijkl"
    )

    assert job == await queue.get(job.id)
    assert (job.state, job.attempt, job.clip) == (JobState.QUEUED, 0, True)
    assert (job.user_id, job.thread_id, job.edge_px) == (7, 3, None)
    assert job.parent == "abcdefghijkl"
    assert re.fullmatch(r"[a-z2-7]{12}", job.id)


async def test_the_same_key_gives_the_same_job_even_when_nothing_more_fits(
    submit, queue
):
    first = await submit(key="update:9")
    for _ in range(4):
        await submit()

    assert await submit(key="update:9") == first
    assert await queue.waiting(1) == 5


async def test_a_transaction_that_fails_leaves_no_job(db, queue, new_job):
    with contextlib.suppress(RuntimeError):
        async with db.transaction() as tx:
            job = await queue.submit(tx, new_job(), "update:1")
            raise RuntimeError

    assert await queue.get(job.id) is None
    assert await queue.waiting(1) == 0


async def test_people_take_turns_however_many_jobs_one_of_them_has(submit, db):
    for user in (1, 1, 1, 1, 2, 3, 3):
        await submit(user_id=user)

    assert await claim_all(db) == [1, 2, 3, 1, 3, 1, 1]


async def test_a_newcomer_joins_the_turn_that_is_on(submit, db):
    for user in (1, 1, 1, 2, 2, 2):
        await submit(user_id=user)
    assert [(await claim(db)).user_id for _ in range(3)] == [1, 2, 1]

    await submit(user_id=3)

    assert await claim_all(db) == [2, 3, 1, 2]


async def test_whoever_was_just_served_goes_behind_those_who_wait(submit, db):
    await submit(user_id=1)
    await submit(user_id=2)
    assert (await claim(db)).user_id == 1
    await submit(user_id=1)

    assert await claim_all(db) == [2, 1]


async def test_the_place_is_the_turn_in_which_jobs_are_really_begun(submit, queue, db):
    jobs = [await submit(user_id=user) for user in (1, 1, 2, 1, 3, 2)]
    places = {job.id: await queue.place(job.id) for job in jobs}

    begun = [(await claim(db)).id for _ in jobs]

    assert begun == sorted(places, key=lambda job_id: places[job_id])
    assert sorted(places.values()) == [1, 2, 3, 4, 5, 6]
    assert await queue.place(begun[0]) is None


async def test_a_person_can_have_only_so_many_waiting_jobs(submit, db):
    for _ in range(5):
        await submit()
    with pytest.raises(TooManyWaiting) as caught:
        await submit()
    assert caught.value.limit == 5

    await claim(db)
    await submit()


async def test_a_full_queue_says_so_to_everybody(db, new_job):
    queue = JobQueue(db, max_waiting=2, max_waiting_per_user=5)
    async with db.transaction() as tx:
        for user in (1, 2):
            await queue.submit(tx, new_job(user_id=user), f"update:{user}")
        with pytest.raises(QueueFull):
            await queue.submit(tx, new_job(user_id=3), "update:3")

    assert await store.count_waiting(db) == 2


async def test_cancelling_takes_a_waiting_job_out_of_the_line(submit, queue, db):
    told: list[Job] = []
    queue.on_cancelled(told.append)
    first, second = await submit(user_id=1), await submit(user_id=2)

    assert await queue.cancel(first.id) is True
    assert await queue.cancel(first.id) is False
    assert await queue.cancel("unknown") is False

    assert [job.id for job in told] == [first.id]
    assert (await queue.get(first.id)).state is JobState.CANCELLED
    assert await queue.place(second.id) == 1
    assert (await claim(db)).id == second.id


async def test_every_transition_names_the_state_it_leaves(submit, queue, db):
    job = await submit()
    await queue.cancel(job.id)
    facts: Any = {"width": 1, "height": 1, "seconds": 1.0, "photo": "p", "full": "f"}

    async with db.transaction() as tx:
        assert await store.claim(tx, 0.0) is None
        assert await store.paint(tx, job.id, **facts, now=0.0) is None
        assert await store.fail(tx, job.id, "engine", 0.0) is None
        assert await store.requeue(tx, job.id) is None
        assert await store.deliver(tx, job.id) is None
        assert await store.add_clip(tx, job.id, "clip.mp4") is None

    assert (await queue.get(job.id)).state is JobState.CANCELLED


async def test_a_delivered_job_is_marked_once_it_was_painted(submit, queue, db):
    job = await submit()
    await claim(db)
    async with db.transaction() as tx:
        await store.paint(
            tx, job.id, width=8, height=6, seconds=2.0, photo="p", full="f", now=5.0
        )
        await queue.delivered(tx, job.id)

    done = await queue.get(job.id)
    assert (done.state, done.width, done.height) == (JobState.DELIVERED, 8, 6)
    assert (done.seconds, done.finished_at) == (2.0, 5.0)
    assert (done.photo, done.full) == ("p", "f")


async def test_wake_rings_every_bell(queue):
    bells = [queue.bell(), queue.bell()]
    queue.wake()
    async with asyncio.timeout(1):
        for bell in bells:
            await bell.wait()


async def test_claiming_costs_the_same_with_ten_thousand_waiting_jobs(submit, db):
    await submit()
    async with db.transaction() as tx:
        columns = (
            "chat_id, user_id, language, reply_to, status_message_id, content,"
            " style, strength, created_at"
        )
        await tx.execute(
            f"""
            WITH RECURSIVE n (i) AS (
                SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
            INSERT INTO jobs (id, key, turn, {columns})
            SELECT 'job' || i, 'key' || i, i / 100, 1, i % 100, 'en', 1, 1, 'c', 's',
                'balanced', 0 FROM n
            """  # noqa: S608 - the names of columns
        )

    started = time.perf_counter()
    for _ in range(50):
        await claim(db)
    each_s = (time.perf_counter() - started) / 50

    # Sorting ten thousand rows for each claim takes longer than this on any machine
    # on which a commit does not.
    assert each_s < 0.1
    plan = await db.fetch_all(
        "EXPLAIN QUERY PLAN SELECT rowid FROM jobs WHERE state = 'queued'"
        " ORDER BY turn, rowid LIMIT 1"
    )
    assert [row["detail"] for row in plan] == [
        "SEARCH jobs USING COVERING INDEX jobs_by_turn (state=?)"
    ]
