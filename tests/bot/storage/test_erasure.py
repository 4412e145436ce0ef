"""What a person has in the tables, and what is left when they want it gone."""

import json
import re
import time

from bot.storage import erasure
from bot.storage.belongings import (
    KEPT_OF_A_PERSON,
    KEPT_OF_NOBODY,
    USES,
    holdings_of,
)
from bot.storage.erasure import Condemned

ADA, BEN = 1001, 1002
TAP = 77


async def add(db, table, **values):
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f":{name}" for name in values)
    async with db.transaction() as tx:
        await tx.execute(
            f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608 - ours
            values,
        )


async def add_picture(db, name, *senders):
    sizes = {"bytes": 1, "width": 1, "height": 1}
    await add(
        db, "pictures", id=name, path=name, format="JPEG", created_at=1.0, **sizes
    )
    for sender in senders:
        await add(db, "senders", picture=name, user_id=sender)


async def add_job(db, job_id, user_id, content, style, **more):
    fields = {"chat_id": user_id, "language": "en", "reply_to": 1}
    fields |= {"status_message_id": 2, "strength": "wild", "created_at": time.time()}
    fields |= {"id": job_id, "key": f"tap {job_id}", "user_id": user_id}
    await add(db, "jobs", content=content, style=style, **(fields | more))


async def add_card(db, card_id, user_id, content, style, **more):
    fields = {"chat_id": user_id, "language": "en", "clip": 0, "strength": "wild"}
    fields |= {"content_message_id": 1, "style_message_id": 2, "created_at": 1.0}
    pair = {"content": content, "style": style}
    await add(db, "cards", id=card_id, user_id=user_id, **fields, **pair, **more)


async def add_message(db, key, chat_id, **more):
    row = {"kind": "text", "text": "words", "created_at": 1.0, "state": "sent"}
    await add(db, "outbox", key=key, chat_id=chat_id, **(row | more))


async def rows(db, table):
    found = await db.fetch_all(f"SELECT * FROM {table}")  # noqa: S608 - our tables
    return [dict(row) for row in found]


async def erase(db, user_id, tap=TAP):
    async with db.transaction() as tx:
        return await erasure.erase_person(tx, tap, user_id)


async def condemned(db):
    """All but the sheets of the person's styles, which go with every erasure."""
    found = await erasure.condemned_by(db, TAP)
    return {(c.kind, c.name) for c in found if not c.name.startswith("sheet-")}


async def test_every_table_is_known_to_be_about_people_or_not(db):
    found = await db.fetch_all(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%'"
    )

    assert {row["name"] for row in found} == KEPT_OF_A_PERSON | KEPT_OF_NOBODY


async def test_every_column_that_names_a_picture_keeps_it_from_being_erased(db):
    columns = await db.fetch_all(
        "SELECT tables.name AS of, columns.name FROM sqlite_master AS tables"
        " JOIN pragma_table_info(tables.name) AS columns"
        " WHERE columns.name IN ('content', 'style', 'second_style', 'picture')"
    )

    used = re.findall(r"SELECT (\w+)(?: AS picture)?, user_id FROM (\w+)", USES)

    assert {(row["name"], row["of"]) for row in columns} == set(used)


async def test_nothing_about_the_person_is_left_in_any_table(db):
    await add_picture(db, "photo", ADA)
    await add_picture(db, "painting", ADA)
    await add_job(db, "job1", ADA, "photo", "painting", chat_id=-5)
    await add_card(db, "card1", ADA, "photo", "painting")
    await add(db, "drafts", chat_id=-5, user_id=ADA, content="photo", updated_at=1.0)
    await add_message(db, "update:1", ADA)
    await add_message(db, "photo:job1", -5, job_id="job1")
    await add_message(db, "card:card1", -5)
    await add_message(db, "update:2", -5, user_id=ADA)
    await add(
        db,
        "styles",
        **{"id": "s1", "user_id": ADA, "name": "Wave", "picture": "painting"},
        **{"kind": "saved", "created_at": 1.0, "used_at": 1.0},
    )
    await add(db, "users", user_id=ADA, language="de", seen_at=1.0, strength="wild")

    jobs = await erase(db, ADA)

    assert jobs == ["job1"]
    for table in KEPT_OF_A_PERSON | {"pictures"}:
        assert await rows(db, table) == [], table
    assert await condemned(db) == {
        ("job", "job1"),
        ("picture", "photo"),
        ("picture", "painting"),
        ("pair", "photo-painting"),
        ("pair", "painting-photo"),
    }


async def test_what_others_have_and_what_they_share_with_the_person_stays(db):
    await add_picture(db, "both", ADA, BEN)
    await add_picture(db, "bens", BEN)
    await add_picture(db, "adas", ADA)
    await add_picture(db, "shared", ADA)
    await add_picture(db, "gallery")
    await add_picture(db, "drawn")
    await add(db, "meta", key="style:waves", value="drawn")
    await add_job(db, "job3", ADA, "both", "drawn")
    await add_job(db, "job1", ADA, "both", "gallery")
    await add_job(db, "job2", BEN, "bens", "shared")
    await add_card(db, "card1", ADA, "both", "bens")
    await add_card(db, "card2", BEN, "bens", "both")
    await add_message(db, "update:1", BEN)
    await add_message(db, "update:2", -5, user_id=BEN)
    await add(db, "users", user_id=BEN, language="en", seen_at=1.0)
    kept = [await rows(db, table) for table in ("users", "outbox")]

    await erase(db, ADA)

    assert {row["id"] for row in await rows(db, "pictures")} == {
        "both",
        "bens",
        "shared",
        "drawn",
    }
    assert [row["id"] for row in await rows(db, "jobs")] == ["job2"]
    assert [row["id"] for row in await rows(db, "cards")] == ["card2"]
    assert {(r["picture"], r["user_id"]) for r in await rows(db, "senders")} == {
        ("both", BEN),
        ("bens", BEN),
    }
    assert [await rows(db, table) for table in ("users", "outbox")] == kept
    assert await condemned(db) == {
        ("job", "job1"),
        ("job", "job3"),
        ("picture", "adas"),
        ("picture", "gallery"),
    }


