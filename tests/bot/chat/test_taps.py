"""Buttons, through the front door."""

import asyncio
import io

import pytest
from PIL import Image
from telegram import Update

from bot.app import running
from bot.chat.callbacks import Action, Press
from bot.chat.texts import texts_for
from bot.playground.visitor import button, buttons, words

from .conftest import (
    OTHER_PAINTING,
    PHOTO,
    a_card,
    becomes,
    from_bot,
    is_card,
    is_result,
    jpeg,
    now,
    offer,
    painted,
    reply_to,
)

TEXTS = texts_for("en")


async def unfolded(visitor, result):
    """The result with all its buttons."""
    await visitor.tap(result, "More")
    return await becomes(visitor, result, lambda m: button(m, "Less") is not None)


async def jobs(service):
    rows = await service.parts.desk.db.fetch_all(
        "SELECT * FROM jobs ORDER BY created_at"
    )
    return [dict(row) for row in rows]


async def test_swap_exchanges_the_two_and_the_result_answers_the_other_message(
    start, ada
):
    await start()
    card = await offer(ada)

    await ada.tap(card, "Swap")
    swapped = await becomes(
        ada, card, lambda m: m["photo"]["file_id"] != card["photo"]["file_id"]
    )
    await ada.tap(swapped, "Balanced")
    result = await painted(ada, card)

    assert result["reply_to"] == 2
    assert "128×128" in words(result), "the painting was the square one"


async def test_swapping_twice_is_as_before(start, ada):
    service = await start()
    card = await offer(ada)

    await ada.tap(card, "Swap")
    swapped = await becomes(
        ada, card, lambda m: button(m, "Swap") != button(card, "Swap")
    )
    await ada.tap(swapped, "Swap")
    await becomes(ada, card, lambda m: button(m, "Swap") == button(card, "Swap"))

    row = await service.parts.desk.db.fetch_one("SELECT * FROM drafts")
    assert (row["content_message_id"], row["style_message_id"]) == (1, 2)


async def test_a_double_tap_on_swap_swaps_once(start, ada):
    service = await start()
    card = await offer(ada)

    answers = [await ada.tap(card, "Swap"), await ada.tap(card, "Swap")]

    assert all(answer.answered for answer in answers)
    await reply_to(ada, await ada.say("/help"))  # the taps before it are done
    row = await service.parts.desk.db.fetch_one("SELECT * FROM cards")
    assert (row["content_message_id"], row["style_message_id"]) == (2, 1)


async def test_after_a_swap_a_third_picture_replaces_what_is_the_painting_now(
    start, ada
):
    await start()
    card = await offer(ada)
    await ada.tap(card, "Swap")

    (third,) = await ada.send(OTHER_PAINTING)
    second_card = await a_card(ada, after=third["message_id"])

    assert second_card["reply_to"] == 2


async def test_the_clip_follows_the_picture_when_it_is_wanted(start, ada):
    service = await start()
    card = await offer(ada)

    await ada.tap(card, "Clip: off")
    on = await becomes(ada, card, lambda m: button(m, "Clip: on") is not None)
    await ada.tap(on, "Wild")
    result = await painted(ada, card)
    clip = await ada.until(lambda m: m["animation"] is not None)

    assert clip["message_id"] > result["message_id"]
    assert clip["reply_to"] == result["reply_to"]
    waits = await service.parts.desk.db.fetch_one(
        'SELECT "after" FROM outbox WHERE kind = ?', ("animation",)
    )
    (job,) = await jobs(service)
    assert waits["after"] == f"photo:{job['id']}"


