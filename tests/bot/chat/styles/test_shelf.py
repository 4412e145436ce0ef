"""Styles by their codes: whom each is for, and what is left when one goes."""

import time
from dataclasses import dataclass

import pytest

from bot.chat.styles import store
from bot.chat.styles.shelf import MOST_SAVED, Shelf, ShelfFull
from bot.chat.texts import texts_for
from bot.storage.database import Database
from bot.storage.pictures import PictureStore

ADA, BEN = 1001, 1002
DAY_S = 86_400.0


@dataclass(frozen=True)
class Size:
    format: str = "JPEG"
    width: int = 8
    height: int = 6


class CountingPainter:
    """Draws at once, and knows how often."""

    def __init__(self):
        self.drawn = []

    async def draw(self, slug):
        self.drawn.append(slug)
        return slug.encode(), Size()


@pytest.fixture
async def db(tmp_path):
    async with await Database.open(tmp_path / "bot.sqlite3") as database:
        yield database


@pytest.fixture
def pictures(tmp_path, db):
    return PictureStore(tmp_path / "pictures", db)


@pytest.fixture
def painter():
    return CountingPainter()


@pytest.fixture
def shelf(db, pictures, painter):
    return Shelf(db, pictures, painter)


@pytest.fixture
def save(db, shelf, pictures):
    """Saves a new picture as a style of Ada's; returns the style."""

    async def save_one(data=b"painting", name=None, user_id=ADA):
        picture = await pictures.put(data, Size())
        async with db.transaction() as tx:
            return (await shelf.save(tx, user_id, picture, name))[0]

    return save_one


async def add_job(db, user_id, style, state="delivered", name=None, age_s=0.0):
    at = time.time() - age_s
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO jobs (id, key, state, chat_id, user_id, language, reply_to,"
            " status_message_id, content, style, style_name, strength, created_at,"
            " finished_at) VALUES (?, ?, ?, 1, ?, 'en', 1, 1, 'photo', ?, ?, 'wild',"
            " ?, ?)",
            (f"j{at}{style}", f"k{at}{style}", state, user_id, style, name, at, at),
        )


async def test_a_built_in_style_is_drawn_once_for_everybody(shelf, painter):
    found = [await shelf.picture("g_wave", person) for person in (ADA, BEN, ADA)]

    assert painter.drawn == ["wave"]
    assert found[0] == found[1] == found[2]
    assert found[0].called(texts_for("en")) == "Woodblock wave"
    assert found[0].called(texts_for("de")) != "Woodblock wave"


async def test_a_built_in_style_whose_file_is_gone_is_drawn_anew(
    shelf, painter, pictures
):
    style = await shelf.picture("g_wave", ADA)
    pictures.path(style.picture).unlink()

    assert await shelf.picture("g_wave", BEN) == style
    assert painter.drawn == ["wave", "wave"]


@pytest.mark.parametrize("code", ["g_nobody", "g_", "s_", "p_", "x_wave", "", "p_abc"])
async def test_a_code_that_names_nothing_finds_nothing(shelf, code):
    assert await shelf.picture(code, ADA) is None


async def test_a_saved_style_is_found_by_its_owner_alone(shelf, save):
    style = await save(name="Dusk")

    assert await shelf.picture(style.code, ADA) == style
    assert await shelf.picture(style.code, BEN) is None
    assert await shelf.mine(style.id, BEN) is None
    assert await shelf.saved(BEN) == []
    assert await shelf.named("dusk", ADA) is not None
    assert await shelf.named("dusk", BEN) is None


async def test_nobody_else_renames_or_deletes_a_saved_style(db, shelf, save):
    style = await save(name="Dusk")
    async with db.transaction() as tx:
        assert not await shelf.rename(tx, style.id, BEN, "Mine")
    assert not await shelf.remove(style.id, BEN, DAY_S)

    assert await shelf.saved(ADA) == [style]


