"""`Inline`: answers what people type after the bot's name in any chat.

Everybody is shown their own results and styles, and nobody else's, whatever they type.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineQuery, InlineQueryResult, InlineQueryResultsButton, Update
from telegram.error import BadRequest, TelegramError

from ..desk import Context, Desk
from ..styles.shelf import StylePicture
from ..texts import Texts
from . import store
from .favourites import Favourites
from .offers import Offers
from .store import Painting

log = logging.getLogger(__name__)

START = "inline"
"""The payload of whoever comes because there is nothing to share yet."""

_PAGE = 20
_CACHE_S = 0
"""What was deleted a moment ago must not be offered any more."""
_MOST_PAINTINGS = 300
_MOST_STYLES = 50
_JOB_ID = re.compile(r"[a-z2-7]{12}\Z")
_OFFSET = re.compile(r"[0-9]{1,4}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    results: Sequence[InlineQueryResult] = ()
    next_offset: str = ""
    hint: str | None = None
    """On the button that leads to the bot; None: no button."""


class Inline:
    """The handler of inline queries."""

    def __init__(self, desk: Desk, favourites: Favourites) -> None:
        self._desk = desk
        self._favourites = favourites

    async def answer(self, update: Update, context: Context) -> None:
        """Offers what the person can pass on."""
        query = update.inline_query
        if query is None:
            return
        texts = self._desk.texts_of(update)
        offers = Offers(texts=texts, username=context.bot.username)
        found = await self._find(query, offers)
        if not await _send(query, found):
            await _send(query, _Answer(hint=texts.inline_start_button()))

    async def chosen(self, update: Update, _: Context) -> None:
        """Something was passed on; Telegram tells only if @BotFather was asked to."""
        result = update.chosen_inline_result
        if result is not None:
            user_id = result.from_user.id
            await self._favourites.passed_on(user_id, result.result_id)

    async def _find(self, query: InlineQuery, offers: Offers) -> _Answer:
        words, user_id = query.query.strip(), query.from_user.id
        if _JOB_ID.match(words):
            painting = await store.painting(self._desk.db, user_id, words)
            if painting is not None:
                return await self._one(user_id, painting, offers)
        return await self._all(query, words, offers)

    async def _one(self, user_id: int, painting: Painting, offers: Offers) -> _Answer:
        """The picture of one result, its clip and its file, if they were sent."""
        job_id, named = painting.job_id, {painting.style: painting.style_name}
        forms = await store.other_forms(self._desk.db, user_id, job_id)
        code = (await self._favourites.codes(user_id, named)).get(painting.style)
        results = [offers.form(form, job_id, code) for form in forms]
        if painting.file_id is not None:
            results.insert(0, offers.painting(painting, code))
        hint = None if results else offers.texts.inline_start_button()
        return _Answer(results=results, hint=hint)

    async def _all(self, query: InlineQuery, words: str, offers: Offers) -> _Answer:
        """A page of the pictures, newest first, then of the styles."""
        user_id, db = query.from_user.id, self._desk.db
        rows = await store.paintings(db, user_id, limit=_MOST_PAINTINGS)
        kept = [row for row in rows if row.file_id is not None]
        styles = await self._favourites.of(user_id, _MOST_STYLES)
        found = [p for p in kept if _fits(words, *_names(offers.texts, p))]
        known = [s for s in styles if _fits(words, s.called(offers.texts) or "")]
        if not found and not known:
            return _Answer(hint=_hint(offers.texts, anything=bool(kept or styles)))
        at = int(query.offset) if _OFFSET.match(query.offset) else 0
        items: list[Painting | StylePicture] = [*found, *known]
        results = await self._page(user_id, items[at : at + _PAGE], offers)
        more = at + _PAGE < len(items)
        return _Answer(results=results, next_offset=str(at + _PAGE) if more else "")

    async def _page(
        self, user_id: int, items: Sequence[Painting | StylePicture], offers: Offers
    ) -> list[InlineQueryResult]:
        named = {i.style: i.style_name for i in items if isinstance(i, Painting)}
        styles = [i for i in items if isinstance(i, StylePicture)]
        named |= {style.picture: style.called(offers.texts) for style in styles}
        codes = await self._favourites.codes(user_id, named)
        photos = await store.photo_ids(self._desk.db, [s.picture for s in styles])
        paintings = [
            offers.painting(item, codes.get(item.style))
            for item in items
            if isinstance(item, Painting)
        ]
        return paintings + [
            offers.style(style, codes[style.picture], photos.get(style.picture))
            for style in styles
            if style.picture in codes
        ]


async def _send(query: InlineQuery, answer: _Answer) -> bool:
    """False if Telegram does not take these results; too late is nobody's fault."""
    button = None
    if answer.hint is not None:
        button = InlineQueryResultsButton(answer.hint, start_parameter=START)
    try:
        await query.answer(
            answer.results,
            cache_time=_CACHE_S,
            is_personal=True,
            next_offset=answer.next_offset,
            button=button,
        )
    except BadRequest as exc:
        if answer.results and "query is too old" not in exc.message.lower():
            log.warning("inline results were refused: %s", exc.message)
            return False
        log.info("an inline query was answered too late")
    except TelegramError as exc:
        log.info("an inline query could not be answered: %s", type(exc).__name__)
    return True


def _names(texts: Texts, painting: Painting) -> tuple[str, str, str]:
    """What a picture is found by."""
    strength = painting.strength
    return strength, texts.strength(strength), painting.style_name or ""


def _fits(words: str, *names: str) -> bool:
    """Whether every word is part of a name; no words fit everything."""
    text = " ".join(names).casefold()
    return all(word in text for word in words.casefold().split())


def _hint(texts: Texts, *, anything: bool) -> str:
    if anything:
        return texts.inline_nothing_found_button()
    return texts.inline_start_button()
