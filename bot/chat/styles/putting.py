"""`put_style`: a style from the shelf takes the place of the painting in a draft."""

from __future__ import annotations

import time
from dataclasses import replace

from ...storage.database import Transaction
from .. import store as chat_store
from ..desk import Desk
from ..drafts import Draft, Note, Owner, Sent, blend
from ..texts import Stage, Texts, texts_for
from .shelf import StylePicture

NO_MESSAGE = 0
"""The id of the message that brought a picture which came from no message."""


async def put_style(
    desk: Desk,
    tx: Transaction,
    owner: Owner,
    style: StylePicture,
    *,
    key: str,
    language: str,
) -> Draft:
    """Makes the style the painting of the owner's next pair; returns their draft.

    With a photo there, the card is due at once: wake the clerk after the commit. Else
    the photo is asked for under `key`: wake the outbox.
    """
    texts = texts_for(language)
    before = replace(await chat_store.load_draft(tx, owner), language=language)
    if style.picture in (before.content, before.style if before.blending else None):
        words = texts.same_picture(before.stage)
        await desk.owe_text(tx, owner, key, words)
        return before
    if before.style == style.picture and await chat_store.open_card(tx, before):
        return before  # the same tap once more: its card is there
    draft = with_style(before, style, texts, time.time())
    await chat_store.save_draft(tx, draft)
    if draft.content is None:
        words = texts.took_style(style.called(texts))
        await desk.owe_text(tx, owner, key, words)
    return draft


def with_style(draft: Draft, style: StylePicture, texts: Texts, now: float) -> Draft:
    """The draft with the style in place; a blend gets it as its second painting."""
    due = now if draft.content is not None else None
    if draft.stage is Stage.SECOND:
        sent = Sent(style.picture, NO_MESSAGE)
        return blend(draft, sent, now, name=style.called(texts))[0]
    replaced = draft.style not in (None, style.picture)
    return replace(
        draft,
        style=style.picture,
        style_message_id=NO_MESSAGE,
        style_name=style.called(texts),
        style_by=None,
        blending=False,
        second_style=None,
        second_message_id=None,
        album_id=None,
        album_extra=0,
        note=Note.REPLACED.value if replaced and due is not None else None,
        card_due_at=due,
    )