async def test_a_shared_code_gives_the_style_to_all_and_stays_the_same(db, shelf, save):
    style = await save(name="Dusk")
    codes = []
    for _ in range(2):
        async with db.transaction() as tx:
            codes.append(await shelf.share(tx, ADA, style.picture, "Dusk"))

    assert codes[0] == codes[1] != style.code
    found = await shelf.picture(codes[0], BEN)
    assert (found.picture, found.name) == (style.picture, "Dusk")
    assert await shelf.saved(BEN) == []
    assert await shelf.mine(found.id, ADA) is None  # to share is not to save


async def test_a_built_in_style_is_shared_under_the_code_it_has(db, shelf):
    style = await shelf.picture("g_ink", ADA)
    async with db.transaction() as tx:
        assert await shelf.share(tx, ADA, style.picture, "Mine") == "g_ink"


async def test_the_same_picture_is_saved_once_and_fifty_are_enough(db, shelf, save):
    first = await save(b"0")
    assert await save(b"0", name="again") == first
    for number in range(1, MOST_SAVED):
        await save(str(number).encode())
    with pytest.raises(ShelfFull):
        await save(b"one too many")

    assert len(await shelf.saved(ADA)) == MOST_SAVED
    assert (await save(b"one too many", user_id=BEN)).code


async def test_a_deleted_style_takes_its_picture_along(shelf, save, pictures):
    style = await save()

    assert await shelf.remove(style.id, ADA, DAY_S)
    assert await shelf.picture(style.code, ADA) is None
    assert not pictures.path(style.picture).exists()


async def test_a_picture_that_somebody_else_keeps_stays(shelf, save, pictures):
    style, other = await save(), await save(user_id=BEN)

    await shelf.remove(style.id, ADA, DAY_S)
    assert pictures.path(style.picture).exists()
    assert await shelf.saved(BEN) == [other]


async def test_a_picture_that_was_painted_from_lately_stays_for_a_while(
    db, shelf, save, pictures
):
    style = await save()
    await add_job(db, ADA, style.picture, age_s=60)

    await shelf.remove(style.id, ADA, DAY_S)
    assert pictures.path(style.picture).exists()


async def test_styles_used_before_come_newest_first_and_once_each(
    db, shelf, save, pictures
):
    saved = await save(name="Dusk")
    wave = await shelf.picture("g_wave", ADA)
    plain = await pictures.put(b"plain", Size())
    bens = await pictures.put(b"of Ben's", Size())
    gone = "0" * 32
    for number, picture in enumerate([plain, saved.picture, wave.picture, plain, gone]):
        await add_job(db, ADA, picture, age_s=100 - number)
    await add_job(db, BEN, bens)
    await add_job(db, ADA, bens, state="cancelled")

    recent = await shelf.recent(ADA, 9)
    assert [each.picture for each in recent] == [plain, wave.picture, saved.picture]
    assert [each.code for each in recent[1:]] == ["g_wave", saved.code]
    again = await shelf.picture(recent[0].code, ADA)
    assert again.picture == plain
    assert await shelf.picture(recent[0].code, BEN) is None
    assert await shelf.recent(ADA, 1) == recent[:1]


async def test_a_style_is_found_by_its_name_in_any_language(shelf):
    for language in ("en", "de", "ru", "zh"):
        name = texts_for(language).style_name("wave")
        found = await shelf.named(f" {name.upper()} ", ADA)
        assert found is not None
        assert found.picture == (await shelf.picture("g_wave", ADA)).picture
    assert await shelf.named("no such style", ADA) is None


async def test_a_question_for_a_name_is_known_by_its_message(db):
    async with db.transaction() as tx:
        for key, message_id in (("naming:abc:5", 7), ("update:6", 8)):
            await tx.execute(
                "INSERT INTO outbox (key, chat_id, kind, created_at, message_id)"
                " VALUES (?, 1, 'text', 0, ?)",
                (key, message_id),
            )

    assert await store.asked_to_name(db, 1, 7) == "abc"
    assert await store.asked_to_name(db, 1, 8) is None
    assert await store.asked_to_name(db, 2, 7) is None
