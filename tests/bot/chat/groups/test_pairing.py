from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.drafts import Draft, Owner, Sent, Taken
from bot.chat.groups.pairing import NamedStyle, Request, Shown, begin, fill
from bot.chat.texts import Stage

OWNER = Owner(chat_id=-5, user_id=7)
EMPTY = Draft(owner=OWNER)
NOW = 1000.0
WAVE = NamedStyle("w", "Wave")


def shown(picture, message_id, by="Ada", album=None):
    return Shown(Sent(picture, message_id, album), by)


def asked(message_id=20, **brought):
    return Request(message_id=message_id, **brought)


def pair(draft):
    return (draft.content, draft.content_by), (draft.style, draft.style_by)


PHOTO_OF_BEN = begin(EMPTY, asked(20, replied=shown("b", 3, "Ben")), NOW)
FULL = begin(EMPTY, asked(20, replied=shown("b", 3, "Ben"), own=shown("a", 20)), NOW)


def test_the_photo_that_is_replied_to_is_the_content():
    assert pair(PHOTO_OF_BEN) == (("b", "Ben"), (None, None))
    assert PHOTO_OF_BEN.stage is Stage.PAINTING
    assert PHOTO_OF_BEN.card_due_at is None
    assert PHOTO_OF_BEN.request_message_id == 20


def test_a_picture_of_ones_own_is_the_painting_of_the_photo_replied_to():
    assert pair(FULL) == (("b", "Ben"), ("a", "Ada"))
    assert FULL.card_due_at == NOW


def test_a_picture_of_ones_own_alone_is_the_content():
    draft = begin(EMPTY, asked(own=shown("a", 20)), NOW)

    assert pair(draft) == (("a", "Ada"), (None, None))


def test_a_picture_of_ones_own_is_the_painting_that_was_asked_for():
    draft = begin(PHOTO_OF_BEN, asked(30, own=shown("a", 30)), NOW)

    assert pair(draft) == (("b", "Ben"), ("a", "Ada"))
    assert draft.request_message_id == 30


def test_a_new_photo_replied_to_begins_a_new_pair():
    draft = begin(PHOTO_OF_BEN, asked(30, replied=shown("c", 9, "Cleo")), NOW)

    assert pair(draft) == (("c", "Cleo"), (None, None))


def test_a_complete_pair_is_left_alone_by_a_new_request():
    draft = begin(FULL, asked(30, own=shown("c", 30)), NOW)

    assert pair(draft) == (("c", "Ada"), (None, None))
    assert begin(FULL, asked(30), NOW).stage is Stage.PHOTO_FIRST


def test_a_style_with_a_name_comes_before_a_painting():
    draft = begin(EMPTY, asked(own=shown("a", 20), style=WAVE), NOW)

    assert pair(draft) == (("a", "Ada"), ("w", None))
    assert draft.style_name == "Wave"
    assert draft.card_due_at == NOW


def test_a_style_with_a_name_alone_waits_for_the_photo():
    waiting = begin(EMPTY, asked(20, style=WAVE), NOW)
    draft = begin(waiting, asked(30, replied=shown("b", 3, "Ben")), NOW)

    assert waiting.stage is Stage.PHOTO
    assert pair(draft) == (("b", "Ben"), ("w", None))
    assert draft.style_name == "Wave"


def test_a_style_with_a_name_completes_what_waits_for_a_painting():
    draft = begin(PHOTO_OF_BEN, asked(30, style=WAVE), NOW)

    assert pair(draft) == (("b", "Ben"), ("w", None))


def test_where_the_photo_cannot_be_used_the_own_picture_stays_the_painting():
    request = asked(own=shown("a", 20), lacks_replied=True)

    draft = begin(EMPTY, request, NOW)

    assert pair(draft) == ((None, None), ("a", "Ada"))


def test_a_style_with_a_name_may_be_the_second_painting():
    blending = replace(FULL, blending=True, card_due_at=None)

    draft = begin(blending, asked(30, style=WAVE), NOW)

    assert (draft.style, draft.second_style) == ("a", "w")
    assert draft.card_due_at == NOW


def test_a_style_that_is_not_known_does_not_make_the_own_picture_a_painting():
    draft = begin(PHOTO_OF_BEN, asked(30, own=shown("a", 30), wants_style=True), NOW)

    assert pair(draft) == (("a", "Ada"), (None, None))


def test_nothing_but_the_command_keeps_what_was_begun():
    assert pair(begin(PHOTO_OF_BEN, asked(30), NOW)) == pair(PHOTO_OF_BEN)


def test_of_an_album_the_rest_is_waited_for():
    draft = begin(EMPTY, asked(own=shown("a", 20, album="x")), NOW)
    whole, taken = fill(draft, shown("b", 21, album="x"), NOW)

    assert draft.card_due_at is not None
    assert NOW < draft.card_due_at < NOW + 5
    assert taken is Taken.ALBUM
    assert pair(whole) == (("a", "Ada"), ("b", "Ada"))
    assert whole.request_message_id == 20


def test_the_other_picture_of_the_album_may_be_replied_to():
    alone = replace(
        begin(EMPTY, asked(own=shown("a", 20, album="x")), NOW), card_due_at=None
    )

    draft = begin(alone, asked(30, replied=shown("b", 21, album="x")), NOW)

    assert pair(draft) == (("a", "Ada"), ("b", "Ada"))
    assert draft.card_due_at == NOW


def test_an_album_with_an_own_picture_of_a_style_that_waits_needs_no_rest():
    waiting = begin(EMPTY, asked(20, style=WAVE), NOW)

    draft = begin(waiting, asked(30, own=shown("a", 30, album="x")), NOW)

    assert pair(draft) == (("a", "Ada"), ("w", None))
    assert draft.card_due_at == NOW


def test_an_answer_is_signed_by_the_one_who_gave_it():
    draft, taken = fill(PHOTO_OF_BEN, shown("a", 30), NOW)

    assert taken is Taken.PAINTING
    assert pair(draft) == (("b", "Ben"), ("a", "Ada"))
    assert draft.request_message_id == 30


def test_a_new_painting_takes_the_name_of_the_style_away():
    named = begin(EMPTY, asked(own=shown("a", 20), style=WAVE), NOW)

    draft, taken = fill(named, shown("c", 30), NOW)

    assert taken is Taken.NEW_PAINTING
    assert pair(draft) == (("a", "Ada"), ("c", "Ada"))
    assert draft.style_name is None


def test_swapping_swaps_the_names_and_drops_that_of_the_style():
    named = begin(EMPTY, asked(own=shown("a", 20), style=WAVE), NOW)

    assert pair(FULL.swapped()) == (("a", "Ada"), ("b", "Ben"))
    assert named.swapped().style_name is None
    assert named.swapped().content_by is None


REQUESTS = st.builds(
    Request,
    message_id=st.integers(20, 22),
    replied=st.none() | st.just(shown("b", 3, "Ben")),
    own=st.none() | st.just(shown("a", 20)) | st.just(shown("c", 20, album="x")),
    style=st.none() | st.just(WAVE),
    lacks_replied=st.booleans(),
)


@given(st.lists(REQUESTS, max_size=5))
def test_the_same_request_twice_changes_nothing_the_second_time(requests):
    draft = EMPTY
    for request in requests:
        draft = begin(draft, request, NOW)

        assert begin(draft, request, NOW + 1) == draft
        assert (draft.card_due_at is None) or draft.content is not None
        assert draft.owner == OWNER
