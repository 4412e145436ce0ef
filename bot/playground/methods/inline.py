"""Answers to inline queries."""

from __future__ import annotations

from ..inline import DEFAULT_CACHE_S, InlineAnswer
from ..inline_results import parse_button, parse_offset, parse_results
from .call import Call


async def answer_inline_query(call: Call) -> bool:
    """What the bot offers to whoever typed its name."""
    parameters = call.parameters
    answer = InlineAnswer(
        results=tuple(parse_results(call.backend.files, parameters.parsed("results"))),
        next_offset=parse_offset(parameters.text("next_offset")),
        button=parse_button(parameters.parsed("button")),
        is_personal=parameters.flag("is_personal"),
        cache_s=parameters.integer("cache_time", DEFAULT_CACHE_S),
    )
    call.backend.inline.answer(parameters.text("inline_query_id"), answer)
    return True


METHODS = (answer_inline_query,)
