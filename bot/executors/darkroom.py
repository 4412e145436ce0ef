"""`Darkroom`: decodes strangers' pictures in a process that may crash.

Decoders are large programs in C, and pictures come from anybody. So the chat decodes
none itself: a process with bounded memory does, within bounded time, and is replaced
when a picture has been too much for it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from stylecore import images
from stylecore.errors import PictureError

from ..gallery.sheet import draw_sheet
from ..gallery.styles import style_of
from .child import Parent
from .pair_card import draw_pair_card
from .process import ChildProcess, ProcessEnded

_MODULE = "bot.executors.darkroom"
_CARD_QUALITY = 90
_STYLE_QUALITY = 96
"""Of a built-in style: its texture is what photos are painted with."""
_SHEET_PX = 900
_SMOOTH = Image.Resampling.LANCZOS
_MEMORY_BYTES = 2 * 2**30
"""The costliest picture allowed, 80 megapixels with alpha, needs 1.6 GB."""
_WARM_UP_S = 30.0

_UNREADABLE = (
    "That picture could not be read. Please send it again, "
    "or save a fresh copy of it first.",
    "damaged",
)
_TOO_LARGE = (
    "That picture needs more memory than there is. Please send a smaller copy.",
    "too_many_pixels",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inspect:
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _PairCard:
    content: Path
    styles: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    path: Path
    size: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draw:
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    paths: tuple[Path, ...]
    first: int


_Request = _Inspect | _PairCard | _Scale | _Draw | _Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    value: Any = None
    error: PictureError | None = None


class Darkroom:
    """One process, started with the first call, that does one thing at a time.

    Args:
        limit_s: A picture that takes longer counts as damaged.
        memory_bytes: How much pictures may need; more pixels do not fit.
    """

    def __init__(
        self, *, limit_s: float = 10.0, memory_bytes: int = _MEMORY_BYTES
    ) -> None:
        self._limit_s = limit_s
        self._memory_bytes = memory_bytes
        self._process: ChildProcess | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process there is at the moment."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Starts the process ahead of the first call."""
        async with self._turn:
            await self._ready()

    async def inspect(self, path: Path) -> images.PictureInfo:
        """Decodes a picture to the last pixel; raises `PictureError`."""
        info: images.PictureInfo = await self._ask(_Inspect(path=path))
        return info

    async def pair_card(self, content: Path, *styles: Path) -> bytes:
        """All pictures side by side, as a JPEG 800 px wide; raises `PictureError`."""
        jpeg: bytes = await self._ask(_PairCard(content=content, styles=styles))
        return jpeg

    async def scale(self, path: Path, size: tuple[int, int]) -> bytes:
        """A picture as a JPEG of this width and height; raises `PictureError`."""
        jpeg: bytes = await self._ask(_Scale(path=path, size=size))
        return jpeg

    async def draw(self, slug: str) -> tuple[bytes, images.PictureInfo]:
        """A built-in style as a JPEG, and what there is to say of it.

        Raises `PictureError`.
        """
        drawn: tuple[bytes, images.PictureInfo] = await self._ask(_Draw(slug=slug))
        return drawn

    async def sheet(self, paths: Sequence[Path], first: int) -> bytes:
        """Pictures in a grid, numbered from `first`, as a JPEG 916 px wide.

        Raises `PictureError`.
        """
        jpeg: bytes = await self._ask(_Sheet(paths=tuple(paths), first=first))
        return jpeg

    async def close(self) -> None:
        """Ends the process; safe to call twice."""
        async with self._turn:
            await self._drop()

    async def _ask(self, request: _Request) -> Any:
        async with self._turn:
            try:
                process = await self._ready()
                process.send(request)
                async with asyncio.timeout(self._limit_s):
                    reply: _Reply = await process.receive()
            except (ProcessEnded, TimeoutError, OSError):
                await self._drop(kill=True)
                raise PictureError(*_UNREADABLE) from None
            except asyncio.CancelledError:
                # Its answer would be taken for the next one's.
                await self._drop(kill=True)
                raise
        if reply.error is not None:
            raise reply.error
        return reply.value

    async def _ready(self) -> ChildProcess:
        """The process, a new one if the last has died in its idle time."""
        if self._process is not None and not self._process.alive:
            await self._drop()
        if self._process is None:
            self._process = await ChildProcess.spawn(_MODULE, self._memory_bytes)
            async with asyncio.timeout(_WARM_UP_S):
                await self._process.receive()
        return self._process

    async def _drop(self, *, kill: bool = False) -> None:
        process, self._process = self._process, None
        if process is not None:
            if kill:
                process.kill()
            await process.end()


def main() -> None:
    """The process: answers one request after another."""
    parent = Parent()
    _limit_memory(parent.receive())
    parent.send(_Reply())
    while True:
        request = parent.receive()
        try:
            reply = _Reply(value=_answer(request))
        except PictureError as error:
            reply = _Reply(error=error)
        except MemoryError:
            reply = _Reply(error=PictureError(*_TOO_LARGE))
        except Exception:  # noqa: BLE001 - as good as a crash, without its noise
            reply = _Reply(error=PictureError(*_UNREADABLE))
        parent.send(reply)


def _answer(request: _Request) -> object:
    match request:
        case _Inspect(path=path):
            return images.inspect(path)
        case _Draw(slug=slug):
            return _drawn(slug)
        case _Scale(path=path, size=size):
            picture = images.load(path).resize(size, _SMOOTH, reducing_gap=3.0)
        case _Sheet(paths=paths, first=first):
            picture = draw_sheet([_small(path) for path in paths], first)
        case _PairCard(content=content, styles=styles):
            picture = draw_pair_card(*map(images.load, (content, *styles)))
    return images.encode(picture, ".jpg", quality=_CARD_QUALITY)


def _small(path: Path) -> Image.Image:
    """As large as a sheet needs it; nine in full might not fit into memory."""
    picture = images.load(path)
    picture.thumbnail((_SHEET_PX, _SHEET_PX), _SMOOTH, reducing_gap=3.0)
    return picture


def _drawn(slug: str) -> tuple[bytes, images.PictureInfo]:
    style = style_of(slug)
    if style is None:
        raise PictureError(f"there is no style {slug!r}", "not_a_picture")
    jpeg = images.encode(style.draw(), ".jpg", quality=_STYLE_QUALITY)
    return jpeg, images.inspect(jpeg)


def _limit_memory(count: int) -> None:
    """Allows `count` bytes beyond what the libraries have mapped for themselves."""
    # Elsewhere the system does not keep this limit, or refuses to set it.
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + count
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
