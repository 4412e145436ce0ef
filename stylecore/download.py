"""One file over HTTP, checked against its hash while it arrives."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import WeightsError

if TYPE_CHECKING:
    import httpx

ProgressHook = Callable[[int, int | None], None]
"""Called with the bytes so far and, if the server tells it, their final number."""

_CHUNK_BYTES = 1 << 20


def download(
    url: str,
    path: Path,
    *,
    sha256: str,
    timeout_s: float,
    progress: ProgressHook | None = None,
) -> None:
    """Writes what `url` serves to `path`; the caller removes `path` on errors.

    Args:
        url: redirects are followed, proxies of the environment used.
        path: an existing file is overwritten.
        sha256: the first hexadecimal digits of the expected hash, or all of them.
        timeout_s: for how long the server may be silent; the whole takes as it takes.
        progress: called for every piece, first with 0 bytes.

    Raises:
        WeightsError: unreachable, refused, broken off or with another hash; `code` is
            `unreachable`, `timeout`, `server_error`, `truncated` or `wrong_hash`.
        OSError: the file cannot be written.
    """
    digest = hashlib.sha256()
    received = _transfer(url, path, digest.update, timeout_s, progress)
    if not digest.hexdigest().startswith(sha256.lower()):
        raise WeightsError(
            f"The {received:,} bytes that were downloaded are not the expected file: "
            f"their SHA-256 begins with {digest.hexdigest()[: len(sha256)]}, "
            f"not {sha256}. Nothing of them was kept.",
            "wrong_hash",
        )


def reachable(url: str, timeout_s: float) -> bool:
    """Whether a server answers for `url`, found out within `timeout_s`.

    A host name that takes long to look up counts as out of reach as well, which no
    timeout of a socket covers.
    """
    answered = threading.Event()

    def ask() -> None:
        import httpx

        try:
            reply = httpx.head(url, timeout=timeout_s, follow_redirects=True)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
            return
        if reply.is_success:
            answered.set()

    asking = threading.Thread(target=ask, name="reachable", daemon=True)
    asking.start()
    asking.join(timeout_s)
    return answered.is_set()


def _transfer(
    url: str,
    path: Path,
    digest: Callable[[bytes], object],
    timeout_s: float,
    progress: ProgressHook | None,
) -> int:
    import httpx

    received = 0
    try:
        with (
            path.open("wb") as file,
            httpx.stream("GET", url, timeout=timeout_s, follow_redirects=True) as reply,
        ):
            _check_status(reply)
            total = _announced_length(reply)
            if progress:
                progress(0, total)
            for piece in reply.iter_bytes(_CHUNK_BYTES):
                digest(piece)
                file.write(piece)
                received += len(piece)
                if progress:
                    progress(received, total)
    except httpx.TimeoutException as exc:
        raise WeightsError(
            f"The server of the weights was silent for {timeout_s:g} s.", "timeout"
        ) from exc
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        raise _broken_off(received) from exc
    return received


def _check_status(reply: httpx.Response) -> None:
    if not reply.is_success:
        raise WeightsError(
            f"The server of the weights answered “{reply.status_code} "
            f"{reply.reason_phrase}” instead of sending them.",
            "server_error",
        )


def _announced_length(reply: httpx.Response) -> int | None:
    length = reply.headers.get("content-length", "")
    encoded = "content-encoding" in reply.headers
    return int(length) if length.isdecimal() and not encoded else None


def _broken_off(received: int) -> WeightsError:
    if received:
        return WeightsError(
            f"The download of the weights broke off after {received / 1e6:,.1f} MB.",
            "truncated",
        )
    return WeightsError("The server of the weights cannot be reached.", "unreachable")
