"""Chromium and the chat page for tests; a pytest plugin.

Use it with `pytest_plugins = ["tests.bot.browser_fixtures"]` and `open_chat`.
"""

import re
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"viewport": {"width": 1280, "height": 844}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
TIMEOUT_MS = 15_000


class ChatPage:
    """What a person does with the page, and what they see of it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def bubbles(self) -> Locator:
        """Every bubble, oldest first."""
        return self.page.locator(".row")

    def bubble(self, text: str | re.Pattern[str]) -> Locator:
        """The newest bubble with these words in it."""
        return self.bubbles.filter(has_text=text).last

    def key(self, label: str) -> Locator:
        """The newest inline button with these words on it."""
        return self.page.locator(".key").filter(has_text=label).last

    async def say(self, text: str) -> None:
        """Types and sends."""
        await self.page.locator(".field").fill(text)
        await self.page.keyboard.press("Enter")

    async def choose(self, *paths: Path, as_file: bool = False) -> None:
        """Picks files with the attach menu; they wait to be sent."""
        await self.page.get_by_role("button", name="Attach").click()
        item = "Files, uncompressed" if as_file else "Photos"
        async with self.page.expect_file_chooser() as chooser:
            await self.page.get_by_role("menuitem", name=item).click()
        await (await chooser.value).set_files(list(paths))
        await expect(self.page.locator(".strip-file")).to_have_count(len(paths))

    async def send(self) -> None:
        """Presses the send button."""
        await self.page.get_by_role("button", name="Send", exact=True).click()

    async def go(self, user_id: int, chat_id: int) -> None:
        """Becomes somebody, somewhere."""
        await self.page.evaluate(f"location.hash = '#/{user_id}/{chat_id}'")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium lies; skips where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip(f"no Chromium here (looked for {', '.join(CHROMIUM)})")
    return found


@pytest.fixture
async def browser(chromium_path):
    """A running Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path, args=list(ARGUMENTS)
        )
        yield browser
        await browser.close()


@pytest.fixture
async def open_chat(browser):
    """Opens the page at `url` as a user in a chat; the page must not stumble."""
    stumbles = []

    def listen(page):
        page.on("pageerror", lambda error: stumbles.append(str(error)))
        page.on("console", lambda message: hear(message.text))

    def hear(text):
        if "Content Security Policy" in text:
            stumbles.append(text)

    async def open_one(
        url, *, user=1001, chat=1001, phone=False, strict=True, **options
    ):
        shape = PHONE if phone else DESKTOP
        context = await browser.new_context(**{**shape, **options})
        context.set_default_timeout(TIMEOUT_MS)
        page = await context.new_page()
        if strict:
            listen(page)
        await page.goto(f"{url}/#/{user}/{chat}")
        await page.locator("html[data-ready]").wait_for()
        return ChatPage(page)

    expect.set_options(timeout=TIMEOUT_MS)
    yield open_one
    assert stumbles == []
