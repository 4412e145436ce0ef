"""The methods of the Bot API, by what they do."""

from __future__ import annotations

from collections.abc import Mapping

from . import answering, chats, editing, inline, polling, profile, sending
from .call import Call as Call
from .call import Method as Method


def all_methods() -> Mapping[str, Method]:
    """Every method by its name in lower case: names match in any case."""
    methods = (
        *polling.METHODS,
        *sending.METHODS,
        *editing.METHODS,
        *answering.METHODS,
        *inline.METHODS,
        *chats.METHODS,
        *profile.METHODS,
    )
    return {_camel(method).lower(): method for method in methods}


def _camel(method: Method) -> str:
    return method.__name__.replace("_", "")
