"""Answers that outlive a kill: what is owed stands in the database."""

import time
from typing import Any

import pytest
from telegram.ext import ExtBot

from bot.chat import store
from bot.chat.cards import CardPictures
from bot.chat.clerk import Clerk
from bot.chat.desk import Desk
from bot.chat.drafts import Draft, Note, Owner, Sent, take
from bot.chat.studio import Studio
from bot.chat.texts import Languages, texts_for
from bot.chat.waiting.nods import Nods
from bot.chat.whereabouts import Whereabouts
from bot.delivery.outbox import Outbox
from bot.delivery.status import StatusBoard
from bot.jobs.queue import JobQueue
from bot.storage.database import Database
from bot.storage.pictures import PictureStore
from stylecore.errors import PictureError

TEXTS = texts_for("en")
ADA = Owner(chat_id=1001, user_id=1001)


class Easel:
    """Draws cards without a process."""

    def __init__(self, *, error=None):
        self.error = error
        self.drawn = 0

    async def pair_card(self, content, *styles):
        if self.error is not None:
            raise self.error
        self.drawn += 1
        return b"jpeg"


@pytest.fixture
async def db(tmp_path):
    async with await Database.open(tmp_path / "bot.sqlite3") as opened:
        yield opened


@pytest.fixture
def desk_with(db, tmp_path):
    def make(easel):
        bot: ExtBot[Any] = ExtBot("1:never-used")
        pictures = PictureStore(tmp_path / "pictures", db)
        return Desk(
            db=db,
            pictures=pictures,
            card_pictures=CardPictures(tmp_path, pictures, easel),
            queue=JobQueue(db, max_waiting=9, max_waiting_per_user=9),
            outbox=Outbox(db, bot, tmp_path),
            board=StatusBoard(bot),
            studio=Studio(untrained=False),
            whereabouts=Whereabouts(),
            languages=Languages(),
            nods=Nods(bot),
            data_dir=tmp_path,
            retention_days=7,
        )

    return make


async def send(db, *messages, now=None):
    """Takes pictures into Ada's draft, as the handlers do."""
    for sent in messages:
        async with db.transaction() as tx:
            draft = await store.load_draft(tx, ADA)
            draft, _ = take(draft, sent, now or time.time())
            await store.save_draft(tx, draft)


async def owed(db):
    rows = await db.fetch_all("SELECT kind, text, file FROM outbox ORDER BY id")
    return [tuple(row) for row in rows]


async def test_a_card_that_was_due_before_a_kill_is_given_after_the_restart(
    db, desk_with
):
    await send(db, Sent("p", 1), Sent("q", 2))

    await Clerk(desk_with(Easel())).answer_due()  # a new process has a new clerk

    assert await owed(db) == [("photo", TEXTS.card(), "cards/p-q.jpg")]


async def test_a_card_is_given_once_however_often_the_clerk_looks(db, desk_with):
    await send(db, Sent("p", 1), Sent("q", 2))
    clerk = Clerk(desk_with(Easel()))

    await clerk.answer_due()
    await clerk.answer_due()
    await Clerk(desk_with(Easel())).answer_due()

    assert len(await owed(db)) == 1


async def test_an_album_is_not_answered_before_it_is_quiet(db, desk_with):
    await send(db, Sent("p", 1, "album"), Sent("q", 2, "album"))

    rest_s = await Clerk(desk_with(Easel())).answer_due()

    assert await owed(db) == []
    assert 0 < rest_s <= 1.2


async def test_an_album_with_one_good_picture_is_answered_as_a_photo(db, desk_with):
    await send(db, Sent("p", 1, "album"), now=time.time() - 5)

    await Clerk(desk_with(Easel())).answer_due()

    assert await owed(db) == [("text", TEXTS.took_photo(), None)]


async def test_an_album_cut_to_two_says_so_once(db, desk_with):
    album = [Sent(p, n, "album") for n, p in enumerate("pqr", start=1)]
    await send(db, *album, now=time.time() - 5)

    await Clerk(desk_with(Easel())).answer_due()

    assert await owed(db) == [
        ("photo", TEXTS.card_after(Note.ALBUM_CUT), "cards/p-q.jpg")
    ]
    assert (await store.load_draft(db, ADA)).note is None


async def test_an_album_of_one_picture_twice_keeps_it_as_the_photo(db, desk_with):
    await send(db, Sent("p", 1, "album"), Sent("p", 2, "album"), now=time.time() - 5)

    await Clerk(desk_with(Easel())).answer_due()

    draft = await store.load_draft(db, ADA)
    assert (draft.content, draft.style) == ("p", None)
    assert "same picture" in (await owed(db))[0][1]


async def test_a_card_that_cannot_be_drawn_is_given_in_words(db, desk_with):
    await send(db, Sent("p", 1), Sent("q", 2))

    damaged = PictureError("The picture is damaged.", "damaged")

    await Clerk(desk_with(Easel(error=damaged))).answer_due()

    assert await owed(db) == [("text", TEXTS.card(), None)]


async def test_an_unforeseen_error_is_an_apology_and_does_not_come_again(
    db, desk_with, caplog
):
    await send(db, Sent("p", 1), Sent("q", 2))
    clerk = Clerk(desk_with(Easel(error=RuntimeError("a bug"))))

    await clerk.answer_due()
    await clerk.answer_due()

    ((kind, said, _),) = await owed(db)
    assert kind == "text"
    assert said.startswith("Sorry")
    assert "a bug" not in said
    draft = await store.load_draft(db, ADA)
    assert (draft.style, draft.card_due_at) == ("q", None), "the pictures are kept"
    assert "mishap" in caplog.text


async def test_a_pair_is_drawn_once_and_again_after_a_sweep(db, desk_with, tmp_path):
    easel = Easel()
    cards = desk_with(easel).card_pictures

    first = await cards.make("p", "q")
    await cards.make("p", "q")
    await cards.sweep(older_than_s=-60)
    swept = not first.exists()
    await cards.make("p", "q")

    assert swept
    assert easel.drawn == 2
    assert first.read_bytes() == b"jpeg"
    assert [p.name for p in (tmp_path / "cards").iterdir()] == ["p-q.jpg"]


async def test_drafts_and_cards_go_when_nobody_has_touched_them_for_long(db, desk_with):
    await send(db, Sent("p", 1), Sent("q", 2))
    desk = desk_with(Easel())
    await Clerk(desk).answer_due()

    kept = await desk.sweep_drafts(60)
    gone = await desk.sweep_drafts(-60)

    assert (kept, gone) == (0, 1)
    assert await store.load_draft(db, ADA) == Draft(owner=ADA)
    assert await db.fetch_all("SELECT * FROM cards") == []
