"""Mosaic: two fish in a shallow sea, of some thousand small stones."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from .fields import (
    Colour,
    Field,
    axes,
    blurred,
    fractal,
    grain,
    image_of,
    light,
    pixels_of,
    sampled,
)
from .shapes import distances, flat, spline

SIZE = (768, 576)
_GROUT = (70, 60, 54)
_BORDER = 50
_REACH = 90
_TILES = ((11.0, 3), (8.5, 3), (6.0, 3))
"""Sides of the stones, from the first choice to what fills gaps; pixels of search."""
_FILL = 0.82
"""Stones of one pass are tried over so much of the free mortar."""


def draw() -> Image.Image:
    """The floor, `SIZE` RGB."""
    rng = np.random.default_rng(67)
    fish = _fish(236, 236, 1.0, 1) + _fish(540, 356, 0.86, -1)
    design = pixels_of(_design(rng, fish))
    away = distances(SIZE, [*fish, *_frames()], _REACH)
    soft = blurred(away, 2)
    angles = np.arctan2(np.gradient(soft, axis=0), np.gradient(soft, axis=1))
    far = away >= _REACH - 2
    angles = np.where(far, 0.35 * np.sin(axes(SIZE)[0] / 60), angles)
    floor = Image.new("RGB", SIZE, _GROUT)
    relief = Image.new("L", SIZE)
    _lay(rng, (floor, relief), design, angles, away)
    return _polished(rng, floor, relief)


def _fish(x: float, y: float, size: float, way: int) -> list[Field]:
    """Body, tail and fins as outlines; the first is the body."""
    shapes = (
        [
            (-150, 6),
            (-96, -54),
            (-10, -72),
            (70, -44),
            (112, -4),
            (66, 42),
            (-10, 66),
            (-98, 50),
        ],
        [(98, -4), (150, -62), (176, -66), (152, -4), (178, 62), (148, 58)],
        [(-44, -64), (-10, -112), (52, -98), (66, -46), (8, -66)],
        [(-30, 58), (-22, 96), (26, 102), (34, 54)],
    )
    made = []
    for shape in shapes:
        outline = spline(shape, closed=True) * size
        outline[:, 0] *= way
        turned = outline @ np.array([[0.966, 0.259], [-0.259, 0.966]], np.float32)
        made.append(turned + np.array((x, y), np.float32))
    return made


def _frames() -> list[Field]:
    outlines = []
    for inset in (4, _BORDER):
        right, low = SIZE[0] - inset, SIZE[1] - inset
        corners = [(inset, inset), (right, inset), (right, low), (inset, low)]
        outlines.append(np.asarray(corners, np.float32))
    return outlines


def _design(rng: np.random.Generator, fish: list[Field]) -> Image.Image:
    picture = Image.new("RGB", SIZE, (230, 218, 190))
    pen = ImageDraw.Draw(picture)
    waves = fractal(rng, SIZE, (4, 10), 2)
    x, y = axes(SIZE)
    bands = (y / 46 + 0.5 * np.sin(x / 54) + 1.2 * waves) % 3
    sea: tuple[Colour, ...] = ((54, 122, 150), (110, 178, 182), (214, 222, 202))
    tones = np.asarray(sea, np.float32)[bands.astype(int)]
    inner = Image.fromarray(tones.astype(np.uint8))
    box = (_BORDER, _BORDER, SIZE[0] - _BORDER, SIZE[1] - _BORDER)
    picture.paste(inner.crop(box), box[:2])
    _plants(rng, pen)
    for number in range(2):
        _colour_fish(pen, fish[4 * number : 4 * number + 4], number)
    _frame(pen)
    return picture


def _colour_fish(pen: ImageDraw.ImageDraw, parts: list[Field], number: int) -> None:
    warm: Colour = (204, 84, 44) if number == 0 else (190, 52, 64)
    gold: Colour = (236, 176, 70) if number == 0 else (240, 158, 96)
    for fin in parts[1:]:
        pen.polygon(flat(fin), fill=gold)
        pen.line(flat(np.concatenate((fin, fin[:1]))), fill=(94, 36, 34), width=7)
    body = parts[0]
    pen.polygon(flat(body), fill=warm)
    centre = body.mean(0)
    for share, tone in ((0.78, gold), (0.56, warm), (0.34, (248, 222, 160))):
        pen.polygon(flat(centre + (body - centre) * (share, 0.9 * share)), fill=tone)
    pen.line(flat(np.concatenate((body, body[:2]))), fill=(70, 26, 34), width=9)
    head = body[0] + 0.24 * (centre - body[0]) * (1, 1) + np.array((6, -22))
    pen.circle(tuple(head.tolist()), 17, fill=(250, 244, 222))
    pen.circle(tuple(head.tolist()), 9, fill=(24, 24, 34))


def _plants(rng: np.random.Generator, pen: ImageDraw.ImageDraw) -> None:
    for x in (84, 116, 420, 452, 690):
        tall = rng.uniform(90, 170)
        points = [
            (x + 16 * math.sin(step * 1.4 + x), SIZE[1] - _BORDER - tall * step / 5)
            for step in range(6)
        ]
        pen.line(flat(spline(points)), fill=(46, 104, 78), width=15, joint="curve")
        pen.line(flat(spline(points)), fill=(122, 160, 84), width=6, joint="curve")
    for x, y, radius in ((120, 130, 15), (158, 104, 10), (660, 210, 16), (640, 176, 9)):
        pen.circle((x, y), radius, fill=(246, 244, 230), outline=(40, 90, 120), width=5)


def _frame(pen: ImageDraw.ImageDraw) -> None:
    """A border of running waves between two red lines."""
    for inset, tone in ((0, (132, 42, 38)), (10, (236, 224, 196)), (42, (132, 42, 38))):
        right, low = SIZE[0] - inset, SIZE[1] - inset
        pen.rectangle(
            (inset, inset, right, low), outline=tone, width=32 if inset == 10 else 10
        )
    for step in range(-1, 26):
        x = 8 + step * 30
        for y in (26, SIZE[1] - 26):
            pen.pieslice((x, y - 15, x + 30, y + 15), 180, 360, fill=(36, 74, 108))
    for step in range(1, 18):
        y = 8 + step * 30
        for x in (26, SIZE[0] - 26):
            pen.pieslice((x - 15, y, x + 15, y + 30), 90, 270, fill=(36, 74, 108))


def _lay(
    rng: np.random.Generator,
    pictures: tuple[Image.Image, Image.Image],
    design: Field,
    angles: Field,
    away: Field,
) -> None:
    """Stone after stone, row after row away from the outlines, where there is room."""
    pens = ImageDraw.Draw(pictures[0]), ImageDraw.Draw(pictures[1])
    taken = np.zeros((SIZE[1], SIZE[0]), bool)
    for side, step in _TILES:
        y, x = np.mgrid[3 : SIZE[1] - 3 : step, 3 : SIZE[0] - 3 : step]
        rows, columns = y.ravel(), x.ravel()
        free = ~taken[rows, columns]
        rows, columns = rows[free], columns[free]
        row_number = np.abs((away[rows, columns] - 0.5 * side) / side)
        order = np.lexsort((columns + rows, np.round(row_number * 2)))
        reach = 0.5 * side * _FILL
        offsets = np.linspace(-reach, reach, 5)
        u, v = (grid.ravel() for grid in np.meshgrid(offsets, offsets))
        for index in order.tolist():
            row, column = int(rows[index]), int(columns[index])
            angle = float(angles[row, column]) + float(rng.normal(0, 0.06))
            cos, sin = math.cos(angle), math.sin(angle)
            px = np.clip(column + cos * u - sin * v, 0, SIZE[0] - 1).astype(np.intp)
            py = np.clip(row + sin * u + cos * v, 0, SIZE[1] - 1).astype(np.intp)
            if taken[py, px].any():
                continue
            _stone(rng, pens, design[row, column], (column, row), side, angle)
            _occupy(taken, (column, row), side, angle)


def _occupy(taken: Field, at: tuple[int, int], side: float, angle: float) -> None:
    reach = math.ceil(side * 0.75)
    top, left = max(at[1] - reach, 0), max(at[0] - reach, 0)
    window = taken[top : at[1] + reach + 1, left : at[0] + reach + 1]
    y, x = np.ogrid[: window.shape[0], : window.shape[1]]
    dx, dy = x + left - at[0], y + top - at[1]
    cos, sin = math.cos(angle), math.sin(angle)
    across, down = np.abs(cos * dx + sin * dy), np.abs(cos * dy - sin * dx)
    window |= (across <= side / 2) & (down <= side / 2)


def _stone(
    rng: np.random.Generator,
    pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw],
    tone: Field,
    at: tuple[int, int],
    side: float,
    angle: float,
) -> None:
    half = 0.5 * side - 0.6
    corners = []
    for du, dv in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        u, v = half * du * rng.uniform(0.86, 1.04), half * dv * rng.uniform(0.86, 1.04)
        corners.append(
            (
                at[0] + math.cos(angle) * u - math.sin(angle) * v,
                at[1] + math.sin(angle) * u + math.cos(angle) * v,
            )
        )
    shift = rng.normal(0, 15) + rng.normal(0, 7, 3)
    red, green, blue = np.clip(tone + shift, 0, 255).astype(int).tolist()
    pens[0].polygon(corners, fill=(red, green, blue))
    pens[1].polygon(corners, fill=int(rng.integers(170, 255)))


def _polished(
    rng: np.random.Generator, floor: Image.Image, relief: Image.Image
) -> Image.Image:
    """Light on the edges of the stones, veins and wear on their faces."""
    height = blurred(np.asarray(relief, np.float32), 1)
    shade = light(height, 90)[..., None]
    veins = fractal(rng, SIZE, (60, 45), 4)[..., None]
    pixels = pixels_of(floor) * (0.84 + 0.32 * veins) * (1 + 0.26 * shade)
    x, y = axes(SIZE)
    pixels = 0.6 * pixels + 0.4 * sampled(pixels, x + 0.5, y + 0.5)
    return image_of(pixels + 4 * grain(rng, SIZE)[..., None])
