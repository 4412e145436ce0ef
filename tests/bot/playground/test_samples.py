"""The sample pictures: large, colourful, always the same, never on the loop."""

import asyncio
import io

import numpy as np
import pytest
from PIL import Image

from bot.playground import samples
from bot.playground.noise import fractal, smoothstep


@pytest.fixture(scope="module")
def drawn():
    return {name: samples.jpeg(name) for name in samples.SAMPLES}


async def test_sample_is_drawn_once_off_the_loop_and_always_the_same(
    http, drawn, stays_awake
):
    drawing = [asyncio.create_task(http.get("/samples/content.jpg")) for _ in range(3)]
    await stays_awake(http, asyncio.gather(*drawing))
    answers = [task.result() for task in drawing]
    assert {answer.headers["content-type"] for answer in answers} == {"image/jpeg"}
    assert {answer.content for answer in answers} == {drawn["content"]}


def test_photo_and_painting_are_two_colourful_pictures(drawn):
    for data in drawn.values():
        image = Image.open(io.BytesIO(data))
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (960, 720))
        assert 100_000 < len(data) < 1_000_000
    saturation = {
        name: np.asarray(Image.open(io.BytesIO(data)).convert("HSV"))[..., 1].mean()
        for name, data in drawn.items()
    }
    assert saturation["style"] > 1.3 * saturation["content"] > 60


def test_noise_fills_its_range():
    field = fractal(np.random.default_rng(0), (40, 30), (3, 3))
    assert field.shape == (30, 40)
    assert (field.min(), field.max()) == (0.0, 1.0)


def test_smoothstep_is_flat_outside_and_half_in_the_middle():
    values = np.array((-1.0, 0.0, 1.0, 2.0, 3.0))
    expected = np.array((0.0, 0.0, 0.5, 1.0, 1.0), np.float32)
    np.testing.assert_array_equal(smoothstep(0.0, 2.0, values), expected)
