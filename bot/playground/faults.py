"""`FaultBox`: mishaps that a test has ordered for coming calls."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .errors import Refusal
from .world import Json

DOWNLOAD = "download"
"""Names the transfer of a file, which is not a method."""


class FaultKind(StrEnum):
    """What goes wrong."""

    TOO_MANY_REQUESTS = "429"
    INTERNAL = "500"
    BAD_GATEWAY = "502"
    INVALID_JSON = "invalid_json"
    """200 with a body that is no JSON; the call is not carried out."""
    HANG = "hang"
    """No answer for `seconds`, then the connection is closed; not carried out."""
    CLOSE_BEFORE = "close_before"
    """The connection is closed and nothing was done."""
    CLOSE_AFTER = "close_after"
    """The call is carried out, then the connection is closed without an answer."""
    SLOW = "slow"
    """The answer, or each piece of a download, is `seconds` late."""
    TRUNCATED = "truncated"
    """A download breaks off half way."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One order."""

    kind: FaultKind
    method: str | None = None
    """Any case; None: every method but `getUpdates`, and downloads."""
    chat_id: int | None = None
    count: int = 1
    retry_after: int = 1
    seconds: float = 60.0

    def hits(self, method: str, chat_id: int | None) -> bool:
        """Whether it is meant for such a call."""
        if self.count < 1 or (self.chat_id is not None and self.chat_id != chat_id):
            return False
        if self.method is None:
            return method not in ("getupdates", DOWNLOAD)
        return self.method.lower() == method


class FaultBox:
    """Orders in the order of their arrival."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Adds one."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Takes all of them back."""
        self._faults.clear()

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The mishap for this call, counted; None for a good day."""
        for fault in self._faults:
            if fault.hits(method.lower(), chat_id):
                fault.count -= 1
                return fault
        return None


def read_fault(body: Json) -> Fault:
    """An order as the control API writes it.

    Raises:
        Refusal: 400 naming what is wrong.
    """
    kinds = ", ".join(FaultKind)
    try:
        kind = FaultKind(str(body.get("kind")))
        chat_id = body.get("chat_id")
        return Fault(
            kind=kind,
            method=body.get("method"),
            chat_id=None if chat_id is None else int(chat_id),
            count=int(body.get("count", 1)),
            retry_after=int(body.get("retry_after", 1)),
            seconds=float(body.get("seconds", 60.0)),
        )
    except (TypeError, ValueError):
        sentence = f"A fault needs a kind ({kinds}) and numbers where numbers belong."
        raise Refusal(400, sentence) from None
