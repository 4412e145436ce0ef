import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.drafts import (
    ALBUM_HOLD_S,
    ALBUM_PAUSE_S,
    Draft,
    Note,
    Owner,
    Sent,
    Taken,
    blend,
    take,
)
from bot.chat.texts import Stage

NOW = 1000.0
ADA = Owner(chat_id=1001, user_id=1001)
EMPTY = Draft(owner=ADA)

MESSAGES = st.lists(
    st.builds(
        Sent,
        picture=st.sampled_from(["p", "q", "r"]),
        message_id=st.integers(1, 6),
        album_id=st.sampled_from([None, None, "a", "b"]),
    ),
    max_size=8,
    unique_by=lambda sent: sent.message_id,
)


def take_all(draft, *messages):
    takens = []
    for sent in messages:
        draft, taken = take(draft, sent, NOW)
        takens.append(taken)
    return draft, takens


def test_the_first_picture_is_the_photo_the_second_the_painting_the_third_a_new_one():
    draft, takens = take_all(EMPTY, Sent("p", 1), Sent("q", 2), Sent("r", 3))

    assert takens == [Taken.PHOTO, Taken.PAINTING, Taken.NEW_PAINTING]
    assert (draft.content, draft.style) == ("p", "r")
    assert (draft.content_message_id, draft.style_message_id) == (1, 3)
    assert draft.note == Note.REPLACED


def test_a_single_photo_is_answered_at_once_and_a_pair_with_a_card():
    photo, _ = take_all(EMPTY, Sent("p", 1))
    pair, _ = take_all(photo, Sent("q", 2))

    assert photo.card_due_at is None
    assert pair.card_due_at == NOW


def test_the_same_picture_twice_is_refused_and_the_photo_kept():
    draft, takens = take_all(EMPTY, Sent("p", 1), Sent("p", 2))

    assert takens == [Taken.PHOTO, Taken.SAME_PICTURE]
    assert draft.stage is Stage.PAINTING
    assert draft.card_due_at is None


def test_a_third_picture_that_is_the_photo_does_not_replace_the_painting():
    draft, takens = take_all(EMPTY, Sent("p", 1), Sent("q", 2), Sent("p", 3))

    assert takens[-1] is Taken.SAME_PICTURE
    assert (draft.content, draft.style) == ("p", "q")


def test_a_painting_alone_is_completed_by_a_photo():
    kept = replace(EMPTY, style="q", style_message_id=7)

    draft, takens = take_all(kept, Sent("p", 9))

    assert takens == [Taken.PHOTO]
    assert (draft.content, draft.style, draft.card_due_at) == ("p", "q", NOW)


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3])))
def test_an_album_is_sorted_by_message_and_cut_to_two(order):
    pictures = {1: "p", 2: "q", 3: "r"}

    draft, _ = take_all(EMPTY, *(Sent(pictures[n], n, "album") for n in order))

    assert (draft.content, draft.style) == ("p", "q")
    assert draft.note == Note.ALBUM_CUT
    assert draft.card_due_at == NOW + ALBUM_PAUSE_S


def test_an_album_of_two_says_nothing_about_more():
    draft, takens = take_all(EMPTY, Sent("q", 2, "album"), Sent("p", 1, "album"))

    assert takens == [Taken.ALBUM, Taken.ALBUM]
    assert (draft.content, draft.style, draft.note) == ("p", "q", None)


def test_an_album_begins_a_new_pair():
    pair, _ = take_all(EMPTY, Sent("p", 1), Sent("q", 2))

    draft, _ = take_all(pair, Sent("r", 3, "album"))

    assert (draft.content, draft.style) == ("r", None)


def test_an_album_waits_while_one_of_its_pictures_is_being_fetched():
    begun, _ = take_all(EMPTY, Sent("p", 1, "album"))

    held = begun.holding("album", NOW)
    released = held.released("album", NOW + 5)

    assert held.card_due_at == NOW + ALBUM_HOLD_S
    assert released.card_due_at == NOW + 5 + ALBUM_PAUSE_S
    assert begun.holding("another", NOW) == begun


@given(MESSAGES)
def test_an_update_replayed_after_a_crash_changes_no_picture(messages):
    draft = EMPTY
    for sent in messages:
        draft, taken = take(draft, sent, NOW)
        again, taken_again = take(draft, sent, NOW)
        kept = sent.message_id in (draft.content_message_id, draft.style_message_id)
        assert replace(again, album_extra=0, note=None) == replace(
            draft, album_extra=0, note=None
        )
        assert taken_again is Taken.KNOWN if kept else taken_again is taken


@given(MESSAGES)
def test_whatever_is_sent_photo_and_painting_are_two_messages(messages):
    draft, _ = take_all(EMPTY, *messages)

    if draft.stage is Stage.STRENGTH:
        assert draft.content_message_id != draft.style_message_id
    assert (draft.content is None) == (draft.content_message_id is None)


def test_clearing_keeps_clip_and_strength_as_they_were_last_chosen():
    pair, _ = take_all(
        replace(EMPTY, clip=True, strength="wild"), Sent("p", 1), Sent("q", 2)
    )

    assert pair.cleared() == replace(EMPTY, clip=True, strength="wild")


def test_swapping_twice_changes_nothing():
    pair, _ = take_all(EMPTY, Sent("p", 1), Sent("q", 2))

    swapped = pair.swapped()

    assert (swapped.content, swapped.content_message_id) == ("q", 2)
    assert swapped.swapped() == pair


PAIR = replace(EMPTY, content="p", content_message_id=1, style="q", style_message_id=2)
BLENDING = replace(PAIR, blending=True, style_name="Waves")


def test_a_second_painting_joins_the_first_and_a_replay_changes_nothing():
    sent = Sent("r", 3)
    blended, taken = take(BLENDING, sent, NOW)

    assert BLENDING.stage is Stage.SECOND
    assert taken is Taken.SECOND
    assert (blended.style, blended.second_style) == ("q", "r")
    assert (blended.stage, blended.card_due_at) == (Stage.STRENGTH, NOW)
    assert blended.style_name is None, "only one of the two has a name"
    assert take(blended, sent, NOW + 1) == (blended, Taken.KNOWN)


@pytest.mark.parametrize("picture", ["p", "q"])
def test_a_picture_that_is_in_the_pair_is_not_blended_in(picture):
    assert take(BLENDING, Sent(picture, 3), NOW) == (BLENDING, Taken.SAME_PICTURE)


def test_a_blend_of_two_named_styles_has_both_names():
    blended, _ = blend(BLENDING, Sent("r", 0), NOW, name="Dots")

    assert blended.style_name == "Waves + Dots"


def test_a_further_picture_replaces_both_paintings():
    blended, _ = take(BLENDING, Sent("r", 3), NOW)
    replaced, taken = take(blended, Sent("s", 4), NOW)

    assert taken is Taken.NEW_PAINTING
    assert (replaced.style, replaced.second_style) == ("s", None)
    assert replaced.style_name is None


def test_an_album_begins_a_new_pair_even_while_a_second_painting_is_waited_for():
    draft, *_ = take_all(BLENDING, Sent("r", 3, "a"), Sent("s", 4, "a"))

    assert (draft.content, draft.style, draft.second_style) == ("r", "s", None)
    assert not draft.blending
