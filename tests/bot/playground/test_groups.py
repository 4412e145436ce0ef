"""What happens to groups: people, topics, rights, growth, and the bot's place."""

import asyncio

import pytest
from telegram import InputMediaPhoto, ReplyParameters
from telegram.error import ChatMigrated, Forbidden

from bot.playground.visitor import new_person
from bot.playground.world import ADA_ID, BEN_ID, GROUP_ID, OLD_GROUP_ID

NO_THREAD = "Message thread not found"
COMMAND = "/style@playground_stylebot"


@pytest.fixture
async def sea(ada, heard):
    """A topic of the group, its opening heard."""
    topic = await ada.within(GROUP_ID).open_topic("Sea")
    await heard()
    return topic


async def test_topic_opens_with_a_message_that_the_bot_hears_of(ada, heard):
    topic = await ada.within(GROUP_ID).open_topic("Sea")
    (update,) = await heard()
    opening = update.message
    assert opening.forum_topic_created.name == "Sea"
    assert opening.message_id == opening.message_thread_id == topic.thread_id
    assert opening.chat.is_forum
    chat = await topic.chat()
    assert chat["is_forum"]
    assert chat["topics"] == [
        {"id": topic.thread_id, "name": "Sea", "is_closed": False}
    ]


async def test_message_in_a_topic_says_so_and_seems_to_reply_to_its_opening(sea, heard):
    await sea.say(COMMAND)
    (update,) = await heard()
    assert update.message.is_topic_message
    assert update.message.message_thread_id == sea.thread_id
    assert update.message.reply_to_message.forum_topic_created.name == "Sea"


async def test_reply_in_general_has_a_thread_that_is_none(sea, ada, bot, rejects):
    general = ada.within(GROUP_ID)
    first = await general.say("first")
    second = await general.say("second", reply_to=str(first["message_id"]))
    await general.say(COMMAND, reply_to=str(second["message_id"]))
    message = (await bot.get_updates())[-1].message
    assert message.message_thread_id == first["message_id"]
    assert not message.is_topic_message
    with rejects(NO_THREAD):
        await bot.send_message(GROUP_ID, "x", message_thread_id=first["message_id"])


@pytest.mark.parametrize("thread", [1, 99])
async def test_general_and_unknown_threads_are_not_found(
    sea, bot, picture, rejects, thread
):
    for send in (
        bot.send_message(GROUP_ID, "x", message_thread_id=thread),
        bot.send_photo(GROUP_ID, picture(), message_thread_id=thread),
        bot.send_media_group(
            GROUP_ID, [InputMediaPhoto(picture())] * 2, message_thread_id=thread
        ),
        bot.send_chat_action(GROUP_ID, "typing", message_thread_id=thread),
        bot.send_message(ADA_ID, "x", message_thread_id=sea.thread_id),
    ):
        with rejects(NO_THREAD):
            await send
    assert len(await sea.within(GROUP_ID).messages()) == 1  # the topic's opening


async def test_reply_goes_to_the_topic_of_its_original_but_not_when_that_is_gone(
    sea, bot
):
    asked = await sea.say("x")
    reply = ReplyParameters(asked["message_id"], allow_sending_without_reply=True)
    sent = await bot.send_message(GROUP_ID, "here", reply_parameters=reply)
    assert (sent.message_thread_id, sent.is_topic_message) == (sea.thread_id, True)
    await sea.delete(asked)
    lost = await bot.send_message(GROUP_ID, "lost", reply_parameters=reply)
    assert lost.message_thread_id is None
    kept = await bot.send_message(
        GROUP_ID, "kept", reply_parameters=reply, message_thread_id=sea.thread_id
    )
    assert kept.is_topic_message
    texts = [view["text"] for view in await sea.messages()]
    assert texts[1:] == ["here", "kept"]


async def test_album_and_action_appear_in_the_topic(sea, bot, picture):
    photos = [InputMediaPhoto(picture(64, 48))] * 2
    await bot.send_chat_action(
        GROUP_ID, "upload_photo", message_thread_id=sea.thread_id
    )
    await bot.send_media_group(GROUP_ID, photos, message_thread_id=sea.thread_id)
    assert [v["kind"] for v in await sea.messages()] == ["service", "photo", "photo"]
    actions = [e for e in await sea.events() if e["type"].startswith("action")]
    assert [(e["type"], e["thread_id"]) for e in actions] == [
        ("action", sea.thread_id),
        ("action_ended", sea.thread_id),
    ]


async def test_closed_and_deleted_topics_take_no_message(sea, ada, ben, bot, rejects):
    await sea.set_topic("closed")
    with rejects("Topic_closed"):
        await bot.send_message(GROUP_ID, "x", message_thread_id=sea.thread_id)
    await ada.within(GROUP_ID).set_bot("administrator")
    await bot.send_message(GROUP_ID, "x", message_thread_id=sea.thread_id)
    await sea.set_topic("deleted")
    with rejects(NO_THREAD):
        await bot.send_message(GROUP_ID, "x", message_thread_id=sea.thread_id)
    assert await sea.messages() == []


