"""What the chat page, `--once` and other tests rely on."""

import asyncio
import io
import json
from typing import Any

import pytest
from PIL import Image

from bot.playground.world import ADA_ID, BEN_ID, GROUP_ID, OLD_GROUP_ID


async def test_world_has_two_people_a_chat_for_each_and_two_groups(http, bot):
    world = (await http.get("/api/world")).json()
    assert world["bot"] == {
        "id": bot.id,
        "name": "Stylebot",
        "username": bot.username,
    }
    assert world["users"] == [
        {"id": ADA_ID, "name": "Ada", "language": "en"},
        {"id": BEN_ID, "name": "Ben", "language": "en"},
    ]
    assert [(c["id"], c["type"], c["title"], c["members"]) for c in world["chats"]] == [
        (ADA_ID, "private", "Ada", [ADA_ID]),
        (BEN_ID, "private", "Ben", [BEN_ID]),
        (GROUP_ID, "supergroup", "Painters", [ADA_ID, BEN_ID]),
        (OLD_GROUP_ID, "group", "Old friends", [ADA_ID, BEN_ID]),
    ]


async def test_view_of_a_message_has_every_field(page, picture):
    (view,) = await page.send(("a.jpg", picture()), text="hi")
    photo = view.pop("photo")
    assert view == {
        "message_id": 1,
        "chat_id": ADA_ID,
        "thread_id": None,
        "date": 1_800_000_000,
        "edit_date": None,
        "from": {"id": ADA_ID, "name": "Ada", "is_bot": False},
        "kind": "photo",
        "text": "hi",
        "html": "hi",
        "reply_to": None,
        "media_group_id": None,
        "animation": None,
        "video": None,
        "document": None,
        "keyboard": None,
        "reaction": None,
        "via_bot": None,
        "forwarded_from": None,
        "force_reply": None,
    }
    assert (photo["width"], photo["height"]) == (400, 300)
    for file_id in (photo["file_id"], photo["thumb_file_id"]):
        response = await page.http.get(f"/api/files/{file_id}")
        assert response.headers["content-type"] == "image/jpeg"


async def test_notice_is_shown_until_it_is_taken_back(http):
    await http.post("/api/notice", json={"text": "untrained"})
    assert (await http.get("/api/world")).json()["notice"] == "untrained"
    await http.post("/api/notice", json={"text": None})
    assert (await http.get("/api/world")).json()["notice"] is None
    events = (await http.get("/api/wait")).json()["events"]
    assert [event["text"] for event in events] == ["untrained", None]


@pytest.mark.parametrize(
    ("chat", "user", "status"),
    [
        (4711, ADA_ID, 404),
        (BEN_ID, ADA_ID, 403),
        (ADA_ID, "x", 400),
        ("x", ADA_ID, 400),
    ],
)
async def test_strangers_see_and_say_nothing(http, chat, user, status):
    url = f"/api/chats/{chat}/messages"
    seen = await http.get(url, params={"user": user})
    said = await http.post(url, data={"user": user, "text": "x"})
    assert (seen.status_code, said.status_code) == (status, status)
    assert seen.json()["error"].endswith(".")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"not a picture", "cannot be read as a picture"),
        (b"", "is empty"),
    ],
)
async def test_photo_that_is_none_is_refused_in_a_sentence(page, data, sentence):
    response = await page.post(("a.jpg", data))
    assert response.status_code == 400
    assert sentence in response.json()["error"]
    (view,) = await page.send(("a.jpg", data), as_file="1")
    assert view["document"]["size"] == len(data)


async def test_bomb_is_refused_as_a_photo_and_taken_as_a_file(page, bot):
    buffer = io.BytesIO()
    Image.new("1", (16000, 16000)).save(buffer, "PNG")
    bomb = buffer.getvalue()
    assert len(bomb) < 200_000
    response = await page.post(("bomb.png", bomb))
    assert response.status_code == 400
    assert "too large or too narrow" in response.json()["error"]
    await page.send(("bomb.png", bomb), as_file="1")
    (update,) = await bot.get_updates()
    assert update.message.document.thumbnail is None


