from bot.chat.texts import texts_for

TEXTS = texts_for("en")


def test_start_is_two_sentences_that_say_what_to_do_and_what_is_kept():
    assert TEXTS.welcome(7) == (
        "Hi! Send me a photo and then a painting, and I will paint your photo in the "
        "style of that painting. I keep your pictures for 7 days and then delete them."
    )
    assert TEXTS.welcome(1).endswith("for 1 day and then delete them.")
