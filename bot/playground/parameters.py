"""`Parameters`: what a call carries, from any of the ways HTTP offers."""

from __future__ import annotations

import json
import mimetypes
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from .errors import ApiError, bad_request
from .files import MAX_UPLOAD_BYTES, Upload
from .world import Json

MAX_BODY_BYTES = MAX_UPLOAD_BYTES + 1024 * 1024
_TRUE = ("true", "yes", "1")
_ATTACHED = "attach://"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Texts by name, and uploaded files by the name of their part."""

    values: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text; empty without one."""
        return self.values.get(name, "")

    def flag(self, name: str) -> bool:
        """True for `true`, `yes` and `1`."""
        return self.text(name).strip().lower() in _TRUE

    def integer(self, name: str, default: int = 0) -> int:
        """The number; `default` for anything that is none, as Telegram does it."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def parsed(self, name: str) -> Any:
        """The JSON in it; None without any.

        Raises:
            ApiError: 400 when it is no JSON.
        """
        source = self.text(name)
        if not source:
            return None
        try:
            return json.loads(source)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """The file of that parameter, sent along under its name or a reference."""
        value = self.text(name)
        if value.startswith(_ATTACHED):
            return self.attached(value)
        return self.uploads.get(name)

    def attached(self, reference: str) -> Upload | None:
        """The file that `attach://name` refers to; None for any other text."""
        if not reference.startswith(_ATTACHED):
            return None
        found = self.uploads.get(reference.removeprefix(_ATTACHED))
        if found is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return found


async def read_parameters(request: Request) -> Parameters:
    """Query string and body of a request, put together.

    Raises:
        ApiError: 413 for a body over the limit of uploads, 400 for a broken one.
    """
    if int(request.headers.get("content-length", "0")) > MAX_BODY_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    values = dict(request.query_params)
    uploads: dict[str, Upload] = {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        values |= await _json_body(request)
    elif kind in ("multipart/form-data", "application/x-www-form-urlencoded"):
        await _form_body(request, values, uploads)
    return Parameters(values, uploads)


async def _json_body(request: Request) -> dict[str, str]:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        raise bad_request("can't parse request body as a JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("can't parse request body as a JSON object")
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in body.items()
        if value is not None
    }


async def _form_body(
    request: Request, values: dict[str, str], uploads: dict[str, Upload]
) -> None:
    try:
        async with request.form(max_part_size=MAX_UPLOAD_BYTES) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    uploads[name] = await read_upload(value)
                else:
                    values[name] = value
    except MultiPartException:
        raise bad_request("can't parse the multipart body") from None


async def read_upload(part: UploadFile) -> Upload:
    """A part of a form, with the type that its name promises."""
    name = (part.filename or "file").replace("\\", "/").rpartition("/")[2] or "file"
    mime = mimetypes.guess_type(name)[0] or part.content_type
    return Upload(
        data=await part.read(),
        name=name,
        mime=mime or "application/octet-stream",
    )


def chat_id_of(values: Json) -> int | None:
    """The chat a call speaks of, where it says so by number."""
    try:
        return int(values.get("chat_id", ""))
    except (TypeError, ValueError):
        return None