async def test_the_card_becomes_the_status_with_percent_time_and_the_picture_so_far(
    start, ada
):
    await start(seconds=8)
    card = await offer(ada)

    await ada.tap(card, "Strong")
    progress = await becomes(ada, card, lambda m: "%" in words(m))
    preview = await becomes(
        ada, card, lambda m: m["photo"]["file_id"] != card["photo"]["file_id"]
    )

    assert [b["text"] for b in buttons(progress)] == ["Cancel"]
    assert "▱" in words(preview)
    assert "left" in words(preview)
    answers = [m for m in await ada.messages() if from_bot(m)]
    assert len(answers) == 1, "the status is edited, never sent anew"


async def test_cancel_stops_the_job_and_the_card_can_begin_it_anew(start, ada):
    service = await start(seconds=20)
    card = await offer(ada)
    await ada.tap(card, "Strong")
    painting = await becomes(ada, card, lambda m: "%" in words(m))

    answer = await ada.tap(painting, "Cancel")
    stopped = await becomes(ada, card, lambda m: words(m).startswith("Cancelled."))
    await ada.tap(stopped, "Subtle")
    await becomes(ada, card, lambda m: button(m, "Cancel") is not None)

    assert answer.answered
    assert [job["strength"] for job in await jobs(service)] == ["strong", "subtle"]
    assert (await jobs(service))[0]["state"] == "cancelled"
    assert not [m for m in await ada.messages() if is_result(m)]


async def test_a_job_that_still_waits_can_be_cancelled_too(start, ada, ben):
    service = await start(seconds=20)
    await ada.tap(await offer(ada), "Wild")
    card = await offer(ben)
    await ben.tap(card, "Wild")
    waiting = await becomes(ben, card, lambda m: button(m, "Cancel") is not None)

    await ben.tap(waiting, "Cancel")
    await becomes(ben, card, lambda m: words(m).startswith("Cancelled."))

    assert [job["state"] for job in await jobs(service)][1] == "cancelled"


async def test_a_double_tap_makes_one_job(start, ada):
    service = await start(seconds=20)
    card = await offer(ada)

    first, second = await asyncio.gather(
        ada.tap(card, "Strong"), ada.tap(card, "Strong")
    )

    texts = {first.text, second.text}
    assert texts == {None, TEXTS.toast_already_on_its_way()}
    assert len(await jobs(service)) == 1


async def test_a_tap_after_the_picture_is_there_points_to_it(start, ada):
    service = await start()
    card = await offer(ada)
    await ada.tap(card, "Strong")
    await painted(ada, card)

    answer = await ada.tap(card, "Strong")

    assert answer.text == TEXTS.toast_already_painted()
    assert len(await jobs(service)) == 1


async def test_an_older_card_paints_what_it_shows_and_leaves_the_draft_alone(
    start, ada
):
    service = await start()
    old_card = await offer(ada)
    (third,) = await ada.send(OTHER_PAINTING)
    new_card = await a_card(ada, after=third["message_id"])

    await ada.tap(old_card, "Wild")
    await painted(ada, old_card)

    draft = await service.parts.desk.db.fetch_one("SELECT * FROM drafts")
    assert draft["style_message_id"] == third["message_id"]
    assert is_card(await now(ada, new_card))


async def test_after_the_tap_a_new_picture_begins_a_new_pair(start, ada):
    await start()
    card = await offer(ada)
    await ada.tap(card, "Wild")

    (photo,) = await ada.send(OTHER_PAINTING)

    said = await ada.until(
        lambda m: from_bot(m) and m["photo"] is None, after=photo["message_id"]
    )
    assert words(said) == TEXTS.took_photo()


async def test_another_strength_is_a_new_job_with_a_status_of_its_own(start, ada):
    service = await start()
    card = await offer(ada)
    await ada.tap(card, "Balanced")
    result = await painted(ada, card)

    answer = await ada.tap(result, "Wild")
    again = await ada.until(is_result, after=result["message_id"])

    status = await ada.until(
        lambda m: from_bot(m) and "Painted in" in words(m) and not is_result(m),
        after=result["message_id"],
    )
    assert answer.text is None
    assert "· wild ·" in words(again)
    assert again["reply_to"] == 1
    assert status["photo"] is not None
    first, second = await jobs(service)
    assert (first["content"], first["style"]) == (second["content"], second["style"])


