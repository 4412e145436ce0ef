"""What is asked of the bot in a group, and what is not."""

import pytest

from bot.chat.groups.arriving import Arrivals
from bot.chat.groups.replies import Replies
from bot.chat.texts import texts_for
from bot.playground.visitor import new_person, words

from .conftest import (
    BOT,
    STYLE,
    a_pair,
    a_picture,
    answer_to,
    card_for,
    is_card,
    photo,
    result_for,
    said_nothing_new_in_private,
    silence,
)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The bot ignores it, but each test of pytest begins with the filters anew.
    pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'"),
]

# Requests


async def test_a_photo_that_is_replied_to_is_painted_in_the_style_of_the_answer(
    town, group
):
    ada, ben, _ = group
    theirs = await photo(ben)
    asked = await ada.say(STYLE, reply_to=str(theirs["message_id"]))
    question = await answer_to(ada, asked)

    assert words(question).startswith("I have Ben’s photo. Now the painting:")
    assert question["force_reply"] == {
        "placeholder": "Send the painting",
        "users": [ada.user_id],
    }
    painting = await photo(ada, reply_to=str(question["message_id"]))
    card = await card_for(ada, painting)
    assert words(card).startswith("Ben’s photo in the style of Ada’s painting.\n")
    await ada.tap(card, "Balanced")
    result = await result_for(ada, painting)

    assert words(result).startswith("Ben’s photo in the style of Ada’s painting.\n")
    assert "Painted in" in words(result)
    await said_nothing_new_in_private(ada, ben)


async def test_a_photo_of_ones_own_in_the_reply_is_the_painting(town, group):
    ada, ben, _ = group
    theirs = await photo(ben, as_file="1")

    request = await photo(ada, text=STYLE, reply_to=str(theirs["message_id"]))
    card = await card_for(ada, request)
    await ada.tap(card, "Swap")

    assert words(card).startswith("Ben’s photo in the style of Ada’s painting.\n")
    swapped = "Ada’s photo in the style of Ben’s painting.\n"
    await ada.until(lambda m: is_card(m) and words(m).startswith(swapped))


async def test_a_caption_on_a_file_is_a_request_and_names_are_shown_as_they_are(town):
    ada = await new_person(town.http, "<b>Ada & Co")
    (ada,) = town.found(ada)
    asked = await photo(ada, text=STYLE, as_file="1", name="cat.png")
    question = await answer_to(ada, asked)
    (painting,) = await ada.send(
        a_picture(heic=True),
        name="IMG_1.HEIC",
        as_file="1",
        reply_to=str(question["message_id"]),
    )
    card = await card_for(ada, painting)

    assert words(question).startswith("I have <b>Ada & Co’s photo.")
    assert words(card).startswith(
        "<b>Ada & Co’s photo in the style of <b>Ada & Co’s painting."
    )


async def test_the_command_alone_asks_for_one_after_the_other(town, group):
    ada, ben, _ = group
    asked = await ada.say(STYLE)
    first = await answer_to(ada, asked)
    content = await photo(ada, reply_to=str(first["message_id"]))
    second = await answer_to(ada, content)
    painting = await photo(ada, reply_to=str(second["message_id"]))

    assert words(first) == "Which photo shall I paint? Reply to this message with it."
    assert first["force_reply"]["users"] == [ada.user_id]
    assert second["force_reply"]["users"] == [ada.user_id]
    assert is_card(await answer_to(ada, painting))
    await silence(town, ben, but=3)


async def test_of_an_album_only_one_picture_arrives_and_the_other_is_asked_for(
    town, group
):
    ada, _, _ = group
    album = await ada.send(a_picture(), a_picture(), text=STYLE)
    question = await answer_to(ada, album[0])
    other = await ada.say(STYLE, reply_to=str(album[1]["message_id"]))
    card = await card_for(ada, other)

    assert words(question).startswith("Telegram shows me only one picture")
    assert words(card).startswith("Ada’s photo in the style of Ada’s painting.")


async def test_an_album_that_arrives_whole_is_a_pair(town, people):
    ada, _ = town.found(*people[:2], bot_status="administrator")

    album = await ada.send(a_picture(), a_picture(), text=STYLE)
    card = await card_for(ada, album[0])

    assert words(card).startswith("Ada’s photo in the style of Ada’s painting.")
    await silence(town, ada, but=1)


async def test_an_album_in_answer_to_a_question_is_a_pair(town, group):
    ada, _, _ = group
    question = await answer_to(ada, await ada.say(STYLE))

    album = await ada.send(
        a_picture(), a_picture(), reply_to=str(question["message_id"])
    )
    card = await ada.until(is_card)

    assert card["reply_to"] in {m["message_id"] for m in album}


async def test_the_bots_name_in_a_caption_counts_like_the_command(town, group):
    ada, ben, _ = group
    theirs = await photo(ben)

    request = await photo(
        ada, text=f"please, @{BOT}", reply_to=str(theirs["message_id"])
    )

    assert is_card(await answer_to(ada, request))


async def test_a_caption_edited_to_ask_the_bot_is_understood_once(town, group):
    ada, ben, _ = group
    theirs = await photo(ada, text="my cat")
    await ada.edit(theirs, f"my cat {STYLE}")
    question = await answer_to(ada, theirs)
    await ada.edit(theirs, f"my dear cat {STYLE}")
    await ben.edit(await photo(ben, text="a dog"), "a big dog")

    assert words(question).startswith("I have Ada’s photo.")
    await silence(town, ada, but=1)


