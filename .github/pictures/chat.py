"""Takes the pictures of the chat page for the README.

    stylebot demo --no-open --weights untrained --edge 480
    python .github/pictures/chat.py URL OUT [SCENE…]

URL is the address of that demo, freshly started; Chromium does what Ada and Ben do
there. OUT gets `chat-desktop.jpg` and `chat-phone.jpg` (the scene `private`),
`chat-group.jpg` (`group`) and `chat-sharing.jpg` (`sharing`).
"""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw
from playwright.async_api import (
    Browser,
    FilePayload,
    Locator,
    Page,
    async_playwright,
    expect,
)

ADA: Final = "1001/1001"
BEN: Final = "1002/1002"
GROUP: Final = -1000000000001
NAME: Final = "@playground_stylebot"
TALL: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 1210}}
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
PATIENT_MS: Final = 600_000
STILLNESS: Final = """Promise.all(
  document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime < Infinity)
    .map((one) => one.finished.catch(() => null)),
).then(() => null)"""
GAP_PX, CORNER_PX, GROUND = 30, 30, (216, 212, 200)


class Studio:
    """Opens the page as somebody and photographs it."""

    def __init__(self, browser: Browser, url: str, out: Path) -> None:
        self._browser = browser
        self._url = url
        self._out = out

    async def open(self, place: str, *, dark: bool = False, **shape: Any) -> Page:
        """The page at `#/<user>/<chat>`."""
        context = await self._browser.new_context(**shape)
        page = await context.new_page()
        await page.emulate_media(color_scheme="dark" if dark else "light")
        await page.goto(f"{self._url}/#/{place}")
        await page.locator("html[data-ready]").wait_for()
        notice = page.get_by_role("button", name="Hide this notice")
        if await notice.is_visible():
            await notice.click()
        return page

    async def photograph(self, page: Page) -> Image.Image:
        """The page as it is when nothing moves any more."""
        await page.mouse.move(0, 0)
        await page.evaluate(STILLNESS)
        return Image.open(io.BytesIO(await page.screenshot())).convert("RGB")

    def keep(self, name: str, picture: Image.Image) -> None:
        """Writes a picture."""
        picture.save(self._out / name, quality=86)


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Phones beside each other on a quiet ground."""
    width, height = pictures[0].size
    total = len(pictures) * (width + GAP_PX) + GAP_PX
    sheet = Image.new("RGB", (total, height + 2 * GAP_PX), GROUND)
    mask = Image.new("L", (width, height))
    box = (0, 0, width - 1, height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, CORNER_PX, fill=255)
    for at, picture in enumerate(pictures):
        sheet.paste(picture, (GAP_PX + at * (width + GAP_PX), GAP_PX), mask)
    return sheet


async def to_end(page: Page, last: Locator | None = None) -> None:
    """Scrolls to the end, or until `last` stands there."""
    if last is None:
        await page.locator("#scroller").evaluate("one => one.scrollTop = 1e6")
    else:
        await last.evaluate("one => one.scrollIntoView({block: 'end'})")
        await page.locator("#scroller").evaluate("one => one.scrollTop += 10")


async def say(page: Page, words: str) -> None:
    """Types and sends."""
    await page.locator(".field").fill(words)
    await page.keyboard.press("Enter")


async def attach(page: Page, *samples: str) -> None:
    """Puts sample pictures above the text field."""
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Attach").click()
        await page.get_by_role("menuitem", name="Photos").click()
    files = [
        FilePayload(
            name=f"{name}.jpg",
            mimeType="image/jpeg",
            buffer=await fetch(page, f"samples/{name}.jpg"),
        )
        for name in samples
    ]
    await (await chooser.value).set_files(files)
    await expect(page.locator(".strip-file")).to_have_count(len(samples))


async def fetch(page: Page, path: str) -> bytes:
    """What the playground serves there."""
    response = await page.request.get(f"{home(page)}{path}")
    return await response.body()


def home(page: Page) -> str:
    """The address of the page without the place in it."""
    return page.url.partition("#")[0]


def key(page: Page, label: str) -> Locator:
    """The newest button with these words."""
    return page.locator(".key").filter(has_text=label).last


def results(page: Page) -> Locator:
    """Finished pictures."""
    finished = page.locator(".row:not(.own)").filter(has_text=re.compile("Painted in"))
    return finished.filter(has=page.locator(".key"))


async def private(studio: Studio) -> None:
    """Ada alone: the card, the work in progress, the result and its clip."""
    light = await studio.open(ADA, **PHONE)
    dark = await studio.open(ADA, dark=True, **PHONE)
    await say(light, "/start")
    await light.locator(".row:not(.own)").first.wait_for()
    await light.get_by_role("button", name="Send both").last.tap()
    await expect(key(light, "Clip")).to_be_visible(timeout=PATIENT_MS)
    await key(light, "Clip").tap()
    await expect(key(light, "Clip: on")).to_be_visible()
    await to_end(light)
    phones = [await studio.photograph(light)]
    await key(light, "Balanced").tap()
    half = dark.locator(".row").filter(has_text=re.compile("[4-6][0-9]%"))
    await half.wait_for(timeout=PATIENT_MS)
    phones.append(await studio.photograph(dark))
    await light.locator("video").wait_for(timeout=PATIENT_MS)
    await to_end(light, results(light).last)
    phones.append(await studio.photograph(light))
    studio.keep("chat-phone.jpg", side_by_side(phones))
    desktop = await studio.open(ADA, **TALL)
    await to_end(desktop)
    studio.keep("chat-desktop.jpg", await studio.photograph(desktop))


async def group(studio: Studio) -> None:
    """Ada wants Ben’s photo in the manner of her painting."""
    ada = await studio.open(f"1001/{GROUP}", **TALL)
    ben = await studio.open(f"1002/{GROUP}", **PHONE)
    await attach(ben, "content")
    await say(ben, "Our harbour, last night")
    said = ada.locator(".row").filter(has_text="Our harbour").last
    await said.locator(".bubble").click(button="right", position={"x": 6, "y": 6})
    await ada.get_by_role("menuitem", name="Reply").click()
    await attach(ada, "style")
    await say(ada, f"/style{NAME}")
    await key(ada, "Strong").click(timeout=PATIENT_MS)
    await results(ada).last.wait_for(timeout=PATIENT_MS)
    await say(ben, "Oh, I want that on my wall!")
    await ada.locator(".row").filter(has_text="on my wall").wait_for()
    studio.keep("chat-group.jpg", await studio.photograph(ada))


async def sharing(studio: Studio) -> None:
    """The gallery, the picker of inline mode, and what arrives in the group."""
    ada = await studio.open(ADA, dark=False, **PHONE)
    await say(ada, "/styles")
    gallery = ada.locator(".row").filter(has_text="Mosaic").last
    sharp = gallery.locator(".photo:not(.blurred) img:only-child")
    await sharp.wait_for(timeout=PATIENT_MS)
    await gallery.evaluate("one => one.scrollIntoView({block: 'start'})")
    phones = [await studio.photograph(ada)]
    await ada.goto(f"{home(ada)}#/1001/{GROUP}")
    await ada.locator(".field").fill(f"{NAME} ")
    await ada.locator(".result").first.wait_for()
    phones.append(await studio.photograph(ada))
    await ada.locator(".result.pictured").first.tap()
    await ada.locator(".via").wait_for()
    ben = await studio.open(f"1002/{GROUP}", dark=True, **PHONE)
    await ben.locator(".via").wait_for()
    phones.append(await studio.photograph(ben))
    studio.keep("chat-sharing.jpg", side_by_side(phones))


SCENES: Final = {"private": private, "group": group, "sharing": sharing}


async def main(url: str, out: Path, *scenes: str) -> None:
    """One scene after another."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--hide-scrollbars"]
        )
        studio = Studio(browser, url, out)
        for scene in scenes or SCENES:
            await SCENES[scene](studio)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