@pytest.mark.parametrize("kept", [True, False])
async def test_another_strength_goes_on_from_the_picture_if_it_is_kept(
    start, ada, kept
):
    service = await start(seconds=1)
    data = service.parts.desk.data_dir
    card = await offer(ada)
    await ada.tap(card, "Balanced")
    result = await painted(ada, card)
    [first] = await jobs(service)
    original = data / first["full_file"]
    before = original.read_bytes()
    if not kept:
        original.unlink()

    await ada.tap(result, "Wild")
    again = await ada.until(is_result, after=result["message_id"])

    _, second = await jobs(service)
    assert (first["parent"], second["parent"]) == (None, first["id"])
    assert "· wild ·" in words(again)
    # The shipped double shows what it began with in nothing but its time.
    assert (second["seconds"] < 0.75 * first["seconds"]) is kept
    assert original.exists() is kept
    assert not kept or original.read_bytes() == before


async def test_a_double_tap_on_another_strength_makes_one_job(start, ada):
    service = await start()
    card = await offer(ada)
    await ada.tap(card, "Balanced")
    result = await painted(ada, card)

    answers = [await ada.tap(result, "Wild"), await ada.tap(result, "Wild")]
    await ada.until(is_result, after=result["message_id"])
    late = await ada.tap(result, "Wild")

    assert answers[0].text is None
    assert answers[1].text in (
        TEXTS.toast_already_on_its_way(),
        TEXTS.toast_already_painted(),
    )
    assert late.text == TEXTS.toast_already_painted()
    assert len(await jobs(service)) == 2


async def test_the_same_style_takes_a_new_photo(start, ada):
    await start()
    card = await offer(ada)
    await ada.tap(card, "Wild")
    result = await painted(ada, card)

    await ada.tap(await unfolded(ada, result), "Same style")
    asked = await reply_to(ada, result)
    (photo,) = await ada.send(OTHER_PAINTING)
    new_card = await a_card(ada, after=photo["message_id"])

    assert words(asked) == TEXTS.send_new_photo()
    assert new_card["reply_to"] == photo["message_id"]
    assert button(new_card, "✓ Wild") is not None, "the last choice is the default"


async def test_the_same_photo_takes_a_new_style(start, ada):
    await start()
    card = await offer(ada)
    await ada.tap(card, "Wild")
    result = await painted(ada, card)

    await ada.tap(await unfolded(ada, result), "New style")
    asked = await reply_to(ada, result)
    (painting,) = await ada.send(OTHER_PAINTING)
    new_card = await a_card(ada, after=painting["message_id"])

    assert words(asked) == TEXTS.send_new_style()
    assert new_card["reply_to"] == 1


async def test_full_quality_is_a_file_with_every_pixel_sent_once(start, ada):
    await start()
    card = await offer(ada)
    await ada.tap(card, "Wild")
    result = await painted(ada, card)

    await ada.tap(result, "Full quality")
    file = await ada.until(lambda m: from_bot(m) and m["document"] is not None)
    again = await ada.tap(result, "Full quality")

    picture = Image.open(io.BytesIO(await ada.file(file["document"]["file_id"])))
    assert (picture.format, picture.size) == ("PNG", (128, 96))
    assert again.text == TEXTS.toast_file_sent()
    documents = [m for m in await ada.messages() if m["document"]]
    assert len(documents) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"max_waiting_per_user": 1}, TEXTS.too_many_waiting(1)),
        ({"max_waiting": 1}, TEXTS.queue_full()),
    ],
)
async def test_without_room_in_line_a_sentence_says_so_and_the_pair_is_kept(
    start, ada, changes, said
):
    service = await start(seconds=20, **changes)
    cards = []
    for colour in ("red", "green", "blue"):
        cards.append(await offer(ada, PHOTO, jpeg(colour)))
        await ada.tap(cards[-1], "Wild")
        if colour == "red":
            await becomes(ada, cards[-1], lambda m: "%" in words(m))

    refusal = await ada.until(
        lambda m: from_bot(m) and m["photo"] is None, after=cards[-1]["message_id"]
    )

    assert words(refusal) == said
    assert is_card(await now(ada, cards[-1]))
    assert len(await jobs(service)) == 2


