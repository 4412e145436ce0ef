"""Messages of a group, as Telegram describes them."""

import re

import pytest
from telegram import Message

BOT = "Painter_Bot"
GROUP = {"id": -1001, "type": "supergroup", "title": "Painters"}
ADA = {"id": 1001, "is_bot": False, "first_name": "Ada"}
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
_ENTITY = re.compile(r"(?P<bot_command>/\w+(@\w+)?)|(?P<mention>@\w+)")


def entities(words):
    """Commands and mentions; offsets in UTF-16 units, as Telegram counts."""
    return [
        {
            "type": found.lastgroup if found["mention"] else "bot_command",
            "offset": len(words[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found[0].encode("utf-16-le")) // 2,
        }
        for found in _ENTITY.finditer(words)
    ]


@pytest.fixture
def a_message():
    """Makes a message from what is different about it."""

    def make(text=None, caption=None, **more):
        body = {"message_id": 7, "date": 0, "chat": GROUP, "from": ADA, **more}
        if text is not None:
            body |= {"text": text, "entities": entities(text)}
        if caption is not None:
            body |= {"caption": caption, "caption_entities": entities(caption)}
            body.setdefault("photo", PHOTO)
        return Message.de_json(body, None)

    return make


@pytest.fixture
def bot_name():
    return BOT
