"""Inline mode and /history where much is kept, or where Telegram says no."""

import asyncio
import itertools
import logging
import time
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.app import Service, running
from bot.chat.texts import texts_for
from bot.playground.config import Config
from bot.playground.server import Playground
from bot.playground.visitor import button, buttons, new_person, words
from bot.playground.world import InlineQuery
from bot.settings import ExecutorKind, Settings

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The bot says so once, but every test begins with filters of its own.
    pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'"),
]

TEXTS = texts_for("en")
NUMBERS = itertools.count(1)
BITS = str.maketrans("01", "ab")
"""Makes ids of numbers: twelve letters, as those of jobs are."""


class Aged(dict[str, InlineQuery]):
    """Queries that somebody asked so long ago that no answer is taken any more."""

    def __setitem__(self, number, query):
        query.created_at -= 31
        super().__setitem__(number, query)


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """One bot for all tests; every test is somebody else."""

    http: httpx.AsyncClient
    service: Service
    playground: Playground


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory):
    async with (
        Playground(Config(press_timeout_s=2.0, inline_feedback=True)) as playground,
        httpx.AsyncClient(base_url=playground.url, timeout=30) as http,
        running(
            Settings(
                token=SecretStr(playground.bot_token),
                base_url=playground.api_base,
                base_file_url=playground.file_base,
                data_dir=tmp_path_factory.mktemp("street") / "data",
                executor=ExecutorKind.INLINE,
                weights="untrained",
                poll_timeout_s=2,
            )
        ) as service,
    ):
        yield Street(http=http, service=service, playground=playground)


@pytest_asyncio.fixture(loop_scope="module")
async def eve(street):
    """The service, and somebody new."""
    return street.service, await new_person(street.http, "Eve")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def photo(street):
    """The bytes of a photo."""
    return (await street.http.get("/samples/content.jpg")).content


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def kept(street, photo):
    """The id of a photo that the bot may use."""
    ada = await new_person(street.http, "Ada")
    await ada.send(photo)
    await ada.until(lambda m: m["from"]["is_bot"])
    db = street.service.parts.desk.db
    row = await db.fetch_one("SELECT file_id FROM pictures")
    return row["file_id"]


async def add_results(service, user_id, count, *, file_id=None, kind="photo"):
    """Results as they stand in the database, the last one newest; returns their ids."""
    ids = [f"{next(NUMBERS):012b}".translate(BITS) for _ in range(count)]
    now = time.time()
    async with service.parts.desk.db.transaction() as tx:
        for n, job_id in enumerate(ids):
            await tx.execute(
                "INSERT INTO jobs (id, key, state, chat_id, user_id, language,"
                " reply_to, status_message_id, content, style, strength, created_at,"
                " finished_at, width, height, seconds, photo_file)"
                " VALUES (?, ?, 'delivered', ?, ?,"
                " 'en', 0, 0, 'c', 's', 'wild', ?, ?, 40, 30, 1, ?)",
                (
                    *(job_id, job_id, user_id, user_id, now + n, now + n),
                    f"jobs/{job_id}/photo.jpg",
                ),
            )
            await tx.execute(
                "INSERT INTO outbox (key, job_id, chat_id, kind, file, file_id, state,"
                " created_at) VALUES (?, ?, ?, ?, ?, ?, 'sent', ?)",
                (
                    *(f"photo:{job_id}", job_id, user_id, kind),
                    *(f"jobs/{job_id}/photo.jpg", file_id, now),
                ),
            )
    return ids[::-1]


async def test_pages_of_an_inline_query_follow_each_other_without_a_gap(eve, kept):
    service, visitor = eve
    ids = await add_results(service, visitor.user_id, 45, file_id=kept)

    pages, offset = [], ""
    for _ in range(3):
        offered = await visitor.inline("", offset)
        pages.append([one["id"] for one in offered.results])
        offset = offered.next_offset

    assert [len(page) for page in pages] == [20, 20, 5]
    assert [one for page in pages for one in page] == [f"p_{job_id}" for job_id in ids]
    assert offset == ""


@pytest.mark.parametrize("offset", ["x", "-1", "99999", "9999"])
async def test_a_forged_offset_is_harmless(eve, kept, offset):
    service, visitor = eve
    await add_results(service, visitor.user_id, 2, file_id=kept)

    offered = await visitor.inline("", offset)

    assert offered.answered
    assert len(offered.results) == (0 if offset == "9999" else 2)


