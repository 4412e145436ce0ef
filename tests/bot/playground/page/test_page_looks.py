"""How the chat page looks and what it never runs: width, contrast, markup."""

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.browser

GROUP = -1000000000001
HOSTILE = "<img src=x onerror=\"document.title='broken'\"><script>1</script>"


TOO_WIDE = """[...document.querySelectorAll(".chat *")]
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => node.className)"""


TOO_WIDE_APART_FROM_TOPICS = TOO_WIDE.replace(".chat *", ".chat > :not(.topics) *")


async def test_phone_shows_list_or_chat_and_never_scrolls_sideways(
    open_chat, playground, bot, pictures
):
    chat = await open_chat(playground.url, phone=True)
    await chat.say("keys")
    await chat.say("picture")
    await chat.say("clip")
    await chat.choose(*pictures)
    await chat.send()
    await expect(chat.bubble("in an album")).to_be_visible()
    await chat.page.locator("video").wait_for()

    assert await chat.page.evaluate(TOO_WIDE) == []
    assert await chat.page.evaluate("document.documentElement.scrollWidth") == 390
    for target in (".key", ".send", ".attach", ".back", ".field"):
        box = await chat.page.locator(target).first.bounding_box()
        assert box["height"] >= 44, target
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    assert await chat.page.locator(".field").evaluate(size) >= 16  # iOS zooms below

    await chat.page.get_by_role("button", name="All chats").tap()
    await expect(chat.page.locator("#chat")).to_be_hidden()
    assert await chat.page.evaluate("document.documentElement.scrollWidth") == 390
    await chat.page.locator(f".chat-row[data-chat-id='{GROUP}']").tap()
    await expect(chat.page.locator("#sidebar")).to_be_hidden()
    await expect(chat.page.locator("#chat-header")).to_contain_text("Painters")


CONTRAST = """(node) => {
  const numbers = (colour) => {
    const found = (colour.match(/[\\d.]+/g) ?? []).map(Number);
    const scale = colour.startsWith("color(") ? 255 : 1;  // mixed ones go up to 1
    return found.map((value, at) => (at < 3 ? scale * value : value));
  };
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (one) => {
    const colour = getComputedStyle(one).backgroundColor;
    const [, , , alpha = 1] = numbers(colour);
    return alpha > 0.8 ? colour : ground(one.parentElement);
  };
  const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_their_ground(open_chat, playground, bot, scheme):
    chat = await open_chat(playground.url, color_scheme=scheme)
    await chat.say("keys")
    await expect(chat.key("Toast")).to_be_visible()
    ground = await chat.page.locator("#chat").evaluate(
        "node => getComputedStyle(node).backgroundColor.match(/\\d+/g).map(Number)"
    )
    assert (max(ground) < 60) == (scheme == "dark")

    for words in (
        *(".own .text", ".own time", ".row:not(.own) .text", ".row:not(.own) time"),
        *(".key", ".state", ".chat-title", ".chat-words", ".samples-both", ".you"),
    ):
        assert await chat.page.locator(words).first.evaluate(CONTRAST) >= 4.5, words


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_of_groups_and_sharing_stand_out_as_well(
    open_chat, playground, ada, results, scheme
):
    await results(1)
    topic = await ada.within(GROUP).open_topic("Holidays")
    said = await topic.say("Look")
    await topic.forward(said)
    chat = await open_chat(
        playground.url, chat=f"{GROUP}/{topic.thread_id}", color_scheme=scheme
    )
    await chat.field.fill("@playground_stylebot ")
    await chat.page.locator(".result").click()
    await chat.page.locator(".via").wait_for()
    await chat.act(chat.bubbles.first, "Reply")
    await chat.page.get_by_role("button", name="About this chat").click()

    for words in (
        *(
            ".via",
            ".origin",
            ".topic[aria-selected=true]",
            ".topic[aria-selected=false]",
        ),
        *(".day span", ".replying b", ".replying .quoted span", ".speaks span"),
        *(".sheet h3", ".option b", ".option small"),
    ):
        assert await chat.page.locator(words).first.evaluate(CONTRAST) >= 4.5, words


async def test_phone_has_room_for_topics_results_and_sheets(
    open_chat, playground, ada, results
):
    await results(60)
    for name in ("Holidays", "A topic with a name that is very long indeed", "Sky"):
        await ada.within(GROUP).open_topic(name)
    chat = await open_chat(playground.url, chat=GROUP, phone=True)
    await chat.field.fill("@playground_stylebot ")
    await expect(chat.page.locator(".result").first).to_be_visible()

    for target in (".topic", ".result", ".inline-start", ".slash", ".panel"):
        box = await chat.page.locator(target).first.bounding_box()
        assert box["height"] >= 44, target
    assert await chat.page.evaluate(TOO_WIDE_APART_FROM_TOPICS) == []
    await chat.page.get_by_role("button", name="About this chat").tap()
    await expect(chat.page.locator(".sheet")).to_be_in_viewport(ratio=0.99)
    assert await chat.page.evaluate("document.documentElement.scrollWidth") == 390


async def test_markup_in_messages_is_shown_and_never_run(open_chat, playground, bot):
    chat = await open_chat(playground.url)

    await chat.say(HOSTILE)
    await chat.say("hostile")
    await expect(chat.bubbles).to_have_count(4)

    texts = await chat.page.locator(".row .text").all_text_contents()
    assert texts == [HOSTILE, f"heard {HOSTILE}", "hostile", HOSTILE]
    assert await chat.page.locator(".messages script, .messages .text img").count() == 0
    assert await chat.page.title() != "broken"


async def test_hostile_html_from_a_server_is_stripped_to_known_tags(
    open_chat, playground
):
    # The policy of the page also objects, aloud, to what is taken out here.
    chat = await open_chat(playground.url, strict=False)
    hostile = (
        '<b onclick="x()">bold</b> <a href="javascript:x()">trap</a> '
        '<a href="https://example.org/" onclick="x()">link</a>'
        '<iframe src="/"></iframe><p onclick="x()">kept</p><svg onload="x()"></svg>'
        "<style>*{}</style>"
    )

    made = await chat.page.evaluate(
        """async (html) => {
          const { richText } = await import("/static/richtext.js");
          const box = document.createElement("div");
          box.append(richText(html));
          return box.innerHTML;
        }""",
        hostile,
    )

    rel = 'target="_blank" rel="noopener noreferrer nofollow"'
    link = f'<a href="https://example.org/" {rel}>link</a>'
    assert made == f"<strong>bold</strong> trap {link}kept"
