"""From our plain values to what python-telegram-bot sends."""

from __future__ import annotations

from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    SwitchInlineQueryChosenChat,
)

from .owed import Button, Keyboard, Owed


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Inline buttons; None where there are none."""
    if not keyboard:
        return None
    return InlineKeyboardMarkup([[_button(b) for b in row] for row in keyboard])


def markup_of(owed: Owed) -> InlineKeyboardMarkup | ForceReply | None:
    """What is below a message: buttons, or a reply that is asked for."""
    if owed.reply_placeholder is None:
        return markup(owed.keyboard)
    return ForceReply(
        selective=True, input_field_placeholder=owed.reply_placeholder or None
    )


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.text, url=button.url)
    if button.copy:
        return InlineKeyboardButton(button.text, copy_text=CopyTextButton(button.copy))
    if button.share is None:
        return InlineKeyboardButton(button.text, callback_data=button.data)
    anywhere = SwitchInlineQueryChosenChat(
        query=button.share,
        allow_user_chats=True,
        allow_group_chats=True,
        allow_channel_chats=True,
    )
    return InlineKeyboardButton(button.text, switch_inline_query_chosen_chat=anywhere)
