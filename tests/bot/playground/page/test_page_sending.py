"""Sending from the chat page: words, pictures, files, samples."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser


async def test_start_button_of_an_empty_chat_says_start(open_chat, playground, bot):
    chat = await open_chat(playground.url)

    await chat.page.get_by_role("button", name="Start").click()

    await expect(chat.bubble("heard start").locator("strong")).to_have_text("heard")
    await expect(chat.page.locator(".welcome")).to_have_count(0)


async def test_picture_chosen_with_the_button_is_sent_as_photo(
    open_chat, playground, bot, pictures
):
    chat = await open_chat(playground.url)

    await chat.choose(pictures[0])
    await chat.send()

    await expect(chat.bubble("photo 320 × 240")).to_be_visible()
    await chat.shows(".row.own:not(.pending) .photo img")
    await expect(chat.page.locator(".row.own")).to_have_count(1)


async def test_several_pictures_are_one_album_with_the_caption(
    open_chat, playground, bot, pictures
):
    chat = await open_chat(playground.url)

    await chat.choose(*pictures)
    await chat.say("three of them")

    await expect(chat.bubble("in an album “three of them”")).to_be_visible()
    album = chat.page.locator(".row.own:not(.pending)")
    await expect(album).to_have_count(1)
    await expect(album.locator(".photo")).to_have_count(3)
    await expect(album).to_contain_text("three of them")


async def test_picture_can_be_sent_as_file(open_chat, playground, bot, pictures):
    chat = await open_chat(playground.url)

    await chat.choose(pictures[0], as_file=True)
    await chat.send()

    await expect(chat.bubble("file one.jpg")).to_be_visible()
    document = chat.page.locator(".row.own:not(.pending) .document")
    await expect(document).to_contain_text("one.jpg")
    link = document.get_by_role("link", name="Download one.jpg")
    async with chat.page.expect_download() as download:
        await link.click()
    path = await (await download.value).path()
    assert path.read_bytes() == pictures[0].read_bytes()


DRAG = """async ([over, types]) => {
  const data = new DataTransfer();
  for (const name of ["content.jpg", "style.jpg"]) {
    const blob = await (await fetch(`/samples/${name}`)).blob();
    data.items.add(new File([blob], name, {type: "image/jpeg"}));
  }
  for (const type of types) {
    const selector = type === "dragenter" ? "#chat" : over;
    const options = {dataTransfer: data, bubbles: true, cancelable: true};
    document.querySelector(selector).dispatchEvent(new DragEvent(type, options));
  }
}"""


async def test_dropped_pictures_wait_as_photos_and_are_sent_as_album(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)

    await chat.page.evaluate(DRAG, [".drop-target", ["dragenter", "dragover"]])
    await expect(chat.page.locator("#drop")).to_be_visible()
    await chat.page.evaluate(DRAG, [".drop-target", ["drop"]])
    await expect(chat.page.locator("#drop")).to_be_hidden()
    await expect(chat.page.locator(".strip-file")).to_have_count(2)
    await chat.send()

    await expect(chat.bubble("in an album")).to_be_visible()


async def test_pictures_dropped_on_the_other_half_are_sent_as_files(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)

    target = ".drop-target[data-as-file='1']"
    await chat.page.evaluate(DRAG, [target, ["dragenter", "drop"]])
    await chat.send()

    await expect(chat.bubble("file style.jpg")).to_be_visible()


async def test_pasted_picture_is_sent(open_chat, playground, bot):
    permissions = ["clipboard-read", "clipboard-write"]
    chat = await open_chat(playground.url, permissions=permissions)

    await chat.page.evaluate(
        """async () => {
          const canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [64, 48];
          canvas.getContext("2d").fillRect(0, 0, 64, 48);
          const blob = await new Promise((done) => canvas.toBlob(done));
          await navigator.clipboard.write([new ClipboardItem({"image/png": blob})]);
        }"""
    )
    await chat.page.locator(".field").focus()
    await chat.page.keyboard.press("Control+V")
    await expect(chat.page.locator(".strip-file img")).to_have_count(1)
    await chat.send()

    await expect(chat.bubble("photo 64 × 48")).to_be_visible()


async def test_both_samples_are_one_click_away(open_chat, playground, bot):
    chat = await open_chat(playground.url)

    await chat.page.get_by_role("button", name="Send both").click()

    await expect(chat.bubble("in an album")).to_be_visible()
    await expect(chat.page.locator(".row.own:not(.pending) .photo")).to_have_count(2)


async def test_refused_picture_is_explained_and_kept(
    open_chat, playground, bot, tmp_path
):
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"no picture at all")
    chat = await open_chat(playground.url)

    await chat.choose(path)
    await chat.say("look")

    await expect(chat.page.locator(".toast.trouble")).to_contain_text("broken.jpg")
    await expect(chat.page.locator(".strip-file")).to_have_count(1)
    await expect(chat.page.locator(".field")).to_have_value("look")
    await expect(chat.bubbles).to_have_count(0)


async def test_reaction_quicker_than_the_answer_to_the_request_stays(
    open_chat, playground, bot
):
    chat = await open_chat(playground.url)

    async def answer_late(route):
        answer = await route.fetch()
        await expect(chat.bubble("marked")).to_be_visible()
        await route.fulfill(response=answer)

    await chat.page.route("**/messages", answer_late)
    async with chat.page.expect_request_finished(lambda r: r.method == "POST"):
        await chat.say("mark")
    await expect(chat.page.locator(".pending")).to_have_count(0)

    await expect(chat.bubbles).to_have_count(2)
    assert await chat.bubbles.first.locator(".reaction").text_content() == "👍"
