"""The built-in styles: drawn, the same everywhere, and different in kind."""

import ast
import hashlib
import io
import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import bot.gallery
from bot.gallery import prints
from bot.gallery.sheet import draw_sheet
from bot.gallery.styles import STYLES, style_of

FOLDER = Path(bot.gallery.__file__).parent
SLUGS = [style.slug for style in STYLES]

_DRAW_ALL = """
import hashlib
from bot.gallery.styles import STYLES
for style in STYLES:
    print(style.slug, hashlib.sha256(style.draw().tobytes()).hexdigest())
"""


@pytest.fixture(scope="module")
def drawn():
    """Every style, drawn once, by its name."""
    return {style.slug: style.draw() for style in STYLES}


def traits(picture):
    """What tells one manner from another, about 0 to 1 each.

    Mean and spread of the colours, and at four scales how much the lightness changes
    across and down.
    """
    small = picture.resize((512, 512), Image.Resampling.BOX)
    pixels = np.asarray(small, np.float64) / 255
    light = pixels.mean(-1)
    found = [*pixels.mean((0, 1)), *pixels.std((0, 1)), np.ptp(pixels, -1).mean()]
    for _ in range(4):
        found += [np.abs(np.diff(light, axis=axis)).mean() * 4 for axis in (0, 1)]
        light = light.reshape(light.shape[0] // 2, 2, -1, 2).mean((1, 3))
    return np.asarray(found)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_style_is_a_picture_of_about_768_pixels(drawn, slug):
    picture = drawn[slug]

    assert picture.mode == "RGB"
    assert 700 <= max(picture.size) <= 800
    assert min(picture.size) >= 540


@pytest.mark.parametrize("slug", SLUGS)
def test_a_style_has_texture_at_every_scale(drawn, slug):
    changes = traits(drawn[slug])[7:]

    assert (changes > 0.02).all(), changes.round(3)


def test_there_are_at_least_twelve_styles_and_no_two_look_alike(drawn):
    assert len(STYLES) >= 12
    known = {slug: traits(picture) for slug, picture in drawn.items()}
    for one, other in itertools.combinations(known, 2):
        distance = np.abs(known[one] - known[other]).sum()
        assert distance > 0.35, f"{one} and {other}: {distance:.2f}"


@pytest.mark.parametrize("number", range(len(prints.pages())))
def test_a_printed_page_is_what_the_styles_draw_today(drawn, number):
    styles = prints.pages()[number]
    first = number * prints.PER_PAGE + 1
    fresh = draw_sheet([drawn[style.slug] for style in styles], first)

    with Image.open(io.BytesIO(prints.read(prints.page_name(number)))) as printed:
        assert printed.size == fresh.size
        pair = [np.asarray(p.resize((229, 229)), np.float64) for p in (printed, fresh)]
    assert np.abs(pair[0] - pair[1]).mean() < 2


def test_another_process_draws_the_same_pictures(drawn):
    printed = subprocess.run(
        [sys.executable, "-c", _DRAW_ALL], capture_output=True, text=True, check=True
    ).stdout

    here = {s: hashlib.sha256(p.tobytes()).hexdigest() for s, p in drawn.items()}
    assert dict(line.split() for line in printed.splitlines()) == here


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda p: p.name)
def test_nothing_that_differs_between_machines_is_used(path):
    """Neither fonts of the system, nor files, nor chance without a seed."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"ImageFont.truetype", "ImageFont.load", "np.random"}
            if called.endswith("default_rng"):
                assert len(node.args) == 1
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert "random" not in ast.unparse(node).split()


def test_slugs_fit_into_buttons_and_are_found_again():
    assert len(set(SLUGS)) == len(SLUGS)
    assert all(slug.isalpha() and slug.islower() and len(slug) <= 14 for slug in SLUGS)
    assert [style_of(slug) for slug in SLUGS] == list(STYLES)
    assert style_of("nobody") is None
