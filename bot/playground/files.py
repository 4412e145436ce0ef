"""`FileStore`: bytes that were sent, on disk, under ids that can be sent again."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from . import clips, pictures
from .errors import ApiError, bad_request
from .world import Kind, Media, StoredFile, World

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_THREADS = 2
"""How many pictures are decoded or encoded at once."""

T = TypeVar("T")

_PREFIXES = {
    Kind.PHOTO: ("AgAC", "AQAD", "photos"),
    Kind.DOCUMENT: ("BQAC", "AgAD", "documents"),
    Kind.ANIMATION: ("CgAC", "AgAD", "animations"),
    Kind.VIDEO: ("BAAC", "AgAD", "videos"),
    Kind.STICKER: ("CAAC", "AgAD", "stickers"),
    Kind.VOICE: ("AwAC", "AgAD", "voice"),
}
_NAMES = {
    Kind.PHOTO: "Photo",
    Kind.DOCUMENT: "Document",
    Kind.ANIMATION: "Animation",
    Kind.VIDEO: "Video",
    Kind.STICKER: "Sticker",
    Kind.VOICE: "VoiceNote",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came in a request."""

    data: bytes
    name: str
    mime: str


class FileStore:
    """Keeps files below `folder`; what it knows of them is in the world."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self.folder = folder
        self._slots = asyncio.Semaphore(MAX_THREADS)

    async def work(self, function: Callable[..., T], *args: Any) -> T:
        """`function(*args)` in a thread, few at a time: others share the process."""
        async with self._slots:
            return await asyncio.to_thread(function, *args)

    async def photo(self, upload: Upload) -> Media:
        """`upload` decoded and recompressed to every size.

        Raises:
            PhotoProblem: it cannot be a photo.
        """
        sizes = await self.work(pictures.photo_sizes, upload.data)
        files = [await self._jpeg(Kind.PHOTO, size) for size in sizes]
        return self._known(Media(kind=Kind.PHOTO, files=tuple(files)))

    async def document(self, upload: Upload, *, small: bool = True) -> Media:
        """`upload` as it is; pictures among documents get a thumbnail."""
        shown = None
        if small and upload.mime.startswith("image/"):
            shown = await self.work(pictures.thumbnail, upload.data)
        file = await self.save(Kind.DOCUMENT, upload)
        thumbnail = await self._jpeg(Kind.DOCUMENT, shown) if shown else None
        return self._known(
            Media(kind=Kind.DOCUMENT, files=(file,), thumbnail=thumbnail)
        )

    async def animation(self, upload: Upload) -> Media:
        """A silent MP4, also made from a GIF; anything else becomes a document."""
        reader = clips.from_gif if clips.is_gif(upload.data) else clips.probe
        clip = await self.work(reader, upload.data)
        if clip is None:
            return await self.document(upload)
        kind = Kind.VIDEO if clip.has_sound else Kind.ANIMATION
        return await self.clip(kind, clip, upload.name)

    async def clip(self, kind: Kind, clip: clips.Clip, name: str) -> Media:
        """A decoded clip under its own name."""
        upload = Upload(
            data=clip.data,
            name=PurePosixPath(name).with_suffix(".mp4").name,
            mime="video/mp4",
        )
        file = await self.save(
            kind,
            upload,
            width=clip.width,
            height=clip.height,
            duration_s=clip.duration_s,
        )
        small = await self._jpeg(kind, clip.thumbnail) if clip.thumbnail else None
        return self._known(Media(kind=kind, files=(file,), thumbnail=small))

    async def other(
        self, kind: Kind, upload: Upload, *, details: dict[str, Any], **size: int
    ) -> Media:
        """A sticker or voice message."""
        file = await self.save(kind, upload, **size)
        extra = tuple(details.items())
        return self._known(Media(kind=kind, files=(file,), details=extra))

    async def save(self, kind: Kind, upload: Upload, **size: int) -> StoredFile:
        """Writes the bytes and gives them ids."""
        self._world.file_count += 1
        number = self._world.file_count
        long_prefix, short_prefix, folder = _PREFIXES[kind]
        digest = hashlib.blake2b(upload.data, digest_size=18).digest()
        owner = self._world.bot.id.to_bytes(8, "big")
        path = f"{folder}/file_{number}{_suffix(upload)}"
        await asyncio.to_thread(self._write, path, upload.data)
        file = StoredFile(
            file_id=long_prefix + _text(owner + number.to_bytes(4, "big") + digest),
            unique_id=short_prefix + _text(digest[:9]),
            path=path,
            size=len(upload.data),
            mime=upload.mime,
            name=upload.name,
            **size,
        )
        self._world.files[file.file_id] = file
        self._world.paths[path] = file.file_id
        return file

    def _write(self, path: str, data: bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    async def _jpeg(self, kind: Kind, picture: pictures.Encoded) -> StoredFile:
        upload = Upload(data=picture.data, name="photo.jpg", mime="image/jpeg")
        return await self.save(kind, upload, width=picture.width, height=picture.height)

    def _known(self, media: Media) -> Media:
        for file in media.files:
            self._world.media[file.file_id] = media
        return media

    def find(self, file_id: str) -> StoredFile | None:
        """The file with that id, if it was sent here."""
        return self._world.files.get(file_id)

    def reuse(self, file_id: str, kind: Kind) -> Media:
        """Media sent before, by the id of one of its files.

        Raises:
            ApiError: 400 for an id that is not from here, or of another kind.
        """
        media = self._world.media.get(file_id)
        if media is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if media.kind is not kind:
            names = f"{_NAMES[media.kind]} as {_NAMES[kind]}"
            raise bad_request(f"can't use file of type {names}")
        return media

    def at(self, path: str) -> StoredFile | None:
        """The file that `getFile` named `path`."""
        return self._world.files.get(self._world.paths.get(path, ""))

    def location(self, file: StoredFile) -> Path:
        """Where its bytes lie."""
        return self.folder / file.path


def check_upload(upload: Upload) -> Upload:
    """`upload`, unless it is empty or over what a bot may send.

    Raises:
        ApiError: 400 or 413 in Telegram's words.
    """
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    return upload


def check_photo_upload(upload: Upload) -> Upload:
    """`check_upload`, and the limit of photos.

    Raises:
        ApiError: 400 or 413 in Telegram's words.
    """
    size = len(check_upload(upload).data)
    if size > pictures.MAX_PHOTO_BYTES:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {pictures.MAX_PHOTO_BYTES} bytes"
        )
    return upload


def _suffix(upload: Upload) -> str:
    own = PurePosixPath(upload.name).suffix
    if own and own[1:].isalnum() and own.isascii():
        return own.lower()
    return mimetypes.guess_extension(upload.mime) or ""


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