async def test_only_administrators_arrange_the_group(ada, ben, refuses):
    group = ben.within(GROUP_ID)
    for attempt in (
        group.open_topic("x"),
        group.permit(can_send_photos=False),
        group.set_bot("kicked"),
        group.promote(BEN_ID),
        ben.within(OLD_GROUP_ID).migrate(),
        group.say("x", anonymous="1"),
    ):
        with refuses(403, "dministrators of"):
            await attempt
    await ada.within(GROUP_ID).promote(BEN_ID)
    assert (await group.open_topic("x")).thread_id


async def test_small_groups_have_no_topics_and_supergroups_grow_no_more(ada, refuses):
    with refuses(400, "Only a supergroup has topics"):
        await ada.within(OLD_GROUP_ID).open_topic("x")
    with refuses(400, "Only an ordinary group"):
        await ada.within(GROUP_ID).migrate()
    with refuses(400, "private chat"):
        await ada.open_topic("x")


async def test_bot_without_the_right_sends_no_photos(ada, bot, picture, rejects):
    group = ada.within(GROUP_ID)
    status = await bot.send_message(GROUP_ID, "painting")
    await group.permit(can_send_photos=False, can_send_other_messages=False)
    no_photos = "Not enough rights to send photos to the chat"
    with rejects(no_photos):
        await bot.send_photo(GROUP_ID, picture())
    with rejects(no_photos):
        await bot.send_media_group(GROUP_ID, [InputMediaPhoto(picture())] * 2)
    with rejects("Not enough rights to send animations to the chat"):
        await bot.send_animation(GROUP_ID, b"x", filename="a.mp4")
    with rejects("Chat_send_photos_forbidden"):
        await status.edit_media(InputMediaPhoto(picture()))
    await bot.send_document(GROUP_ID, b"words", filename="a.txt")
    assert (await group.chat())["permissions"]["can_send_photos"] is False
    assert (await bot.get_chat(GROUP_ID)).permissions.can_send_photos is False
    await bot.send_photo(ADA_ID, picture())
    await group.set_bot("administrator")
    await bot.send_photo(GROUP_ID, picture())


async def test_bot_without_the_right_says_nothing(ada, bot, rejects):
    await ada.within(GROUP_ID).permit(can_send_messages=False)
    with rejects("Not enough rights to send text messages to the chat"):
        await bot.send_message(GROUP_ID, "x")


async def test_permissions_of_all_are_no_news_but_those_of_the_bot_are(
    ada, heard, bot, picture, rejects
):
    group = ada.within(GROUP_ID)
    await group.permit(can_send_photos=False)
    assert await heard() == ()
    await group.permit(can_send_photos=True)
    await group.set_bot("restricted", can_send_photos=False)
    (update,) = await heard()
    restricted = update.my_chat_member.new_chat_member
    assert (restricted.status, restricted.can_send_photos) == ("restricted", False)
    assert (restricted.can_send_messages, restricted.is_member) == (True, True)
    assert update.my_chat_member.old_chat_member.status == "member"
    assert update.my_chat_member.from_user.id == ADA_ID
    with rejects("Not enough rights to send photos to the chat"):
        await bot.send_photo(GROUP_ID, picture())
    member = await bot.get_chat_member(GROUP_ID, bot.id)
    assert member.can_send_photos is False
    await group.set_bot("member")
    await bot.send_photo(GROUP_ID, picture())


async def test_bot_is_told_when_it_is_thrown_out_and_taken_back(ada, heard, bot):
    group = ada.within(GROUP_ID)
    await group.set_bot("kicked")
    (out,) = await heard()
    assert out.my_chat_member.new_chat_member.status == "kicked"
    for attempt in (
        bot.send_message(GROUP_ID, "x"),
        bot.send_chat_action(GROUP_ID, "typing"),
        bot.get_chat_member(GROUP_ID, ADA_ID),
    ):
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await attempt
    await group.say(COMMAND)
    assert await heard() == ()
    await group.set_bot("member")
    back, joined = await heard()
    assert back.my_chat_member.new_chat_member.status == "member"
    assert [one.id for one in joined.message.new_chat_members] == [bot.id]
    assert (await group.messages())[-1]["text"] == "Ada added Stylebot"


async def test_bot_that_is_thrown_out_during_an_upload_is_too_late(
    ada, bot, picture, playground, until
):
    group, status = ada.within(GROUP_ID), await bot.send_message(GROUP_ID, "painting")
    large = picture(3000, 3000)
    sending = asyncio.create_task(bot.send_photo(GROUP_ID, large))
    editing = asyncio.create_task(status.edit_media(InputMediaPhoto(large)))
    calls = playground.backend.calls
    await until(lambda: len(list(calls.after(0))) == 4)  # getMe and sendMessage first
    await group.set_bot("kicked")
    for upload in (sending, editing):
        with pytest.raises(Forbidden, match="bot was kicked"):
            await upload
    assert [view["kind"] for view in await group.messages()] == ["text", "service"]


