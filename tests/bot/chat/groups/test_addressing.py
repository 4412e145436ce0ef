import pytest

from bot.chat.groups.addressing import Call, call_in, is_a_copy

STYLE = Call(command="style")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("/style@painter_bot", STYLE),
        ("  /Style@PAINTER_BOT", STYLE),
        ("/style@painter_bot wave", Call(command="style", argument="wave")),
        ("/style@painter_bot  big wave \nplease", Call(command="style",
                                                      argument="big wave")),
        ("/style", Call(command="style", named=False)),
        ("/help@painter_bot", Call(command="help")),
        ("@painter_bot", Call(command="style", by_name=True)),
        ("@Painter_Bot wave", Call(command="style", argument="wave", by_name=True)),
    ],
)  # fmt: skip
def test_a_text_that_begins_with_the_bot_speaks_to_it(
    a_message, bot_name, words, expected
):
    assert call_in(a_message(words), bot_name) == expected


@pytest.mark.parametrize(
    "words",
    [
        "hello",
        "/style@other_bot",
        "@other_bot /style@other_bot",
        "have you tried @painter_bot?",
        "write /style@painter_bot to have it painted",
        "painter_bot",
        "mail@painter_bot.example",
    ],
)
def test_a_text_that_only_speaks_of_the_bot_does_not(a_message, bot_name, words):
    assert call_in(a_message(words), bot_name) is None


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        ("/style@painter_bot", ""),
        ("our cat 🐈 /style@painter_bot wave", "wave"),
        ("🎨🎨 @painter_bot wave", "wave"),
    ],
)
def test_a_caption_may_have_it_anywhere(a_message, bot_name, words, argument):
    call = call_in(a_message(caption=words), bot_name)

    assert call is not None
    assert (call.command, call.argument) == ("style", argument)


def test_a_caption_for_another_bot_is_not_for_this_one(a_message, bot_name):
    assert call_in(a_message(caption="/style@other_bot"), bot_name) is None
    assert call_in(a_message(caption="my cat"), bot_name) is None
    assert call_in(a_message(), bot_name) is None


def test_what_is_forwarded_or_shared_speaks_to_nobody(a_message, bot_name):
    origin = {"type": "hidden_user", "date": 0, "sender_user_name": "Ada"}
    bot = {"id": 1, "is_bot": True, "first_name": "P", "username": bot_name}

    forwarded = a_message(caption="/style@painter_bot", forward_origin=origin)
    shared = a_message(caption="painted by @painter_bot", via_bot=bot)

    assert call_in(forwarded, bot_name) is None
    assert call_in(shared, bot_name) is None


def test_the_posts_of_a_linked_channel_are_copies(a_message):
    assert is_a_copy(a_message("x", is_automatic_forward=True))
    assert not is_a_copy(a_message("x"))
