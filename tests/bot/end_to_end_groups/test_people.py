"""Several people at once, in topics, and in the name of their group."""

import pytest

from bot.chat.texts import texts_for
from bot.playground.visitor import button, buttons, words

from .conftest import (
    BOT,
    STYLE,
    TEXTS,
    a_pair,
    a_picture,
    answer_to,
    card_for,
    from_bot,
    is_card,
    is_result,
    newcomer,
    photo,
    result_for,
    said_by_bot,
    silence,
)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The bot ignores it, but each test of pytest begins with the filters anew.
    pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'"),
]

# Several people


async def test_people_at_work_at_once_never_touch_each_others_pictures(town, group):
    ada, ben, cleo = group
    photos = await photo(cleo), await photo(cleo)
    asked = [
        await ada.say(STYLE, reply_to=str(photos[0]["message_id"])),
        await ben.say(STYLE, reply_to=str(photos[1]["message_id"])),
    ]
    questions = [await answer_to(cleo, each) for each in asked]
    of_ben = await photo(ben, reply_to=str(questions[1]["message_id"]))
    of_ada = await photo(ada, reply_to=str(questions[0]["message_id"]))
    card_of_ada = await card_for(ada, of_ada)
    card_of_ben = await card_for(ben, of_ben)

    assert questions[0]["force_reply"]["users"] == [ada.user_id]
    assert questions[1]["force_reply"]["users"] == [ben.user_id]
    assert "Cleo’s photo in the style of Ada’s painting" in words(card_of_ada)
    assert "Cleo’s photo in the style of Ben’s painting" in words(card_of_ben)
    await ada.tap(card_of_ada, "Wild")
    await ben.tap(card_of_ben, "Subtle")
    assert "Ada’s painting" in words(await result_for(ada, of_ada))
    assert "Ben’s painting" in words(await result_for(ben, of_ben))
    rows = await town.desk.db.fetch_all(
        "SELECT user_id, content, style, strength FROM jobs WHERE chat_id = ?",
        (ada.chat_id,),
    )
    done = {row["user_id"]: row for row in rows}
    assert done[ada.user_id]["strength"] == "wild"
    assert done[ben.user_id]["strength"] == "subtle"
    assert len({row[name] for row in rows for name in ("content", "style")}) == 4


async def test_another_members_tap_gets_an_alert_and_changes_nothing(town, group):
    ada, ben, _ = group
    request, card = await a_pair(ada, ben)
    await ben.speak("de")
    for each in list(buttons(card)):
        foreign = await ben.press(card, each["data"])
        assert foreign.show_alert
        assert foreign.text == texts_for("de").toast_not_yours()
    await ben.speak("en")
    await ada.tap(card, "Balanced")
    result = await result_for(ada, request)
    for each in buttons(result):
        if each["data"]:
            assert (await ben.press(result, each["data"])).show_alert

    jobs = await town.desk.db.fetch_all(
        "SELECT * FROM jobs WHERE chat_id = ?", (ada.chat_id,)
    )
    assert [job["strength"] for job in jobs] == ["balanced"]
    await silence(town, ada, but=2)


async def test_an_answer_to_somebody_elses_question_is_not_taken(town, group):
    ada, ben, _ = group
    question = await answer_to(ada, await ada.say(STYLE))

    wrong = await photo(ben, reply_to=str(question["message_id"]))
    said = await answer_to(ben, wrong)
    right = await photo(ada, reply_to=str(question["message_id"]))

    assert words(said).startswith("I was asking somebody else.")
    assert words(await answer_to(ada, right)).startswith("I have Ada’s photo.")
    drafts = await town.desk.db.fetch_all(
        "SELECT user_id FROM drafts WHERE chat_id = ?", (ada.chat_id,)
    )
    assert [row["user_id"] for row in drafts] == [ada.user_id]


async def test_cancel_and_status_are_about_the_one_who_asks(town, group):
    ada, ben, _ = group
    _, card_of_ada = await a_pair(ada, ben)
    _, card_of_ben = await a_pair(ben, ada)

    none = await answer_to(ben, await ben.say(f"/status@{BOT}"))
    gone = await answer_to(ada, await ada.say(f"/cancel@{BOT}"))
    number = card_of_ada["message_id"]
    await ada.until(lambda m: m["message_id"] == number and m["keyboard"] is None)

    assert "not painting anything for you" in words(none)
    assert words(gone) == "Put aside."
    assert "tap a strength" in words(none)
    again = await answer_to(ada, await ada.say(f"/cancel@{BOT}"))
    assert "Which photo shall I paint?" in words(again)
    assert again["force_reply"]["users"] == [ada.user_id]
    content = await photo(ada, reply_to=str(again["message_id"]))
    assert "Now the painting" in words(await answer_to(ada, content))
    still = await ben.until(lambda m: m["message_id"] == card_of_ben["message_id"])
    assert is_card(still)


# Topics


