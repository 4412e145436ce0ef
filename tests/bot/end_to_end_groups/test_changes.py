"""What a group may take away, become, or ask too much of."""

import pytest

from bot.chat.groups.moves import move, move_with
from bot.playground.visitor import button, buttons, new_person, words

from .conftest import (
    BOT,
    STYLE,
    TEXTS,
    a_pair,
    a_picture,
    a_town,
    answer_to,
    card_for,
    eventually,
    from_bot,
    is_card,
    is_result,
    newcomer,
    photo,
    result_for,
    said_by_bot,
    said_nothing_new_in_private,
    silence,
)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The bot ignores it, but each test of pytest begins with the filters anew.
    pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'"),
]

# What may go wrong


async def test_the_result_arrives_although_every_message_of_the_request_is_deleted(
    town, group
):
    ada, ben, _ = group
    request, card = await a_pair(ada, ben)
    await ada.delete(request)
    await ada.tap(card, "Balanced")
    result = await ada.until(is_result)
    await ada.tap(result, "Full quality")
    file = await ada.until(lambda m: m["document"] is not None)

    assert result["reply_to"] is None
    assert file["reply_to"] is None


async def test_without_the_right_to_send_photos_the_result_comes_in_private(
    town, group
):
    ada, ben = town.found(await newcomer(town, "Ada"), group[1])
    private = ada.within(ada.user_id)
    await ada.permit(can_send_photos=False)
    before = len(await private.messages())
    theirs_here = await a_photo_despite(ada, ben)
    asked = await ada.say(STYLE, reply_to=str(theirs_here["message_id"]))
    question = await answer_to(ada, asked)
    painting = await ada.say("x", reply_to=str(question["message_id"]))
    assert words(await answer_to(ada, painting)).startswith("I cannot paint words")
    file = await photo(ada, as_file="1", reply_to=str(question["message_id"]))
    card = await answer_to(ada, file)
    await ada.tap(card, "Balanced")
    result = await private.until(is_result)
    notice = await ada.until(lambda m: "Your picture is ready" in words(m))

    assert card["photo"] is None
    assert "I am not allowed to send photos in this group" in words(card)
    assert notice["reply_to"] == file["message_id"]
    link = next(buttons(notice))["url"]
    assert link.startswith(f"https://t.me/{BOT}?start=")
    assert words(result).startswith("From a group in which I am not allowed")
    assert "Ben’s photo in the style of Ada’s painting" in words(result)
    assert len(await private.messages()) == before + 1
    await said_nothing_new_in_private(ben)
    assert [m for m in await said_by_bot(ada) if m["photo"] or m["document"]] == []


async def a_photo_despite(admin, member):
    """A photo in a group that takes no more of them: it came before."""
    await admin.permit(can_send_photos=True)
    theirs = await photo(member)
    await admin.permit(can_send_photos=False)
    return theirs


async def test_a_result_waits_for_whoever_has_never_opened_the_private_chat(
    town, group
):
    stranger = await new_person(town.http, "Dora")
    dora, ben = town.found(stranger, group[1])
    _, card = await a_pair(dora, ben)
    await dora.permit(can_send_photos=False)
    await dora.tap(card, "Balanced")
    await dora.until(lambda m: "Your picture is ready" in words(m))

    async def given_up():
        rows = await town.desk.db.fetch_all(
            "SELECT 1 FROM outbox WHERE chat_id = ? AND state = 'undeliverable'",
            (dora.user_id,),
        )
        return bool(rows)

    await eventually(given_up)
    assert await stranger.messages() == []
    await stranger.start("result")
    result = await stranger.until(is_result)

    assert "Ben’s photo in the style of Dora’s painting" in words(result)
    assert len([m for m in await stranger.messages() if is_result(m)]) == 1
    assert [m for m in await said_by_bot(dora) if is_result(m)] == []


async def test_without_the_right_to_write_the_one_who_asked_hears_of_it_in_private(
    town, group
):
    ada, ben = town.found(await newcomer(town, "Ada"), group[1])
    theirs = await photo(ben)
    await ada.set_bot("restricted", can_send_messages=False, can_send_photos=False)
    private = ada.within(ada.user_id)
    count = len(await private.messages())

    await ada.say(STYLE, reply_to=str(theirs["message_id"]))
    said = await private.until(lambda m: "not allowed to write" in words(m))

    assert words(said) == TEXTS.private_no_words()
    assert len(await private.messages()) == count + 1
    assert await said_by_bot(ada) == []
    await said_nothing_new_in_private(ben)