async def test_a_result_that_telegram_does_not_keep_is_not_offered(eve):
    service, visitor = eve
    (job_id,) = await add_results(service, visitor.user_id, 1)

    for query in ("", job_id):
        offered = await visitor.inline(query)
        assert (offered.results, offered.answered) == ([], True)
        assert offered.button is not None


async def test_ids_that_telegram_refuses_leave_the_way_to_the_bot(eve, caplog):
    service, visitor = eve
    (job_id,) = await add_results(service, visitor.user_id, 1, file_id="stale")

    with caplog.at_level(logging.WARNING, "bot.chat.inline"):
        offered = await visitor.inline(job_id)

    assert (offered.results, offered.answered) == ([], True)
    assert offered.button["text"] == TEXTS.inline_start_button()
    assert "refused" in caplog.text


async def test_a_style_that_is_no_longer_kept_has_no_link(eve, kept):
    service, visitor = eve
    (job_id,) = await add_results(service, visitor.user_id, 1, file_id=kept)

    offered = await visitor.inline(job_id)
    sent = await visitor.choose(offered, f"p_{job_id}")

    assert list(buttons(sent)) == []
    rows = await service.parts.desk.db.fetch_all(
        "SELECT * FROM styles WHERE user_id = ?", (visitor.user_id,)
    )
    assert rows == []


async def test_an_answer_that_comes_too_late_is_logged_and_nothing_else(
    street, eve, caplog, monkeypatch
):
    _, visitor = eve

    with caplog.at_level(logging.INFO, "bot.chat.inline"), monkeypatch.context() as now:
        now.setattr(street.playground.backend.world, "inline_queries", Aged())
        late = await visitor.inline("")

    assert "too late" in caplog.text
    assert not late.answered
    assert await visitor.messages() == []
    assert (await visitor.inline("")).answered


async def test_history_turns_its_pages_both_ways(eve, kept):
    service, visitor = eve
    await add_results(service, visitor.user_id, 11, file_id=kept)

    asked = await visitor.say("/history")
    first = await visitor.until(
        lambda m: button(m, TEXTS.history_older_button()) is not None,
        after=asked["message_id"],
    )
    album = [m for m in await visitor.messages() if m["media_group_id"]]
    await visitor.tap(first, TEXTS.history_older_button())
    second = await visitor.until(
        lambda m: button(m, TEXTS.history_newer_button()) is not None,
        after=first["message_id"],
    )
    await visitor.tap(second, TEXTS.history_newer_button())
    again = await visitor.until(
        lambda m: button(m, TEXTS.history_older_button()) is not None,
        after=second["message_id"],
    )

    assert len(album) == 10
    assert [b["text"] for b in buttons(first)] == [
        *map(str, range(1, 11)),
        TEXTS.history_older_button(),
    ]
    assert words(first) == words(again) == TEXTS.history(1, 10)
    assert second["photo"] is not None
    assert [b["text"] for b in buttons(second)] == ["11", TEXTS.history_newer_button()]
    assert words(second) == TEXTS.history_single(11)


async def test_history_past_its_end_says_so(eve, kept):
    service, visitor = eve
    await add_results(service, visitor.user_id, 11, file_id=kept)
    asked = await visitor.say("/history")
    first = await visitor.until(
        lambda m: button(m, TEXTS.history_older_button()) is not None,
        after=asked["message_id"],
    )
    async with service.parts.desk.db.transaction() as tx:
        mine = (visitor.user_id,)
        await tx.execute("DELETE FROM jobs WHERE user_id = ?", mine)

    answer = await visitor.tap(first, TEXTS.history_older_button())
    gone = await visitor.tap(first, "10")

    assert answer.text == TEXTS.history_no_more()
    assert gone.text == TEXTS.toast_pictures_gone()
    assert (await visitor.messages())[-1]["message_id"] == first["message_id"]


