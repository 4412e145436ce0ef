"""What people send: anonymously, forwarded, edited, by a link."""

import asyncio

import pytest

from bot.playground.world import ADA_ID, ANONYMOUS_ID, BEN_ID, GROUP_ID, OLD_GROUP_ID

ME = "playground_stylebot"


async def test_anonymous_administrator_speaks_as_the_group(ada, heard, refuses):
    group = ada.within(GROUP_ID)
    view = await group.say(f"/style@{ME}", anonymous="1")
    (update,) = await heard()
    message = update.message
    assert (message.from_user.id, message.from_user.is_bot) == (ANONYMOUS_ID, True)
    assert message.from_user.username == "GroupAnonymousBot"
    assert message.sender_chat.id == GROUP_ID
    assert view["from"] == {"id": ANONYMOUS_ID, "name": "Painters", "is_bot": False}
    await group.edit(view, f"/start@{ME}")
    (edited,) = await heard()
    assert edited.edited_message.from_user.id == ANONYMOUS_ID
    with refuses(403, "Only administrators of a supergroup"):
        await ada.within(OLD_GROUP_ID).say("x", anonymous="1")


async def test_press_of_an_anonymous_administrator_has_a_name(bot, ada, heard, page):
    keys = {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    sent = await bot.send_message(GROUP_ID, "x", reply_markup=keys)
    page.http.timeout = 5
    await page.press(sent.message_id, "x", chat=GROUP_ID)
    (update,) = await heard()
    assert update.callback_query.from_user.id == ADA_ID


async def test_forward_shows_its_author_and_carries_the_picture(
    ada, ben, heard, picture
):
    group = ben.within(GROUP_ID)
    (photo,) = await group.send(picture(), text="the sea")
    view = await ada.forward(photo)
    (update,) = await heard()
    message = update.message
    assert (message.forward_origin.type, message.from_user.id) == ("user", ADA_ID)
    assert message.forward_origin.sender_user.id == BEN_ID
    assert message.forward_origin.date is not None
    assert (message.caption, message.photo[-1].width) == ("the sea", 400)
    assert view["forwarded_from"] == "Ben"
    again = await ada.within(GROUP_ID).forward(view)
    assert again["forwarded_from"] == "Ben"


async def test_forward_of_an_anonymous_message_names_the_group(ada, heard):
    said = await ada.within(GROUP_ID).say("x", anonymous="1")
    await ada.forward(said)
    origin = (await heard())[-1].message.forward_origin
    assert (origin.type, origin.sender_chat.id) == ("chat", GROUP_ID)


async def test_only_what_one_sees_can_be_forwarded(ada, ben, refuses):
    secret = await ben.say("secret")
    with refuses(403, "Only members"):
        await ada.forward(secret)
    await ben.delete(secret)
    with refuses(400, "cannot be forwarded"):
        await ben.forward(secret)


async def test_edit_arrives_as_an_edited_message(ada, heard, picture, clock):
    (photo,) = await ada.send(picture(), text="first")
    clock.now += 7
    view = await ada.edit(photo, "second")
    _, update = await heard()
    message = update.edited_message
    assert (message.caption, message.message_id) == ("second", photo["message_id"])
    assert (message.edit_date - message.date).total_seconds() == 7
    assert message.photo[-1].width == 400
    assert (view["text"], view["kind"]) == ("second", "photo")
    await ada.edit(photo, "")
    assert (await heard())[0].edited_message.caption is None


async def test_edit_in_a_group_is_heard_only_when_it_addresses_the_bot(ben, heard):
    group = ben.within(GROUP_ID)
    said = await group.say("paint this")
    await group.edit(said, "paint that")
    assert await heard() == ()
    await group.edit(said, f"/style@{ME}")
    (update,) = await heard()
    assert update.edited_message.text == f"/style@{ME}"


async def test_others_words_forwards_and_repetitions_are_not_edited(
    ada, ben, bot, refuses
):
    said = await ada.within(GROUP_ID).say("mine")
    with refuses(403, "Only its author"):
        await ben.within(GROUP_ID).edit(said, "his")
    with refuses(403, "no forward"):
        await ada.edit(await ada.forward(said), "x")
    with refuses(400, "says that already"):
        await ada.within(GROUP_ID).edit(said, "mine")
    with refuses(400, "cannot become empty"):
        await ada.within(GROUP_ID).edit(said, " ")
    theirs = await bot.send_message(ADA_ID, "the bot's")
    with refuses(403, "Only its author"):
        await ada.edit({"message_id": theirs.message_id}, "x")


async def test_link_starts_the_bot_with_its_payload(ada, heard):
    await ada.within(GROUP_ID).start("s_abc-42")
    (update,) = await heard()
    assert (update.message.chat.id, update.message.text) == (ADA_ID, "/start s_abc-42")
    assert update.message.entities[0].type == "bot_command"


@pytest.mark.parametrize("payload", ["a b", "é", "x" * 65, "a.b"])
async def test_payload_that_no_link_has_is_refused(ada, payload, refuses):
    with refuses(400, "A start parameter"):
        await ada.start(payload)
    assert await ada.messages() == []


async def test_message_goes_only_to_open_topics(ada, ben, refuses):
    topic = await ada.within(GROUP_ID).open_topic("Sea")
    with refuses(404, "no such topic"):
        await ben.within(GROUP_ID, 99).say("x")
    said = await topic.say("x")
    answer = await ben.within(GROUP_ID).say("y", reply_to=str(said["message_id"]))
    assert answer["thread_id"] == topic.thread_id
    await topic.set_topic("closed")
    with refuses(403, "closed"):
        await ben.within(GROUP_ID, topic.thread_id).say("x")


async def test_members_send_only_what_the_group_permits(ada, ben, picture, refuses):
    await ada.within(GROUP_ID).permit(can_send_photos=False)
    group = ben.within(GROUP_ID)
    with refuses(403, "may not send this: photo"):
        await group.send(picture(64, 48))
    photo = (await ben.send(picture(64, 48)))[0]
    with refuses(403, "may not send this: photo"):
        await group.forward(photo)
    await ada.within(GROUP_ID).send(picture(64, 48))
    assert (await group.say("words"))["text"] == "words"


async def test_items_of_an_album_may_come_one_after_the_other(ada, picture):
    begun = asyncio.get_running_loop().time()
    sending = asyncio.create_task(
        ada.send(picture(64, 48), picture(48, 64), text="two", pause_s="0.3")
    )
    first = await ada.until(lambda view: view["text"] == "two")
    assert not sending.done()
    items = await sending
    assert items[1]["media_group_id"] == first["media_group_id"]
    assert asyncio.get_running_loop().time() - begun >= 0.3
