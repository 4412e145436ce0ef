"""Media that a call sends: uploaded, attached, or by the id of an earlier file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from .. import clips
from ..errors import bad_request
from ..files import FileStore, Upload, check_photo_upload, check_upload
from ..pictures import PhotoProblem
from ..world import Kind, Media
from .call import Call

INPUT_KINDS = (Kind.PHOTO, Kind.VIDEO, Kind.ANIMATION, Kind.DOCUMENT)


async def sent_media(call: Call, kind: Kind) -> Media:
    """The media in the parameter named like its kind.

    Raises:
        ApiError: 400 or 413 when Telegram would not take it.
    """
    parameters = call.parameters
    upload = parameters.upload(kind.value)
    as_it_is = parameters.flag("disable_content_type_detection")
    return await _load(call, kind, upload, parameters.text(kind.value), as_it_is)


async def input_media(call: Call, item: Any) -> Media:
    """The media of an `InputMedia`.

    Raises:
        ApiError: 400 or 413 when Telegram would not take it.
    """
    kind = input_kind(item)
    reference = str(item.get("media") or "")
    if not reference:
        raise bad_request("can't parse InputMedia: media not found")
    upload = call.parameters.attached(reference)
    as_it_is = bool(item.get("disable_content_type_detection"))
    return await _load(call, kind, upload, reference, as_it_is)


def input_kind(item: Any) -> Kind:
    """What an `InputMedia` says to be.

    Raises:
        ApiError: 400 for what is no `InputMedia`.
    """
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    named = item.get("type")
    for kind in INPUT_KINDS:
        if kind.value == named:
            return kind
    raise bad_request(f'can\'t parse InputMedia: type "{named}" is unsupported')


async def _load(
    call: Call, kind: Kind, upload: Upload | None, reference: str, as_it_is: bool
) -> Media:
    files = call.backend.files
    if upload is not None:
        if kind is Kind.DOCUMENT and as_it_is:
            return await files.document(check_upload(upload))
        return await _SAVERS[kind](files, upload)
    if not reference:
        raise bad_request(f"there is no {kind.value} in the request")
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    return files.reuse(reference, kind)


async def _photo(files: FileStore, upload: Upload) -> Media:
    try:
        return await files.photo(check_photo_upload(upload))
    except PhotoProblem as problem:
        raise bad_request(problem.code) from None


async def _document(files: FileStore, upload: Upload) -> Media:
    moving = clips.is_gif(upload.data) or upload.mime == "video/mp4"
    saver = files.animation if moving else files.document
    return await saver(check_upload(upload))


async def _animation(files: FileStore, upload: Upload) -> Media:
    return await files.animation(check_upload(upload))


async def _video(files: FileStore, upload: Upload) -> Media:
    clip = await files.work(clips.probe, check_upload(upload).data)
    if clip is None:
        return await files.document(upload)
    return await files.clip(Kind.VIDEO, clip, upload.name)


_SAVERS: dict[Kind, Callable[[FileStore, Upload], Awaitable[Media]]] = {
    Kind.PHOTO: _photo,
    Kind.DOCUMENT: _document,
    Kind.ANIMATION: _animation,
    Kind.VIDEO: _video,
}


def same_media(one: Media | None, other: Media | None) -> bool:
    """Whether both show the same file."""
    return _identity(one) == _identity(other)


def _identity(media: Media | None) -> tuple[object, ...] | None:
    if media is None:
        return None
    return media.kind, media.details, *(file.unique_id for file in media.files)
