"""What a group reads where a private chat reads something simpler."""

from __future__ import annotations

from ...jobs.job import Job
from ..drafts import Draft, Owner
from ..store import Card
from ..texts import Stage, Texts


def is_group(chat_id: int) -> bool:
    """Groups have negative ids; a person's chat has the id of the person."""
    return chat_id < 0


def question(texts: Texts, draft: Draft) -> str:
    """Asks for what the draft of somebody in a group is waiting for."""
    if draft.stage is Stage.PHOTO and draft.style_name is not None:
        return texts.group_ask_photo_for(draft.style_name)
    if draft.stage is Stage.PAINTING and draft.album_id is not None:
        return texts.group_ask_other()
    return texts.group_ask(draft.stage, draft.content_by)


def card_words(texts: Texts, card: Card, event: str = "") -> str:
    """The caption of a card; `event` is a value of `drafts.Note` or empty."""
    said = _card_words(texts, card, event)
    return f"{said}\n{texts.size_note(card.edge_px)}" if card.edge_px else said


def _card_words(texts: Texts, card: Card, event: str) -> str:
    if card.second_style is not None:
        return texts.card_blended()
    if not is_group(card.owner.chat_id):
        return texts.card_after(event)
    return _below_pair(texts, card, texts.group_card(event))


def done_words(texts: Texts, card: Card, job: Job) -> str:
    """The caption of a card whose job is done."""
    if not is_group(card.owner.chat_id):
        return texts.card_done(job)
    return _below_pair(texts, card, texts.painted(job))


def result_words(texts: Texts, card: Card | None, job: Job) -> str:
    """The caption of a result, of which a group is told whose it is."""
    if card is None or not is_group(card.owner.chat_id):
        return texts.painted(job)
    return _below_pair(texts, card, texts.painted(job))


# A photo that is merely sent does not come through in a group: what is said there
# must either open a reply (the second value is its placeholder) or ask for nothing.


def cleared_words(texts: Texts, owner: Owner) -> str:
    """What is said when a draft was cleared."""
    return texts.card_put_aside() if is_group(owner.chat_id) else texts.cleared()


def nothing_words(texts: Texts, draft: Draft) -> tuple[str, str | None]:
    """What is said when there is nothing to stop or clear."""
    if is_group(draft.owner.chat_id):
        return idle_words(texts, draft)
    return texts.nothing_to_cancel(), None


def idle_words(texts: Texts, draft: Draft) -> tuple[str, str | None]:
    """What is said to somebody for whom nothing is being painted."""
    if not is_group(draft.owner.chat_id):
        return texts.nothing_running(texts.next_step(draft.stage)), None
    said = texts.nothing_running(question(texts, draft))
    waits = draft.stage is not Stage.STRENGTH
    return said, texts.group_placeholder(draft.stage) if waits else None


def _below_pair(texts: Texts, card: Card, words: str) -> str:
    if card.content_by is None:
        return words
    pair = texts.group_pair(card.content_by, card.style_by, card.style_name)
    return f"{pair}\n{words}"