async def test_the_bot_says_hello_once_and_not_when_it_is_promoted(town, group):
    ada, _, _ = group
    await ada.set_bot("kicked")
    await ada.set_bot("member")
    hello = await ada.until(from_bot)
    await ada.set_bot("administrator")
    await ada.set_bot("member")

    assert words(hello) == TEXTS.group_hello(BOT)
    assert hello["reply_to"] is None
    await silence(town, ada, but=1)


async def test_a_link_that_adds_the_bot_brings_one_hello(town, people):
    (ada,) = town.found(people[0], bot_status="left")

    started = await ada.start_group("true")
    hello = await ada.until(from_bot)

    assert words(hello) == TEXTS.group_hello(BOT)
    assert words(started).startswith(f"/start@{BOT}")
    await silence(town, ada, but=1)


async def test_a_user_who_blocks_the_bot_is_left_alone_and_may_come_back(town):
    ada = await new_person(town.http, "Ada")
    (photo_message,) = await ada.send(a_picture())
    await ada.until(from_bot, after=photo_message["message_id"])
    await ada.set_bot("kicked")

    async def forgotten():
        rows = await town.desk.db.fetch_all(
            "SELECT 1 FROM drafts WHERE chat_id = ?", (ada.chat_id,)
        )
        return not rows

    await eventually(forgotten)
    await ada.set_bot("member")
    started = await ada.say("/start")
    await ada.until(from_bot, after=started["message_id"])


# Chats that change


async def test_a_group_that_becomes_a_supergroup_keeps_all_that_was_begun(tmp_path):
    async with a_town(tmp_path, seconds=4) as town:
        people = [await new_person(town.http, name) for name in ("Ada", "Ben")]
        ada, ben = town.found(*people, kind="group")
        _, card = await a_pair(ada, ben)
        question = await answer_to(ben, await ben.say(STYLE))
        content = await photo(ben, reply_to=str(question["message_id"]))
        await answer_to(ben, content)
        await ada.tap(card, "Strong")
        await ada.until(lambda m: "%" in words(m))

        grown = await ada.migrate()
        status = await grown.until(lambda m: from_bot(m) and button(m, "Cancel"))
        result = await grown.until(is_result)
        ben_there = ben.within(grown.chat_id)
        completed = await photo(ben_there, text=STYLE)
        second = await card_for(ben_there, completed)

        assert status["message_id"] < result["message_id"]
        assert "Ben’s photo in the style of Ada’s painting" in words(result)
        assert "Ben’s photo in the style of Ben’s painting" in words(second)
        assert len([m for m in await grown.messages() if is_result(m)]) == 1
        assert len([m for m in await grown.messages() if is_card(m)]) == 1
        assert not [m for m in await said_by_bot(ada) if is_result(m)]
        assert not any((await rows_of(town, ada.chat_id)).values())


async def test_the_bot_thrown_out_in_mid_job_stops_and_may_come_back(tmp_path):
    async with a_town(tmp_path, seconds=20) as town:
        people = [await new_person(town.http, name) for name in ("Ada", "Ben")]
        ada, ben = town.found(*people)
        elsewhere = town.found(*people)[0]
        _, card = await a_pair(ada, ben)
        await ada.tap(card, "Strong")
        await ada.until(lambda m: "%" in words(m))
        await answer_to(elsewhere, await elsewhere.say(STYLE))

        await ada.set_bot("kicked")
        count = len(await said_by_bot(ada))

        async def stopped():
            rows = await town.desk.db.fetch_all(
                "SELECT 1 FROM jobs WHERE state = 'cancelled' AND chat_id = ?",
                (ada.chat_id,),
            )
            return bool(rows)

        await eventually(stopped)
        drafts = await town.desk.db.fetch_all("SELECT chat_id FROM drafts")
        assert {row["chat_id"] for row in drafts} <= {elsewhere.chat_id}
        assert len(await said_by_bot(ada)) == count
        calls = [c for c in await town.calls(ada.chat_id) if not c["ok"]]
        assert len(calls) <= 1, "an edit may have been on its way"
        await ada.set_bot("member")
        asked = await photo(ada, text=STYLE)
        assert words(await answer_to(ada, asked)).startswith("I have Ada’s photo.")


async def rows_of(town, chat_id):
    """Everything that is kept about a chat."""
    found = {}
    for table in ("drafts", "cards", "jobs", "outbox"):
        rows = await town.desk.db.fetch_all(
            f"SELECT * FROM {table} WHERE chat_id = ?",  # noqa: S608
            (chat_id,),
        )
        found[table] = [dict(row) for row in rows]
    return found