async def test_history_uploads_what_only_the_bot_keeps_and_learns_its_id(eve, photo):
    service, visitor = eve
    ids = await add_results(service, visitor.user_id, 2)
    for job_id in ids:
        folder = service.parts.desk.data_dir / "jobs" / job_id
        folder.mkdir(parents=True)
        (folder / "photo.jpg").write_bytes(photo)

    await visitor.say("/history")
    await visitor.until(lambda m: button(m, "2") is not None)

    assert len([m for m in await visitor.messages() if m["media_group_id"]]) == 2
    offered = await visitor.inline("")
    assert [one["id"] for one in offered.results] == [f"p_{job_id}" for job_id in ids]


async def test_results_of_a_group_come_back_in_private_with_what_is_safe_there(
    eve, kept
):
    service, visitor = eve
    await add_results(service, visitor.user_id, 1, file_id=kept)
    async with service.parts.desk.db.transaction() as tx:
        mine = (visitor.user_id,)
        await tx.execute("UPDATE jobs SET chat_id = -100 WHERE user_id = ?", mine)

    await visitor.say("/history")
    below = await visitor.until(lambda m: button(m, "1") is not None)
    await visitor.tap(below, "1")
    again = await visitor.until(
        lambda m: m["from"]["is_bot"], after=below["message_id"]
    )

    assert [b["text"] for b in buttons(again)] == [
        TEXTS.share_button(),
        TEXTS.compare_button(),
    ]


async def test_a_result_that_is_no_photo_is_shared_and_shown_as_a_file(eve, photo):
    service, visitor = eve
    (sent,) = await visitor.send(photo, as_file="1")
    (job_id,) = await add_results(
        service,
        visitor.user_id,
        1,
        file_id=sent["document"]["file_id"],
        kind="document",
    )

    offered = await visitor.inline(job_id)
    await visitor.say("/history")
    below = await visitor.until(lambda m: button(m, "1") is not None)
    await visitor.tap(below, "1")
    again = await visitor.until(
        lambda m: m["from"]["is_bot"], after=below["message_id"]
    )

    assert [one["type"] for one in offered.results] == ["document"]
    assert (below["photo"], again["document"]["file_id"]) == (
        None,
        sent["document"]["file_id"],
    )


async def shares_of(service, visitor):
    rows = await service.parts.desk.db.fetch_all(
        "SELECT id FROM styles WHERE user_id = ? AND kind = 'shared'",
        (visitor.user_id,),
    )
    return [f"s_{row['id']}" for row in rows]


async def has_painted_from_two(service, visitor, pictures, file_id):
    """Two results of two paintings that are kept."""
    first, second = await add_results(service, visitor.user_id, 2, file_id=file_id)
    for picture in pictures:
        await visitor.send(picture)
    await visitor.until(lambda m: button(m, "balanced") is not None)
    db = service.parts.desk.db
    draft = await db.fetch_one(
        "SELECT content, style FROM drafts WHERE user_id = ?", (visitor.user_id,)
    )
    async with db.transaction() as tx:
        for job_id, picture in zip((first, second), draft, strict=True):
            await tx.execute(
                "UPDATE jobs SET style = ? WHERE id = ?", (picture, job_id)
            )
    return first, second


async def until_used(service, code):
    """Waits until the bot has heard that a style was passed on."""
    async with asyncio.timeout(10):
        while True:
            row = await service.parts.desk.db.fetch_one(
                "SELECT used_at > created_at FROM styles WHERE id = ?", (code[2:],)
            )
            if row[0]:
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("how", ["picture", "style", "followed"])
async def test_codes_that_were_only_offered_lapse_and_used_ones_stay(
    street, eve, kept, photo, how
):
    service, visitor = eve
    painting = (await street.http.get("/samples/style.jpg")).content
    two = (photo, painting)
    _, job_id = await has_painted_from_two(service, visitor, two, kept)
    ben = await new_person(street.http, "Ben")

    offered = await visitor.inline("")
    assert len(await shares_of(service, visitor)) == 2
    code = offered.results[-1]["id"]
    if how == "followed":
        await ben.start(code)
    elif how == "style":
        await visitor.choose(offered, code)
    else:
        one = await visitor.inline(job_id)
        sent = await visitor.choose(one, f"p_{job_id}")
        code = next(buttons(sent))["url"].partition("start=")[2]
    await until_used(service, code)
    await service.parts.housekeeping._sweeps["offers"](-60)

    assert await shares_of(service, visitor) == [code]
