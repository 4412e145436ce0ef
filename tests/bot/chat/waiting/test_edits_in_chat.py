"""Pictures exchanged in messages that the bot has used, in the playground's chats.

One person's updates are handled in order: what follows an edit comes after it.
"""

from bot.chat import store
from bot.chat.drafts import Owner
from bot.chat.texts import texts_for
from bot.playground.visitor import words

from ..conftest import OTHER_PAINTING, PAINTING, PHOTO, a_card, from_bot, jpeg, reply_to

TEXTS = texts_for("en")


async def exchange(playground, ada, ben, message, picture):
    """Edits Ada's message so that it has another picture."""
    world = playground.backend.world
    (other,) = await ben.send(picture)
    own = world.chats[ada.chat_id].messages[message["message_id"]]
    own.media = world.chats[ben.chat_id].messages[other["message_id"]].media
    playground.backend.poster.edited(own)


async def draft_of(service, ada):
    owner = Owner(chat_id=ada.chat_id, user_id=ada.user_id)
    return await store.load_draft(service.parts.desk.db, owner)


async def test_a_photo_that_is_exchanged_is_the_new_photo(start, playground, ada, ben):
    service = await start()
    (photo,) = await ada.send(PHOTO)
    asked = await reply_to(ada, photo)
    before = await draft_of(service, ada)

    await exchange(playground, ada, ben, photo, jpeg("navy"))
    again = await reply_to(ada, asked)
    after = await draft_of(service, ada)

    assert words(again) == TEXTS.took_photo()
    assert after.content not in (None, before.content)
    assert after.content_message_id == photo["message_id"]


async def test_a_painting_that_is_exchanged_brings_a_new_card(
    start, playground, ada, ben
):
    service = await start()
    photo, painting = await ada.send(PHOTO, PAINTING)
    card = await a_card(ada, after=painting["message_id"])
    before = await draft_of(service, ada)

    await exchange(playground, ada, ben, painting, OTHER_PAINTING)
    new_card = await a_card(ada, after=card["message_id"])
    after = await draft_of(service, ada)

    assert words(new_card).startswith("This is the new painting.")
    assert new_card["reply_to"] == photo["message_id"]
    assert (after.content, after.style != before.style) == (before.content, True)


async def test_an_edit_that_keeps_the_picture_is_not_answered(
    start, playground, ada, ben
):
    service = await start()
    (photo,) = await ada.send(PHOTO)
    await reply_to(ada, photo)
    before = await draft_of(service, ada)

    await exchange(playground, ada, ben, photo, PHOTO)
    await ada.edit(photo, "a caption")
    (later,) = await ada.send(PAINTING)
    await a_card(ada, after=later["message_id"])

    said = [m for m in await ada.messages() if from_bot(m)]
    assert (await draft_of(service, ada)).content == before.content
    assert len(said) == 2


async def test_an_edit_of_a_message_that_is_done_with_changes_nothing(
    start, playground, ada, ben
):
    service = await start()
    (photo,) = await ada.send(PHOTO)
    await reply_to(ada, photo)
    cleared = await reply_to(ada, await ada.say("/cancel"))

    await exchange(playground, ada, ben, photo, jpeg("navy", (20, 20)))
    status = await reply_to(ada, await ada.say("/status"))

    said = [m for m in await ada.messages() if m["message_id"] > cleared["message_id"]]
    assert [m["message_id"] for m in said if from_bot(m)] == [status["message_id"]]
    assert (await draft_of(service, ada)).content is None


async def test_a_picture_that_cannot_be_used_leaves_the_old_one(
    start, playground, ada, ben
):
    service = await start()
    (photo,) = await ada.send(PHOTO)
    asked = await reply_to(ada, photo)
    before = await draft_of(service, ada)

    await exchange(playground, ada, ben, photo, jpeg("navy", (20, 20)))
    refused = await reply_to(ada, asked)

    assert "too small" in words(refused)
    assert (await draft_of(service, ada)).content == before.content