async def test_a_group_moves_once_whoever_tells_first_and_how_often(town, people):
    ada, ben = town.found(*people[:2], kind="group")
    await a_pair(ada, ben)
    new = ada.chat_id - 1_000_000_000_000

    await move(town.desk, ada.chat_id, new)
    first = await rows_of(town, new)
    await move(town.desk, ada.chat_id, new)
    async with town.desk.db.transaction() as tx:
        await move_with(town.desk, tx, ada.chat_id, new)

    assert await rows_of(town, new) == first
    assert {table: len(rows) for table, rows in first.items()} == {
        **{"drafts": 1, "cards": 1, "jobs": 0, "outbox": 1}
    }
    assert not any((await rows_of(town, ada.chat_id)).values())
    (draft,) = first["drafts"]
    assert draft["content"]
    assert draft["request_message_id"] is None


async def test_a_draft_begun_in_the_supergroup_is_not_lost_to_an_older_one(
    town, people
):
    old, ben = town.found(*people[:2], kind="group")
    await a_pair(old, ben)
    new, ben_there = town.found(*people[:2])
    theirs = await photo(ben_there)
    await answer_to(new, await new.say(STYLE, reply_to=str(theirs["message_id"])))
    (mine,) = (await rows_of(town, new.chat_id))["drafts"]

    await move(town.desk, old.chat_id, new.chat_id)

    assert (await rows_of(town, new.chat_id))["drafts"] == [mine]
    assert (await rows_of(town, old.chat_id))["drafts"] == []


async def test_a_group_that_closes_because_it_has_moved_is_not_left(town, people):
    (ada,) = town.found(people[0], kind="group")
    question = await answer_to(ada, await ada.say(STYLE))
    await answer_to(ada, await photo(ada, reply_to=str(question["message_id"])))
    world = town.playground.backend.world
    (grown,) = town.found(people[0])
    world.chats[ada.chat_id].migrated_to = grown.chat_id  # and nobody says so
    chat = {"id": ada.chat_id, "type": "group", "title": "Old"}
    bot = {"id": world.bot.id, "is_bot": True, "first_name": "B"}
    gone = {
        "chat": chat,
        "from": {"id": ada.user_id, "is_bot": False, "first_name": "Ada"},
        "date": 0,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": "left"},
    }
    body = {"kind": "my_chat_member", "payload": gone}
    (await town.http.post("/api/updates", json=body)).raise_for_status()

    async def moved():
        return (await rows_of(town, grown.chat_id))["drafts"]

    await eventually(moved)
    asked = await photo(grown, text=STYLE)

    assert is_card(await answer_to(grown, asked)), "the photo was kept"


async def test_a_refused_message_tells_as_well_that_the_bot_was_thrown_out(tmp_path):
    async with a_town(tmp_path, seconds=1) as town:
        people = [await new_person(town.http, name) for name in ("Ada", "Ben")]
        ada, ben = town.found(*people)
        _, card = await a_pair(ada, ben)
        question = await answer_to(ben, await ben.say(STYLE))
        await answer_to(ben, await photo(ben, reply_to=str(question["message_id"])))
        await ada.tap(card, "Subtle")

        town.playground.backend.world.chats[ada.chat_id].bot_status = "kicked"

        async def forgotten():
            return not (await rows_of(town, ada.chat_id))["drafts"]

        await eventually(forgotten)
        states = {row["state"] for row in (await rows_of(town, ada.chat_id))["outbox"]}
        assert states <= {"sent", "undeliverable"}


async def test_a_group_gets_no_more_than_its_share_and_results_come_first(tmp_path):
    pace = {"group_sends": 8, "group_window_s": 6.0}
    async with a_town(tmp_path, seconds=1.5, **pace) as town:
        people = [await new_person(town.http, name) for name in ("Ada", "Ben")]
        ada, ben = town.found(*people)
        request, card = await a_pair(ada, ben)
        await ada.tap(card, "Subtle")
        for _ in range(12):
            await ben.say(f"/help@{BOT}")
        result = await result_for(ada, request)

        told = [m["message_id"] for m in await said_by_bot(ada)]
        assert told.index(result["message_id"]) <= 10, "12 were asked for before"
        sends = [
            call["time"]
            for call in await town.calls(ada.chat_id)
            if call["method"].startswith("send")
        ]
        assert len(sends) > 8
        assert all(
            later - first > 5.8 for first, later in zip(sends, sends[8:], strict=False)
        )


async def test_a_group_sees_fewer_edits_and_no_actions(town, group):
    ada, ben, _ = group
    request, card = await a_pair(ada, ben)
    await ada.tap(card, "Strong")
    await result_for(ada, request)

    methods = [call["method"] for call in await town.calls(ada.chat_id)]
    assert "sendChatAction" not in methods
    assert methods.count("editMessageMedia") <= 3
