"""Members as the bot is told about them."""

from bot.playground.world import ADA_ID, ANONYMOUS_ID, BEN_ID, GROUP_ID


async def test_administrators_have_every_field_the_library_asks_for(bot, ada):
    group = ada.within(GROUP_ID)
    await group.promote(BEN_ID)
    await group.set_bot("administrator")
    found = await bot.get_chat_administrators(GROUP_ID)
    assert [(one.status, one.user.id) for one in found] == [
        ("creator", ADA_ID),
        ("administrator", BEN_ID),
        ("administrator", bot.id),
    ]
    assert found[1].can_delete_messages
    assert not found[1].is_anonymous
    await group.promote(BEN_ID, administrator=False)
    assert (await bot.get_chat_member(GROUP_ID, BEN_ID)).status == "member"


async def test_every_kind_of_member_can_be_read(bot, ada):
    group = ada.within(GROUP_ID)
    assert (await bot.get_chat_member(GROUP_ID, bot.id)).status == "member"
    anonymous = await bot.get_chat_member(GROUP_ID, ANONYMOUS_ID)
    assert (anonymous.status, anonymous.is_anonymous) == ("administrator", True)
    await group.set_bot("restricted", can_send_photos=False)
    restricted = await bot.get_chat_member(GROUP_ID, bot.id)
    assert restricted.until_date is not None
    assert not restricted.can_send_photos
