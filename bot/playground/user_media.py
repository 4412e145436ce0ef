"""`UserMedia`: pictures and files that people send, and samples of other kinds."""

from __future__ import annotations

import asyncio

from . import clips, samples
from .backend import Backend
from .errors import Refusal
from .files import Upload
from .pictures import PhotoProblem
from .world import Kind, Media

MAX_ALBUM = 10
YES = ("1", "true", "on")
_PROBLEMS = {
    "IMAGE_PROCESS_FAILED": (
        "{name} cannot be read as a picture. It can still be sent as a file."
    ),
    "PHOTO_INVALID_DIMENSIONS": (
        "{name} is too large or too narrow for a photo (width + height over 10,000, "
        "or one side over 20 times the other). It can still be sent as a file."
    ),
}
_EXTRAS = (Kind.STICKER, Kind.VOICE, Kind.VIDEO, Kind.LOCATION)


class UserMedia:
    """Turns what a form carries into media."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def read(self, fields: dict[str, str], uploads: list[Upload]) -> list[Media]:
        """What a form sends besides words: files, or a sample of some kind.

        Raises:
            Refusal: a sentence about what cannot be sent.
        """
        kind = fields.get("kind")
        if kind and not uploads:
            return [await self._extra(kind)]
        if len(uploads) > MAX_ALBUM:
            raise Refusal(400, f"An album has at most {MAX_ALBUM} items.")
        for upload in uploads:
            self._check(upload)
        as_file = fields.get("as_file") in YES
        return list(
            await asyncio.gather(*(self._one(upload, as_file) for upload in uploads))
        )

    def _check(self, upload: Upload) -> None:
        limit = self._backend.config.user_upload_bytes
        if len(upload.data) > limit:
            raise Refusal(
                413, f"{upload.name} is over {limit >> 20} MiB and does not fit here."
            )

    async def _one(self, upload: Upload, as_file: bool) -> Media:
        files = self._backend.files
        if as_file:
            return await files.document(upload)
        if not upload.data:
            raise Refusal(400, f"{upload.name} is empty.")
        if clips.is_gif(upload.data):
            return await files.animation(upload)
        if upload.mime.startswith("video/"):
            clip = await files.work(clips.probe, upload.data)
            if clip is None:
                return await files.document(upload)
            return await files.clip(Kind.VIDEO, clip, upload.name)
        try:
            return await files.photo(upload)
        except PhotoProblem as problem:
            sentence = _PROBLEMS[problem.code].format(name=upload.name)
            raise Refusal(400, sentence) from None

    async def _extra(self, kind: str) -> Media:
        files = self._backend.files
        if kind == Kind.LOCATION:
            place = (("latitude", 43.6767), ("longitude", 4.6278))
            return Media(kind=Kind.LOCATION, details=place)
        if kind == Kind.VIDEO:
            data = await files.work(samples.video)
            clip = await files.work(clips.probe, data)
            if clip is not None:
                return await files.clip(Kind.VIDEO, clip, "video.mp4")
        if kind == Kind.STICKER:
            data = await files.work(samples.sticker)
            upload = Upload(data=data, name="sticker.webp", mime="image/webp")
            flags = {"type": "regular", "is_animated": False, "is_video": False}
            details = {**flags, "emoji": "🎨"}
            return await files.other(
                Kind.STICKER, upload, details=details, width=512, height=512
            )
        if kind == Kind.VOICE:
            data = await files.work(samples.voice)
            upload = Upload(data=data, name="voice.ogg", mime="audio/ogg")
            return await files.other(Kind.VOICE, upload, details={}, duration_s=1)
        known = ", ".join(_EXTRAS)
        raise Refusal(400, f"The kind is one of {known}.")