async def test_name_goes_from_what_others_have_and_were_told(db):
    fields = {"chat_id": -5, "language": "en", "clip": 0, "strength": "wild"}
    fields |= {"content_message_id": 1, "style_message_id": 2, "created_at": 1.0}
    fields |= {"user_id": BEN, "content": "p", "style": "q"}
    await add(db, "cards", id="card1", content_by="Ada & Co", style_by="Ben", **fields)
    await add(db, "cards", id="card2", content_by="Cleo", style_by="Ben", **fields)
    await add_message(db, "card:card1", -5, text="Left: Ada &amp; Co. Right: Ben.")
    await add_message(db, "card:card2", -5, text="Left: Cleo. Right: Ben.")
    await add_message(db, "soon", -5, text="To Ada &amp; Co", state="pending")

    async with db.transaction() as tx:
        await erasure.erase_name(tx, "Ada & Co")

    named = [(card["content_by"], card["style_by"]) for card in await rows(db, "cards")]
    assert named == [(None, None), ("Cleo", "Ben")]
    said = [row["text"] for row in await rows(db, "outbox")]
    assert said == ["", "Left: Cleo. Right: Ben.", "To Ada &amp; Co"]


async def test_updates_that_were_set_aside_lose_what_they_say_of_the_person(db):
    from_ada = {"message": {"from": {"id": ADA}, "caption": "mine"}}
    from_ben = {"message": {"from": {"id": BEN}, "caption": f"not {ADA}"}}
    for number, payload in enumerate([from_ada, from_ben]):
        await add(
            db,
            "updates",
            **{"update_id": number, "received_at": 1.0, "state": "quarantined"},
            payload=json.dumps(payload),
        )

    await erase(db, ADA)

    assert [row["payload"] for row in await rows(db, "updates")] == [
        "",
        json.dumps(from_ben),
    ]


async def test_erasure_is_over_when_its_update_and_its_answer_are_and_says_nothing(db):
    await erase(db, ADA)
    await add(db, "updates", update_id=TAP, received_at=1.0, payload='{"id": 1001}')
    await add_message(db, f"update:{TAP}", ADA, state="pending", text="Gone, Ada.")

    async def finish():
        async with db.transaction() as tx:
            return await erasure.finish_erasure(tx, TAP)

    async def change(sql):
        async with db.transaction() as tx:
            await tx.execute(sql)

    assert not await finish()
    await change("UPDATE outbox SET state = 'sent', message_id = 9")
    assert not await finish()
    await change("UPDATE updates SET state = 'done'")
    assert await finish()

    assert await erasure.open_erasures(db) == []
    assert [row["payload"] for row in await rows(db, "updates")] == [""]
    [answer] = await rows(db, "outbox")
    assert answer["key"] == f"update:{TAP}"  # a repetition is not answered again
    assert (answer["chat_id"], answer["text"], answer["message_id"]) == (0, "", None)


async def test_file_that_somebody_brought_anew_is_no_longer_condemned(db):
    await add_picture(db, "photo", ADA)
    await add_picture(db, "painting", ADA)
    await add_card(db, "card1", ADA, "photo", "painting")
    await erase(db, ADA)

    await add_picture(db, "photo", BEN)
    await add_picture(db, "painting", BEN)
    await add_card(db, "card2", BEN, "painting", "photo")

    assert await condemned(db) == set()


async def test_single_job_goes_without_the_pictures_it_was_painted_from(db):
    await add_picture(db, "photo", ADA)
    await add_job(db, "job1", ADA, "photo", "photo")
    await add_job(db, "job2", ADA, "photo", "photo")
    await add_message(db, "photo:job1", ADA, job_id="job1")
    await add_message(db, "photo:job2", ADA, job_id="job2")
    parts = json.dumps([["photo", "jobs/job1/photo.jpg", "id", "1", 5]])
    await add_message(db, "update:1:album", ADA, kind="album", parts=parts)
    await add_card(db, "card1", ADA, "photo", "photo", job_id="job1")
    await add_message(db, "card:card1", ADA)

    async with db.transaction() as tx:
        await erasure.erase_job(tx, TAP, "job1")

    assert [row["id"] for row in await rows(db, "jobs")] == ["job2"]
    assert [row["key"] for row in await rows(db, "outbox")] == ["photo:job2"]
    assert len(await rows(db, "pictures")) == 1
    assert await erasure.condemned_by(db, TAP) == [Condemned(kind="job", name="job1")]


async def test_holdings_count_what_is_the_persons_alone(db):
    await add_picture(db, "photo", ADA, BEN)
    await add_picture(db, "painting", ADA)
    await add_job(db, "job1", ADA, "photo", "painting", full_file="full.png")
    await add_job(db, "job2", BEN, "photo", "photo", full_file="full.png")
    await add_message(db, "update:1", ADA)

    held = await holdings_of(db, ADA)

    assert (held.pictures, held.results, held.messages) == (2, 1, 1)
    assert (held.saved_styles, held.shared_styles) == (0, 0)
    assert (await holdings_of(db, 5)).pictures == 0


async def test_same_tap_erases_once_and_again_does_no_harm(db):
    await add_picture(db, "photo", ADA)
    for _ in range(2):
        await erase(db, ADA)

    assert await erasure.open_erasures(db) == [TAP]
    assert await condemned(db) == {("picture", "photo")}
