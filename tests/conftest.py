"""What every test stands on: a clean environment, and Chromium for those who look."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

# Two processes test side by side: torch's threads would fight over the same cores,
# here and in the bots that tests start.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# What a shell starts in the background ignores Ctrl-C; what tests start must not.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

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
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--hide-scrollbars",
    "--mute-audio",
    "--remote-debugging-port=0",
)
DESKTOP = {"viewport": {"width": 1280, "height": 844}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
SHOWN = """(selector) => {
  const image = document.querySelector(selector);
  return image !== null && image.complete && image.naturalWidth > 0;
}"""
START_S = 60
TIMEOUT_MS = 15_000


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch, tmp_path_factory):
    """An operator's own settings must not steer the tests."""
    for name in list(os.environ):
        if name.startswith("STYLEBOT_"):
            monkeypatch.delenv(name)


class ChatPage:
    """What a person does with the playground's page, and what they see of it."""

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

    @property
    def field(self) -> Locator:
        """Where one types."""
        return self.page.locator(".field")

    async def act(self, bubble: Locator, item: str) -> None:
        """Chooses from the menu of a bubble."""
        # A real click could hit the bubble that has just scrolled into its place.
        corner = await bubble.locator(".bubble").bounding_box()
        assert corner is not None
        where = {"clientX": corner["x"] + 6, "clientY": corner["y"] + 6}
        await bubble.locator(".bubble").dispatch_event(
            "contextmenu", {"bubbles": True, "cancelable": True, **where}
        )
        await self.page.get_by_role("menuitem", name=item).click()

    async def go(self, chat_id: int) -> None:
        """Opens another chat."""
        await self.page.locator(f".chat-row[data-chat-id='{chat_id}']").click()

    async def until(self, expression: str, argument: object = None) -> None:
        """Waits until a JavaScript expression is true."""
        await self.page.wait_for_function(expression, arg=argument)

    async def shows(self, selector: str) -> None:
        """Waits until a picture is there, not only its place."""
        await self.until(SHOWN, selector)

    async def send(self) -> None:
        """Presses the send button."""
        await self.page.get_by_role("button", name="Send", exact=True).click()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory) -> Iterator[str]:
    """One Chromium for all tests, by its address; skips where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.skip(f"no Chromium here (looked for {', '.join(CHROMIUM)})")
    profile: Path = tmp_path_factory.mktemp("chromium")
    process = subprocess.Popen(
        [found, *ARGUMENTS, f"--user-data-dir={profile}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _address(profile / "DevToolsActivePort", process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _address(note: Path, process: subprocess.Popen[bytes]) -> str:
    """Where Chromium listens, which it writes down when it does."""
    deadline = time.monotonic() + START_S
    while not note.exists() or len(lines := note.read_text().splitlines()) < 2:
        assert process.poll() is None, "Chromium ended at once"
        assert time.monotonic() < deadline, "Chromium does not come up"
        time.sleep(0.02)
    return f"http://127.0.0.1:{lines[0]}"


@pytest.fixture
async def browser(chromium):
    """A connection to Chromium; whatever it opens is closed with it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
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