async def test_a_file_that_is_no_picture_keeps_what_was_sent_before(town, group):
    ada, ben, _ = group
    theirs = await photo(ben)
    asked = await ada.say(STYLE, reply_to=str(theirs["message_id"]))
    question = await answer_to(ada, asked)
    (bad,) = await ada.send(
        b"no picture", name="x.png", as_file="1", reply_to=str(question["message_id"])
    )
    refusal = await answer_to(ada, bad)
    painting = await photo(ada, reply_to=str(refusal["message_id"]))
    card = await card_for(ada, painting)

    assert words(refusal).startswith("I cannot open that file as a picture.")
    assert refusal["force_reply"]["users"] == [ada.user_id]
    assert words(card).startswith("Ben’s photo in the style of Ada’s painting.")


async def test_people_are_answered_in_their_own_languages(town, group):
    ada, ben, _ = group
    await ben.speak("de")
    try:
        in_german = await answer_to(ben, await ben.say(f"/help@{BOT}"))
        in_english = await answer_to(ada, await ada.say(f"/help@{BOT}"))
    finally:
        await ben.speak("en")

    assert words(in_english).startswith("How it works in a group")
    assert texts_for("de").group_help(BOT).startswith(words(in_german)[:3]) or (
        words(in_german) != words(in_english)
    )


# Silence


async def test_the_bot_is_silent_when_it_is_not_addressed(town, people):
    for status in ("member", "administrator"):
        ada, ben, cleo = town.found(*people, bot_status=status)
        first = await photo(ada)
        await ada.send(a_picture(), a_picture())
        await ben.say("nice", reply_to=str(first["message_id"]))
        await photo(ben, reply_to=str(first["message_id"]))
        await ben.say("/style@other_bot", reply_to=str(first["message_id"]))
        await cleo.say("/help")
        await cleo.say(f"have you tried @{BOT}?")
        await cleo.say("", kind="sticker")
        await cleo.forward(first)

        await silence(town, ada, but=0)


async def test_chatter_below_what_the_bot_said_is_left_alone(town, group):
    ada, ben, _ = group
    request, card = await a_pair(ada, ben)
    await ada.tap(card, "Subtle")
    result = await result_for(ada, request)
    number = str(result["message_id"])

    await ben.say("wow", reply_to=number)
    await photo(ben, reply_to=number)
    await photo(ada, reply_to=number)
    await ben.say("/style@other_bot", reply_to=number)
    await ada.say("how nice", reply_to=str(card["message_id"]))

    await silence(town, ada, but=2)


async def test_words_below_an_old_question_are_no_answer_to_it(town, group):
    ada, _, _ = group
    question = await answer_to(ada, await ada.say(STYLE))
    number = str(question["message_id"])
    refused = await answer_to(ada, await ada.say("what?", reply_to=number))
    await ada.say("what?", reply_to=number)
    content = await photo(ada, reply_to=number)

    assert words(refused).startswith("I cannot paint words")
    assert words(await answer_to(ada, content)).startswith("I have Ada’s photo.")
    await silence(town, ada, but=3)


async def test_an_error_over_what_was_not_for_the_bot_is_kept_to_itself(
    town, people, monkeypatch, caplog
):
    ada, ben = town.found(*people[:2], bot_status="administrator")

    async def broken(*_):
        raise RuntimeError("secret detail")

    with monkeypatch.context() as patch:
        patch.setattr(Replies, "message", broken)
        patch.setattr(Arrivals, "brought", broken)
        await ben.say("good morning")
        asked = await photo(ada, text=STYLE)
        sorry = await answer_to(ada, asked)

    assert words(sorry).startswith("Sorry, something went wrong on my side.")
    assert "secret detail" not in words(sorry)
    assert caplog.text.count("secret detail") >= 2
    await silence(town, ada, but=1)


# A style by its name


async def test_a_style_is_chosen_by_its_name_or_asked_for(town, group):
    ada, ben, _ = group
    theirs = await photo(ben)
    number = str(theirs["message_id"])

    by_name = await card_for(ada, await ada.say(f"{STYLE} wave", reply_to=number))
    by_code = await card_for(ben, await photo(ben, text=f"{STYLE} g_wave"))
    unknown = await answer_to(ada, await ada.say(f"{STYLE} xyzzy", reply_to=number))
    in_words = await ada.say("wave", reply_to=str(unknown["message_id"]))
    card = await card_for(ada, in_words)

    assert words(by_name).startswith("Ben’s photo in the style “")
    assert words(by_code).startswith("Ben’s photo in the style “")
    assert words(unknown).startswith("I know no style called “xyzzy”.")
    assert "Now the painting" in words(unknown)
    assert words(card).startswith("Ben’s photo in the style “")


async def test_somebody_elses_saved_style_cannot_be_named(town, group):
    ada, ben, _ = group
    async with town.desk.db.transaction() as tx:
        await tx.execute(
            "INSERT INTO styles VALUES"
            " ('abcdefghijkl', ?, 'kitchen', 'nosuch', 'saved', 1, 1)",
            (ada.user_id,),
        )

    said = [
        await answer_to(ben, await photo(ben, text=f"{STYLE} {name}"))
        for name in ("kitchen", "s_abcdefghijkl")
    ]

    assert all(words(m).startswith("I know no style called") for m in said)