async def test_blocked_and_unblocked_in_private(ada, heard, refuses):
    await ada.set_bot("kicked")
    await ada.start()
    blocked, back, started = await heard()
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert back.my_chat_member.new_chat_member.status == "member"
    assert started.message.text == "/start"
    with refuses(400, "In private"):
        await ada.set_bot("administrator")


async def test_group_that_grows_has_a_new_id_and_says_so_on_both_sides(
    ada, ben, heard, bot, refuses
):
    old = ada.within(OLD_GROUP_ID)
    before = await old.say("before")
    new = await old.migrate()
    leaving, arriving = (update.message for update in await heard())
    assert leaving.chat.id == OLD_GROUP_ID
    assert leaving.migrate_to_chat_id == new.chat_id
    assert arriving.chat.id == new.chat_id < -1_000_000_000_000
    assert arriving.migrate_from_chat_id == OLD_GROUP_ID
    assert arriving.chat.type == "supergroup"
    for attempt in (
        bot.send_message(OLD_GROUP_ID, "x"),
        bot.edit_message_text("x", OLD_GROUP_ID, before["message_id"]),
        bot.get_chat(OLD_GROUP_ID),
    ):
        with pytest.raises(ChatMigrated) as moved:
            await attempt
        assert moved.value.new_chat_id == new.chat_id
    sent = await bot.send_message(new.chat_id, "here")
    assert sent.message_id == 2
    with refuses(400, "has become a supergroup"):
        await old.say("x")
    await ben.within(new.chat_id).say(COMMAND)
    assert (await heard())[0].message.chat.id == new.chat_id


async def test_moved_group_is_told_in_telegrams_words(ada, http, playground):
    new = await ada.within(OLD_GROUP_ID).migrate()
    api = f"/bot{playground.bot_token}/sendMessage"
    answer = await http.post(api, json={"chat_id": OLD_GROUP_ID, "text": "x"})
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": new.chat_id},
        },
    )


async def test_new_person_has_a_private_chat_and_joins_the_groups(http, heard, bot):
    eve = await new_person(http, "Eve", "pt-br")
    joined = await heard()
    assert [u.message.new_chat_members[0].first_name for u in joined] == ["Eve"] * 2
    await eve.say("hello")
    (update,) = await heard()
    assert update.message.from_user.language_code == "pt-br"
    assert update.message.chat.id == eve.chat_id
    await eve.speak("zh-hans")
    await eve.say("hello")
    assert (await heard())[0].message.from_user.language_code == "zh-hans"
    member = await bot.get_chat_member(GROUP_ID, eve.user_id)
    assert (member.status, member.user.first_name) == ("member", "Eve")


@pytest.mark.parametrize("language", ["", "d", "de_DE", 7, None])
async def test_language_is_a_code(ada, http, language, refuses):
    with refuses(400, "A language is a code"):
        await ada.speak(language)
    nobody = await http.post("/api/users", json={"name": " "})
    assert nobody.status_code == 400


async def test_person_who_leaves_is_gone_and_the_service_message_says_so(
    ada, ben, heard, bot, refuses
):
    await ben.within(GROUP_ID).leave()
    (update,) = await heard()
    assert update.message.left_chat_member.id == BEN_ID
    assert (await bot.get_chat_member(GROUP_ID, BEN_ID)).status == "left"
    with refuses(403, "Only members"):
        await ben.within(GROUP_ID).say("x")
    with refuses(400, "its owner never"):
        await ada.within(GROUP_ID).leave()


async def test_changes_of_other_members_reach_only_administrators_who_ask(
    ada, bot, http, heard
):
    group = ada.within(GROUP_ID)
    await bot.get_updates(allowed_updates=["chat_member"])
    await group.promote(BEN_ID)
    assert await heard() == ()
    await group.set_bot("administrator")
    await group.promote(BEN_ID, administrator=False)
    (update,) = await heard()
    assert update.chat_member.old_chat_member.status == "administrator"
    assert update.chat_member.new_chat_member.status == "member"
    await bot.get_updates(allowed_updates=[])
    await group.promote(BEN_ID)
    assert await heard() == ()


async def test_link_adds_the_bot_to_a_group_and_starts_it_there(
    ada, ben, heard, refuses
):
    group = ada.within(OLD_GROUP_ID)
    await group.set_bot("left")
    await heard()
    await group.start_group("s_abc")
    back, joined, started = await heard()
    assert back.my_chat_member.new_chat_member.status == "member"
    assert joined.message.new_chat_members
    assert started.message.text == "/start@playground_stylebot s_abc"
    assert started.message.chat.id == OLD_GROUP_ID
    with refuses(403, "administrators"):
        await ben.within(OLD_GROUP_ID).start_group("s_abc")


async def test_everybody_can_be_mentioned_by_a_username(http, bot):
    oleg = await new_person(http, "Олег", "ru")
    member = await bot.get_chat_member(GROUP_ID, oleg.user_id)
    assert (member.user.first_name, member.user.username) == ("Олег", "person_1003")


async def test_bot_writes_first_to_nobody(http, bot):
    eve = await new_person(http, "Eve")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(eve.chat_id, "hello")
    await eve.start()
    assert (await bot.send_message(eve.chat_id, "hello")).message_id == 2
