"""Linocut: an owl before the moon, cut with a gouge and printed in two colours."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from .fields import (
    Colour,
    Field,
    axes,
    blend,
    blurred,
    fractal,
    grain,
    image_of,
    pixels_of,
    smoothstep,
)
from .shapes import Point, mask, spline, tapered

SIZE = (592, 768)
_PAPER: Colour = (242, 234, 216)
_BLACK: Colour = (30, 32, 48)
_WARM: Colour = (222, 122, 48)
_MOON: Point = (312.0, 246.0)


def draw() -> Image.Image:
    """The print, `SIZE` RGB."""
    rng = np.random.default_rng(127)
    uncut = _sky(rng)
    body = pixels_of(mask(SIZE, *_branches()))
    uncut = uncut * (1 - np.clip(12 * blurred(body, 3), 0, 1))
    uncut = np.maximum(uncut, body) - 0.9 * body * _wood(rng)
    uncut = _leaves(rng, uncut)
    owl = pixels_of(mask(SIZE, *_owl_outline()))
    uncut = uncut * (1 - pixels_of(mask(SIZE, *_halo())))
    uncut = np.maximum(uncut * (1 - owl), owl * _feathers())
    uncut = _face(uncut)
    frame = _frame(rng)
    x, y = axes(SIZE)
    disc = smoothstep(186, 183, np.hypot(x - _MOON[0], y - _MOON[1]))
    eyes = np.minimum(np.hypot(x - 254, y - 300), np.hypot(x - 338, y - 300)) < 27
    warm = np.maximum(disc * (1 - owl), eyes) * frame
    return _printed(rng, warm, np.clip(uncut, 0, 1) * frame)


def _sky(rng: np.random.Generator) -> Field:
    """Night, with cuts of the gouge running around the moon; 1 is uncut."""
    x, y = axes(SIZE)
    dx, dy = x - _MOON[0], y - _MOON[1]
    distance = np.hypot(dx, dy) + 7 * (fractal(rng, SIZE, (6, 8), 3) - 0.5)
    ring = np.floor(distance / 12)
    across = np.abs(distance / 12 - ring - 0.5)
    around = np.arctan2(dy, dx) * np.round(ring * 12 / 38)
    dash = np.sin(around + 2.4 * np.sin(ring * 7.1) + ring * 1.9)
    wide = 0.40 * smoothstep(-0.55, 0.7, dash) * smoothstep(560, 190, distance) + 0.02
    cut = smoothstep(0.05, -0.05, across - wide)
    moon = smoothstep(190, 187, np.hypot(dx, dy))
    craters = np.zeros_like(x)
    for cx, cy, radius in (
        (196, 166, 22),
        (250, 120, 14),
        (420, 190, 25),
        (400, 330, 17),
        (214, 370, 15),
    ):
        off = np.hypot(x - cx, y - cy)
        craters = np.maximum(
            craters, smoothstep(2.6, 1.2, np.abs(off - radius)) * (x + y > cx + cy - 6)
        )
    return np.asarray((1 - cut) * (1 - moon) + moon * craters, np.float32)


def _branches() -> list[Field]:
    return [
        tapered(
            spline([(-40, 650), (120, 622), (300, 640), (470, 606), (640, 560)]),
            50,
            start=1.1,
            end=0.7,
        ),
        tapered(
            spline([(430, 616), (500, 540), (520, 440), (560, 380)]),
            21,
            start=1,
            end=0.2,
        ),
        tapered(
            spline([(110, 630), (70, 560), (78, 480), (40, 420)]), 20, start=1, end=0.2
        ),
        tapered(spline([(200, 650), (190, 710), (150, 790)]), 20, start=1, end=0.5),
    ]


def _wood(rng: np.random.Generator) -> Field:
    """Long cuts that follow the branch."""
    x, y = axes(SIZE)
    bend = y + 0.1 * x + 10 * np.sin(x / 96) + 6 * fractal(rng, SIZE, (4, 8), 3)
    dash = np.sin(x / 19 + 9 * np.sin(np.floor(bend / 7) * 3.3))
    across = np.abs(bend / 7 - np.floor(bend / 7) - 0.5)
    return smoothstep(0.05, -0.05, across - 0.22 * smoothstep(-0.2, 0.8, dash))


def _leaves(rng: np.random.Generator, uncut: Field) -> Field:
    for x, y, size, turn in (
        (552, 372, 52, -0.9),
        (500, 430, 46, -2.4),
        (560, 470, 44, 0.3),
        (36, 412, 52, -2.0),
        (96, 470, 44, -0.6),
        (30, 520, 44, -2.8),
        (140, 760, 48, 2.4),
        (210, 724, 40, 0.5),
        (520, 660, 50, 0.9),
        (440, 690, 46, 2.2),
        (60, 712, 46, 1.1),
        (330, 712, 46, 1.4),
    ):
        outline = _leaf((x, y), size, turn)
        inside = pixels_of(mask(SIZE, outline))
        rim = pixels_of(mask(SIZE, _leaf((x, y), size * 1.17, turn)))
        uncut = uncut * (1 - rim)
        uncut = np.maximum(uncut, inside) - inside * _veins((x, y), size, turn)
    return np.clip(uncut, 0, 1)


def _leaf(at: Point, size: float, turn: float) -> Field:
    points = [(-1, 0), (-0.5, -0.36), (0.2, -0.4), (1, 0), (0.2, 0.4), (-0.5, 0.36)]
    outline = spline(points, closed=True) * size
    cos, sin = math.cos(turn), math.sin(turn)
    return np.asarray(
        outline @ np.asarray([[cos, sin], [-sin, cos]], np.float32) + at, np.float32
    )


def _veins(at: Point, size: float, turn: float) -> Field:
    x, y = axes(SIZE)
    dx, dy = x - at[0], y - at[1]
    along = dx * math.cos(turn) + dy * math.sin(turn)
    across = np.abs(dy * math.cos(turn) - dx * math.sin(turn))
    rib = smoothstep(2.4, 1.0, across)
    slant = (along - 0.9 * across) / 8
    side = smoothstep(
        0.05, -0.05, np.abs(slant - np.floor(slant) - 0.5) - 0.18 + 0.15 * across / size
    )
    return np.asarray(np.maximum(rib, side * (across > 3)), np.float32)


def _owl_outline() -> list[Field]:
    body = [
        (296, 212),
        (360, 216),
        (404, 196),
        (396, 258),
        (416, 320),
        (426, 430),
        (400, 540),
        (340, 610),
        (296, 626),
        (252, 610),
        (192, 540),
        (166, 430),
        (176, 320),
        (196, 258),
        (188, 196),
        (232, 216),
    ]
    tail = np.asarray(
        [(244, 600), (348, 600), (366, 720), (330, 742), (262, 742), (226, 720)],
        np.float32,
    )
    return [spline(body, closed=True), tail]


def _halo() -> list[Field]:
    """A cut around the owl, which frees it from the night."""
    middle = np.asarray((296, 440), np.float32)
    return [middle + (outline - middle) * 1.05 for outline in _owl_outline()]


def _feathers() -> Field:
    """Scales on the breast, long feathers on the wings; 1 is uncut."""
    x, y = axes(SIZE)
    row = np.floor((y - 360) / 23)
    shift = (x - 296) / 27 + 0.5 * (row % 2)
    u, v = (shift - np.floor(shift) - 0.5) * 27, (y - 360) - 23 * row
    arc = np.hypot(u, v - 2)
    breast = np.maximum(
        smoothstep(3.4, 1.8, np.abs(arc - 15)),
        smoothstep(1.9, 0.8, np.abs(u)) * (v > 4) * (v < 15),
    )
    side = np.abs(x - 296)
    wing = side > 70 + 34 * np.sin((y - 300) / 120)
    feather = (side * 0.75 + 0.30 * (y - 300)) / 17
    line = np.abs(feather - np.floor(feather) - 0.5)
    barb = np.sin((y - 0.8 * side) / 3.4)
    wings = (
        1
        - smoothstep(0.06, -0.06, line - 0.10)
        - 0.85 * smoothstep(0.1, 0.7, barb) * (line > 0.22)
    )
    tail = 1 - smoothstep(0.3, 0.2, np.abs((x - 226) / 24 % 1 - 0.5))
    lower = np.where(y > 626, tail, np.where(wing, wings, breast))
    crown = 1 - 0.9 * smoothstep(
        0.15,
        0.6,
        np.sin(np.hypot(x - 296, y - 420) / 3.6)
        * np.sin(np.arctan2(y - 420, x - 296) * 34),
    )
    return np.asarray(np.where(y < 352, crown, lower), np.float32)


def _face(uncut: Field) -> Field:
    x, y = axes(SIZE)
    for cx in (254, 338):
        off = np.hypot(x - cx, (y - 300) * 1.04)
        rays = np.sin(np.arctan2(y - 300, x - cx) * 26)
        disc = smoothstep(0.3, -0.3, rays) * smoothstep(58, 52, off) * (off > 32)
        uncut = np.where(off < 58, disc, uncut)
        uncut = np.where(off < 33, smoothstep(1, 3, off - 27), uncut)
        pupil = smoothstep(15, 13.5, off)
        spark = smoothstep(5, 3.6, np.hypot(x - cx + 6, y - 294))
        uncut = np.maximum(uncut, pupil) * (1 - spark)
    beak = np.asarray([(282, 316), (310, 316), (296, 362)], np.float32)
    rim = np.asarray([(276, 310), (316, 310), (296, 374)], np.float32)
    uncut = uncut * (1 - pixels_of(mask(SIZE, rim))) + pixels_of(mask(SIZE, beak))
    for cx in (256, 336):
        toes = [
            tapered(
                spline([(cx + d, 604), (cx + d * 1.5, 634), (cx + d * 1.2, 652)]),
                13,
                start=0.8,
                end=0.5,
            )
            for d in (-15, 0, 15)
        ]
        edge = [t + np.asarray((0, 0), np.float32) for t in toes]
        uncut = uncut * (1 - pixels_of(mask(SIZE, *edge)))
    return np.clip(uncut, 0, 1)


def _frame(rng: np.random.Generator) -> Field:
    """What the block covers, with the uneven edge of a hand-cut plate."""
    corners = [(26, 26), (566, 24), (568, 742), (24, 744)]
    sides = []
    for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        share = np.linspace(0, 1, 24)[:-1, None]
        sides.append(np.asarray(one) + (np.asarray(other) - np.asarray(one)) * share)
    edge = np.concatenate(sides) + rng.normal(0, 0.8, (92, 2))
    return pixels_of(mask(SIZE, edge.astype(np.float32)))


def _printed(rng: np.random.Generator, warm: Field, black: Field) -> Image.Image:
    """Sticky ink from a roller: starved in places, thicker at the edges of cuts."""
    fibres = fractal(rng, SIZE, (110, 16), 3) + fractal(rng, SIZE, (16, 110), 3) - 1
    sheet = np.asarray(_PAPER, np.float32) + 8 * fibres[..., None]
    for cover, ink, shift in ((warm, _WARM, (2, 1)), (black, _BLACK, (0, 0))):
        starved = 0.7 * grain(rng, SIZE) + 3.2 * (fractal(rng, SIZE, (70, 90), 3) - 0.5)
        salt = smoothstep(2.3, 1.3, starved + 0.9 * fibres)
        amount = np.roll(cover, shift, (0, 1)) * (0.12 + 0.86 * salt)
        sheet = blend(sheet, ink, amount)
    return image_of(sheet + 2.5 * grain(rng, SIZE)[..., None])