def tap_of(user_id, data, number):
    """A tap as Telegram reports it, by anybody."""
    user = {"id": user_id, "is_bot": False, "first_name": "Somebody"}
    chat = {"id": 1001, "type": "private", "first_name": "Ada"}
    return {
        "update_id": number,
        "callback_query": {
            "id": f"{number}",
            "from": user,
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": 3, "date": 0, "chat": chat},
        },
    }


async def answers_to_taps(http):
    calls = (await http.get("/api/calls")).json()["calls"]
    return [c for c in calls if c["method"].lower() == "answercallbackquery"]


async def press(service, user_id, data, number=900_001):
    application = service.parts.application
    update = Update.de_json(tap_of(user_id, data, number), application.bot)
    await application.process_update(update)


async def test_somebody_elses_tap_is_answered_and_does_nothing(start, ada, http):
    service = await start()
    card = await offer(ada)
    await ada.tap(card, "Wild")
    await painted(ada, card)
    await becomes(ada, card, lambda m: "Painted in" in words(m))
    await offer(ada, PHOTO, OTHER_PAINTING)
    (job,) = await jobs(service)
    open_card = await service.parts.desk.db.fetch_one(
        "SELECT id FROM cards WHERE job_id IS NULL"
    )
    before = await ada.messages()

    for action in Action:
        on_card = action in (Action.PAINT, Action.CLIP, Action.SWAP)
        subject = open_card["id"] if on_card else job["id"]
        await press(service, 1002, Press(action, subject, "wild").encode())

    assert len(await answers_to_taps(http)) == 1 + len(Action)
    assert [j["id"] for j in await jobs(service)] == [job["id"]]
    assert await ada.messages() == before


async def test_a_button_of_an_older_bot_is_answered_kindly(start, http):
    service = await start()
    old = ["", "v0:paint:x:wild", "v1:paint:nosuchcard:wild", "v1:cancel:nosuchjob"]

    for data in old:
        await press(service, 1001, data)

    assert len(await answers_to_taps(http)) == len(old)


async def test_pictures_that_are_no_longer_kept_are_asked_for_again(start, ada):
    service = await start()
    card = await offer(ada)
    for path in (service.parts.desk.data_dir / "pictures").iterdir():
        if path.is_file():
            path.unlink()

    answer = await ada.tap(card, "Wild")

    assert answer.text == TEXTS.toast_pictures_gone()
    assert await jobs(service) == []


async def test_a_replayed_tap_finds_its_job_instead_of_making_another(start, ada):
    service = await start()
    card = await offer(ada)
    data = next(b["data"] for b in buttons(card) if b["text"] == "Wild")

    await press(service, 1001, data)
    await press(service, 1001, data)
    await painted(ada, card)

    assert len(await jobs(service)) == 1
    assert len([m for m in await ada.messages() if is_result(m)]) == 1


async def test_a_job_that_was_running_at_a_stop_is_painted_after_the_restart(
    settings, ada, http
):
    async with running(settings.model_copy(update={"edge_px": 120})):
        card = await offer(ada)
        await ada.tap(card, "Wild")
        await becomes(ada, card, lambda m: button(m, "Cancel") is not None)

    async with running(settings):
        result = await painted(ada, card)
        done = await becomes(ada, card, lambda m: "Painted in" in words(m))

    assert done["keyboard"] is None
    assert [m for m in await ada.messages() if is_result(m)] == [result]
