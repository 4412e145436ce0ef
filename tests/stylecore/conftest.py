"""Pictures drawn for the tests of stylecore."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

Encode = Callable[..., bytes]


@pytest.fixture
def quarters() -> Image.Image:
    """96 × 64 px: red, green above blue, yellow; every turn and mirroring shows."""
    image = Image.new("RGB", (96, 64), (220, 40, 30))
    image.paste((30, 180, 60), (48, 0, 96, 32))
    image.paste((40, 60, 210), (0, 32, 48, 64))
    image.paste((230, 220, 40), (48, 32, 96, 64))
    return image


@pytest.fixture
def encode() -> Encode:
    """Encodes an image: `encode(image, "HEIC", **options_of_the_encoder)`."""

    def encoded(image: Image.Image, name: str, **options: object) -> bytes:
        file = io.BytesIO()
        if name == "HEIC":
            import pillow_heif

            pillow_heif.from_pillow(image).save(file, **options)
        else:
            image.save(file, name, **options)
        return file.getvalue()

    return encoded
