"""Two small pictures, tasks made of them, and the worker that all tests here share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_asyncio
from PIL import Image, ImageDraw

from bot.executors.base import PaintTask
from bot.executors.inline import InlineExecutor
from bot.executors.local import LocalExecutor

TaskFactory = Callable[..., PaintTask]


def draw_content() -> Image.Image:
    """96 × 72 px: a red disc on a blue ground."""
    image = Image.new("RGB", (96, 72), (40, 70, 160))
    ImageDraw.Draw(image).ellipse((24, 12, 72, 60), fill=(200, 50, 40))
    return image


def draw_style() -> Image.Image:
    """80 × 80 px: green and yellow stripes."""
    image = Image.new("RGB", (80, 80), (30, 120, 60))
    for x in range(0, 80, 10):
        ImageDraw.Draw(image).rectangle((x, 0, x + 4, 79), fill=(230, 210, 60))
    return image


@pytest.fixture(scope="session")
def make_task(tmp_path_factory: pytest.TempPathFactory) -> TaskFactory:
    """A task for a picture of 64 px; keywords change its fields."""
    pictures = tmp_path_factory.mktemp("pictures")
    draw_content().save(pictures / "content.png")
    draw_style().save(pictures / "style.png")

    def make(**changes: object) -> PaintTask:
        output = tmp_path_factory.mktemp("job")
        fields: dict[str, object] = {
            "job_id": output.name,
            "content": pictures / "content.png",
            "style": pictures / "style.png",
            "strength": "balanced",
            "edge_px": 64,
            "clip": False,
            "seed": 0,
            "output": output,
            "preview_interval_s": 0.2,
        }
        return PaintTask(**(fields | changes))  # type: ignore[arg-type]  # by use

    return make


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def local():
    """A local executor with untrained weights; it outlives its workers' deaths."""
    executor = LocalExecutor(weights="untrained", device="cpu")
    await executor.start()
    yield executor
    await executor.close()
    assert executor.pids == []


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def inline():
    """The double, at half a second a picture."""
    executor = InlineExecutor(seconds=0.5)
    await executor.start()
    yield executor
    await executor.close()
