"""A group as the bot sees it with privacy mode on."""

import pytest

from bot.playground.config import Config
from bot.playground.entities import detect
from bot.playground.privacy import bot_sees
from bot.playground.world import BEN_ID, GROUP_ID, Message, new_world

CONFIG = Config()
ME = CONFIG.bot_username


def spoken(text: str, reply_to: int | None = None) -> Message:
    return Message(
        message_id=0,
        chat_id=GROUP_ID,
        sender=BEN_ID,
        date=0,
        text=text,
        entities=detect(text),
        reply_to=reply_to,
    )


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("hello", False),
        ("/style", False),
        (f"/style@{ME}", True),
        (f"please /style@{ME.upper()}", True),
        ("/style@other_bot", False),
        (f"@{ME} paint this", True),
        ("@other_bot paint this", False),
        (f"mail me@{ME}.example", False),
    ],
)
def test_only_what_is_addressed_to_the_bot_is_seen(text, seen):
    world = new_world(CONFIG)
    group = world.chats[GROUP_ID]
    assert bot_sees(world, group, spoken(text), mentions_delivered=True) is seen


def test_mentions_can_be_held_back():
    world = new_world(CONFIG)
    message = spoken(f"@{ME} paint this")
    group = world.chats[GROUP_ID]
    assert not bot_sees(world, group, message, mentions_delivered=False)


def test_administrator_sees_everything_and_a_removed_bot_nothing():
    world = new_world(CONFIG)
    group = world.chats[GROUP_ID]
    group.bot_status = "administrator"
    assert bot_sees(world, group, spoken("hello"), mentions_delivered=True)
    group.bot_status = "kicked"
    to_me = spoken(f"/style@{ME}")
    assert not bot_sees(world, group, to_me, mentions_delivered=True)


async def test_reply_to_the_bot_and_bare_commands_after_it_spoke_are_seen(bot, page):
    sent = await bot.send_message(GROUP_ID, "Who?")
    await page.send(text="nobody", chat=GROUP_ID)
    await page.send(text="me", chat=GROUP_ID, reply_to=sent.message_id)
    await page.send(text="/status", chat=GROUP_ID)
    texts = [update.message.text for update in await bot.get_updates()]
    assert texts == ["me", "/status"]


async def test_command_as_a_reply_carries_the_photo_the_bot_never_got(
    bot, page, picture
):
    (photo,) = await page.send(("a.jpg", picture()), chat=GROUP_ID)
    await page.send(text=f"/style@{ME}", chat=GROUP_ID, reply_to=photo["message_id"])
    (update,) = await bot.get_updates()
    assert update.message.chat.title == "Painters"
    assert update.message.reply_to_message.photo[-1].width == 400


async def test_album_in_a_group_arrives_incomplete(bot, page, picture):
    files = [("a.jpg", picture()), ("b.jpg", picture())]
    await page.send(*files, text=f"/style@{ME}", chat=GROUP_ID)
    (update,) = await bot.get_updates()
    assert update.message.caption_entities[0].type == "bot_command"
    assert update.message.media_group_id


async def test_album_that_addresses_nobody_stays_unseen_until_it_is_replied_to(
    bot, page, picture
):
    files = [("a.jpg", picture(90, 60)), ("b.jpg", picture(60, 90))]
    _, second = await page.send(*files, text="our holiday", chat=GROUP_ID)
    assert await bot.get_updates() == ()
    command = {"text": f"/style@{ME}", "reply_to": second["message_id"]}
    await page.send(**command, chat=GROUP_ID)
    (update,) = await bot.get_updates()
    replied = update.message.reply_to_message
    assert (replied.photo[-1].width, replied.reply_to_message) == (60, None)


async def test_file_with_the_command_in_its_caption_is_seen(bot, page, picture):
    await page.send(("a.png", picture(64, 48, "PNG")), as_file="1", chat=GROUP_ID)
    await page.send(
        ("b.png", picture(64, 48, "PNG")),
        as_file="1",
        text=f"/style@{ME}",
        chat=GROUP_ID,
    )
    (update,) = await bot.get_updates()
    assert update.message.document.file_name == "b.png"