async def test_posts_that_make_no_sense_are_refused(page, picture):
    for fields in (
        {},
        {"text": "x" * 4097},
        {"text": "x", "reply_to": "99"},
        {"kind": "smoke"},
    ):
        response = await page.post(**fields)
        assert response.status_code == 400, fields
        assert response.json()["error"].endswith(".")
    eleven = await page.post(*[("a.jpg", picture(32, 32))] * 11)
    assert eleven.status_code == 400
    assert await page.views() == []


async def test_several_files_make_an_album_of_documents(page, picture):
    files = [("a.png", picture(32, 32, "PNG")), ("b.txt", b"words")]
    views = await page.send(*files, as_file="1")
    assert [view["kind"] for view in views] == ["document", "document"]
    assert views[0]["media_group_id"] == views[1]["media_group_id"] is not None


async def test_events_come_as_they_happen_and_only_to_members(bot, http, page):
    await bot.send_message(ADA_ID, "before")
    seen: list[Any] = []

    async def listen() -> None:
        async with http.stream("GET", f"/api/events?user={BEN_ID}&after=0") as events:
            async for line in events.aiter_lines():
                if line.startswith("data: "):
                    seen.append(json.loads(line.removeprefix("data: ")))
                    if len(seen) == 2:
                        return

    await bot.send_message(BEN_ID, "first")
    listening = asyncio.create_task(listen())
    await bot.send_message(ADA_ID, "not for Ben")
    await bot.send_message(GROUP_ID, "second")
    async with asyncio.timeout(5):
        await listening
    assert [event["message"]["text"] for event in seen] == ["first", "second"]
    assert seen[0]["seq"] < seen[1]["seq"]


async def test_stream_resumes_after_the_last_event_seen(bot, http):
    for text in "abc":
        await bot.send_message(ADA_ID, text)
    headers = {"last-event-id": "2"}
    async with (
        asyncio.timeout(5),
        http.stream("GET", f"/api/events?user={ADA_ID}", headers=headers) as events,
    ):
        async for line in events.aiter_lines():
            if line.startswith("data: "):
                assert json.loads(line[6:])["message"]["text"] == "c"
                break


async def test_wait_returns_at_the_first_event_or_empty_in_the_end(bot, http):
    empty = await http.get("/api/wait?after=0&timeout=0.05")
    assert empty.json() == {"seq": 0, "events": []}
    waiting = asyncio.create_task(http.get(f"/api/wait?chat_id={BEN_ID}&timeout=9"))
    await bot.send_message(ADA_ID, "elsewhere")
    await bot.send_message(BEN_ID, "here")
    async with asyncio.timeout(5):
        answer = (await waiting).json()
    assert [event["message"]["text"] for event in answer["events"]] == ["here"]
    assert answer["seq"] == 2


async def test_files_are_served_so_that_a_browser_runs_nothing(page, http, gif):
    (page_file,) = await page.send(("x.html", b"<script>1</script>"), as_file="1")
    file_id = page_file["document"]["file_id"]
    response = await http.get(f"/api/files/{file_id}")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"
    (clip,) = await page.send(("a.gif", gif()))
    url = f"/api/files/{clip['animation']['file_id']}"
    part = await http.get(url, headers={"range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    assert (await http.get("/api/files/none")).status_code == 404


async def test_people_delete_their_own_messages(page, bot):
    (mine,) = await page.send(text="x", chat=GROUP_ID)
    theirs = await bot.send_message(GROUP_ID, "y")
    ada, url = {"user": ADA_ID}, f"/api/chats/{GROUP_ID}/messages"
    ok = await page.http.post(f"{url}/{mine['message_id']}/delete", json=ada)
    no = await page.http.post(f"{url}/{theirs.message_id}/delete", json=ada)
    assert (ok.status_code, no.status_code) == (200, 403)
    assert [view["text"] for view in await page.views(GROUP_ID)] == ["y"]


@pytest.mark.parametrize("path", ["/api/nothing", "/nothing", "/samples/none.jpg"])
async def test_unknown_addresses_are_404_with_a_sentence(http, path):
    response = await http.get(path)
    assert response.status_code == 404
    assert response.json()["error"]


async def test_page_and_its_parts_are_served(http):
    page = await http.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert (await http.get("/static/index.html")).status_code == 200
