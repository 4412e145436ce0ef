"""What an edit makes of a draft."""

from dataclasses import replace

import pytest

from bot.chat.drafts import Draft, Owner
from bot.chat.waiting.edits import exchanged, uses

NOW = 1000.0
ALONE = Draft(owner=Owner(chat_id=1, user_id=1), content="p", content_message_id=1)
PAIR = replace(ALONE, style="q", style_message_id=2, style_name="Wave")
BLEND = replace(PAIR, second_style="r", second_message_id=3)


@pytest.mark.parametrize(
    ("draft", "message_id", "expected"),
    [
        (ALONE, 1, replace(ALONE, content="new")),
        (PAIR, 1, replace(PAIR, content="new", card_due_at=NOW)),
        (
            PAIR,
            2,
            replace(
                PAIR, style="new", style_name=None, note="replaced", card_due_at=NOW
            ),
        ),
        (BLEND, 3, replace(BLEND, second_style="new", card_due_at=NOW)),
    ],
)
def test_another_picture_takes_the_place_of_the_one_in_the_message(
    draft, message_id, expected
):
    assert uses(draft, message_id)
    assert exchanged(draft, message_id, "new", NOW) == expected


@pytest.mark.parametrize(
    ("message_id", "picture"), [(1, "p"), (2, "q"), (3, "r"), (4, "new")]
)
def test_the_same_picture_or_a_strange_message_changes_nothing(message_id, picture):
    assert exchanged(BLEND, message_id, picture, NOW) == BLEND


def test_a_message_that_brought_no_picture_of_the_draft_is_not_used():
    assert not uses(ALONE, 2)
    assert not uses(Draft(owner=ALONE.owner), 1)