async def test_everything_stays_in_the_topic_of_the_request(town, group):
    ada, ben, _ = group
    topic = await ada.open_topic("Cats")
    other = await ada.open_topic("Dogs")
    ben_there = ben.within(ben.chat_id, topic.thread_id)
    theirs = await photo(ben_there)
    asked = await topic.say(STYLE, reply_to=str(theirs["message_id"]))
    question = await answer_to(topic, asked)
    elsewhere = await answer_to(other, await other.say(STYLE))
    painting = await photo(topic, reply_to=str(question["message_id"]))
    card = await card_for(topic, painting)
    await topic.tap(card, "Balanced")
    result = await result_for(topic, painting)
    await topic.tap(result, "Full quality")
    file = await topic.until(lambda m: m["document"] is not None)

    await topic.delete(painting)
    await topic.tap(result, "More")
    number = result["message_id"]
    unfolded = await topic.until(
        lambda m: m["message_id"] == number and button(m, "Same style")
    )
    await topic.tap(unfolded, "Same style")
    orphan = await topic.until(from_bot, after=file["message_id"])

    assert orphan["reply_to"] is None
    mine = (question, card, result, file, orphan)
    assert {m["thread_id"] for m in mine} == {topic.thread_id}
    assert words(elsewhere).startswith("Which photo shall I paint?")
    assert len(await said_by_bot(other)) == 1
    assert [m for m in await said_by_bot(ada) if m["thread_id"] is None] == []


async def test_general_is_no_topic(town, group):
    ada, ben, _ = group
    await ada.open_topic("Cats")
    theirs = await photo(ben)

    asked = await ada.say(STYLE, reply_to=str(theirs["message_id"]))

    assert (await answer_to(ada, asked))["thread_id"] is None
    assert [c["method"] for c in await town.calls(ada.chat_id) if not c["ok"]] == []


async def test_a_topic_that_is_deleted_meanwhile_does_not_cost_the_result(town, group):
    ada, ben, _ = group
    topic = await ada.open_topic("Cats")
    theirs = await photo(ben.within(ben.chat_id, topic.thread_id))
    request = await photo(topic, text=STYLE, reply_to=str(theirs["message_id"]))
    card = await card_for(topic, request)
    await topic.tap(card, "Balanced")
    await topic.set_topic("deleted")

    result = await ada.until(is_result)

    assert result["thread_id"] is None


async def test_what_a_closed_topic_does_not_take_comes_in_private(town, people):
    person = await newcomer(town, "Ada")
    ada, ben = town.found(person, people[1])
    topic = await ada.open_topic("Cats")
    theirs = await photo(ben.within(ben.chat_id, topic.thread_id))
    request = await photo(topic, text=STYLE, reply_to=str(theirs["message_id"]))
    card = await card_for(topic, request)
    await topic.tap(card, "Balanced")
    await topic.set_topic("closed")

    result = await person.until(is_result)

    assert "Ben’s photo in the style of Ada’s painting" in words(result)
    assert [m for m in await ada.messages() if is_result(m)] == []


# Anonymous administrators


async def test_any_administrator_may_press_for_an_anonymous_one(town, group):
    ada, ben, cleo = group
    await ada.promote(cleo.user_id)
    theirs = await photo(ben)
    request = await photo(
        ada, text=STYLE, reply_to=str(theirs["message_id"]), anonymous="1"
    )
    card = await card_for(ada, request)
    refused = await ben.tap(card, "Balanced")
    taken = await cleo.tap(card, "Balanced")
    result = await result_for(ada, request)

    title = (await ada.chat())["title"]
    assert words(card).startswith(f"Ben’s photo in the style of {title}’s painting.")
    assert refused.show_alert
    assert refused.text == TEXTS.toast_not_yours()
    assert not taken.show_alert
    assert words(result).startswith("Ben’s photo")


async def test_an_anonymous_administrator_is_not_promised_a_private_chat(town, group):
    ada, ben, _ = group
    theirs = await photo(ben)
    await ada.permit(can_send_photos=False)
    (request,) = await ada.send(
        a_picture(),
        text=STYLE,
        as_file="1",
        reply_to=str(theirs["message_id"]),
        anonymous="1",
    )
    card = await answer_to(ada, request)
    await ada.tap(card, "Balanced")
    notice = await answer_after(ada, card)

    assert TEXTS.group_no_photos_for_nobody() in words(card)
    assert words(notice) == TEXTS.group_no_photos_for_nobody()
    assert notice["keyboard"] is None


async def answer_after(visitor, message):
    return await visitor.until(from_bot, after=message["message_id"])


async def test_who_is_an_administrator_is_not_guessed(town, group):
    ada, ben, cleo = group
    await ada.promote(cleo.user_id)
    theirs = await photo(ben)
    request = await photo(
        ada, text=STYLE, reply_to=str(theirs["message_id"]), anonymous="1"
    )
    card = await card_for(ada, request)
    fault = {"method": "getChatMember", "kind": "500", "count": 5}
    await town.http.post("/api/faults", json=fault)
    try:
        refused = await cleo.tap(card, "Balanced")
    finally:
        await town.http.delete("/api/faults")

    assert refused.text == TEXTS.toast_not_yours()
    assert not await town.desk.db.fetch_all(
        "SELECT 1 FROM jobs WHERE chat_id = ?", (ada.chat_id,)
    )
