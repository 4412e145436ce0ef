"""`PanelTaps`: the buttons of /settings, /language, /privacy and /forget."""

from __future__ import annotations

from ...delivery.owed import Keyboard
from ...delivery.status import StatusEdit
from ...storage.shredder import Shredder
from ..callbacks import Action
from ..desk import Desk
from ..panels.forgetting import forget_person
from ..panels.keyboards import (
    LANGUAGE_MENU,
    MENU,
    forget_keyboard,
    language_keyboard,
    settings_keyboard,
)
from ..panels.panels import what_holds
from ..panels.preferences import CLIENT, Choice, What, choice_of
from ..panels.store import choose
from ..texts import Texts, texts_for
from .tap import Handlers, Tap


class PanelTaps:
    """Each edits the panel that it belongs to."""

    def __init__(self, desk: Desk, shredder: Shredder) -> None:
        self._desk = desk
        self._shredder = shredder

    def handlers(self) -> Handlers:
        """By action."""
        return Handlers(own={Action.SET: self._set, Action.FORGET: self._forget})

    async def _set(self, tap: Tap) -> None:
        """Turns to a page, or writes a choice down and shows it."""
        if tap.press.argument == LANGUAGE_MENU:
            await tap.answer()
            await self._show_languages(tap)
        elif tap.press.argument == MENU:
            await tap.answer()
            await self._show_settings(tap, tap.texts)
        elif (choice := choice_of(tap.press.argument)) is None:
            await tap.answer(tap.texts.toast_old())
        else:
            await tap.answer()
            await self._choose(tap, choice)

    async def _choose(self, tap: Tap, choice: Choice) -> None:
        client_language = tap.query.from_user.language_code or ""
        async with self._desk.db.transaction() as tx:
            await choose(tx, tap.user_id, client_language, choice)
        texts = tap.texts
        if choice.what is What.LANGUAGE:
            wanted = None if choice.value == CLIENT else choice.value
            self._desk.languages.choose(tap.user_id, wanted)
            texts = texts_for(wanted or client_language)
        await self._show_settings(tap, texts)

    async def _show_settings(self, tap: Tap, texts: Texts) -> None:
        chosen = await what_holds(self._desk, tap.user_id)
        keyboard = settings_keyboard(texts, tap.user_id, chosen)
        self._edit(tap, texts.settings(), keyboard)

    async def _show_languages(self, tap: Tap) -> None:
        chosen = await what_holds(self._desk, tap.user_id)
        keyboard = language_keyboard(tap.texts, tap.user_id, chosen)
        self._edit(tap, tap.texts.choose_language(), keyboard)

    async def _forget(self, tap: Tap) -> None:
        """Asks; or deletes everything; or does not."""
        await tap.answer()
        match tap.press.argument:
            case "yes":
                self._edit(tap, tap.texts.erasing())
                await forget_person(self._desk, self._shredder, tap)
            case "no":
                self._edit(tap, tap.texts.kept())
            case _:
                keyboard = forget_keyboard(tap.texts, tap.user_id)
                self._edit(tap, tap.texts.forget_question(), keyboard)

    def _edit(self, tap: Tap, text: str, keyboard: Keyboard = ()) -> None:
        message = tap.query.message
        if message is None:
            return
        edit = StatusEdit(
            chat_id=message.chat.id,
            message_id=message.message_id,
            text=text,
            keyboard=keyboard,
        )
        self._desk.board.show(edit, urgent=True)
