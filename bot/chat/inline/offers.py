"""What the picker of inline mode shows: pictures, clips, files and styles.

Telegram keeps the files; a result only names them, and nothing is uploaded.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedDocument,
    InlineQueryResultCachedMpeg4Gif,
    InlineQueryResultCachedPhoto,
    InputTextMessageContent,
)
from telegram.constants import ParseMode

from ...delivery.owed import Kind
from ..styles.shelf import StylePicture
from ..texts import Texts
from . import links
from .store import Form, Painting


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Makes results in one language, for one bot."""

    texts: Texts
    username: str

    def painting(self, painting: Painting, code: str | None) -> InlineQueryResult:
        """A picture that Telegram keeps; below it the link to its style."""
        texts = self.texts
        title = texts.picked_picture(painting.strength, painting.style_name)
        size = texts.picked_size(painting.width, painting.height)
        caption = texts.shared_picture(self.username, painting.style_name)
        number, file_id = f"p_{painting.job_id}", painting.file_id or ""
        if painting.kind is Kind.DOCUMENT:
            return InlineQueryResultCachedDocument(
                number,
                title,
                file_id,
                description=size,
                caption=caption,
                parse_mode=ParseMode.HTML,
                reply_markup=self._invitation(code),
            )
        return InlineQueryResultCachedPhoto(
            number,
            file_id,
            title=title,
            description=size,
            caption=caption,
            parse_mode=ParseMode.HTML,
            reply_markup=self._invitation(code),
        )

    def form(self, form: Form, job_id: str, code: str | None) -> InlineQueryResult:
        """The clip, or the file with every pixel."""
        if form.kind is Kind.ANIMATION:
            return InlineQueryResultCachedMpeg4Gif(
                f"c_{job_id}",
                form.file_id,
                title=self.texts.picked_clip(),
                caption=self.texts.shared_clip(self.username),
                parse_mode=ParseMode.HTML,
                reply_markup=self._invitation(code),
            )
        return InlineQueryResultCachedDocument(
            f"f_{job_id}",
            self.texts.picked_file(),
            form.file_id,
            caption=self.texts.shared_picture(self.username, None),
            parse_mode=ParseMode.HTML,
            reply_markup=self._invitation(code),
        )

    def style(
        self, style: StylePicture, code: str, photo_id: str | None
    ) -> InlineQueryResult:
        """A style: its picture if Telegram keeps that as a photo, else words."""
        name = style.called(self.texts)
        title = self.texts.picked_style(name)
        words = self.texts.shared_style(self.username, name)
        hint = self.texts.picked_style_hint()
        if photo_id is None:
            return InlineQueryResultArticle(
                code,
                title,
                InputTextMessageContent(words, parse_mode=ParseMode.HTML),
                description=hint,
                reply_markup=self._invitation(code),
            )
        return InlineQueryResultCachedPhoto(
            code,
            photo_id,
            title=title,
            description=hint,
            caption=words,
            parse_mode=ParseMode.HTML,
            reply_markup=self._invitation(code),
        )

    def _invitation(self, code: str | None) -> InlineKeyboardMarkup | None:
        """Whoever taps it comes to the bot, with the style in place."""
        if code is None:
            return None
        link = links.start_link(self.username, code)
        button = InlineKeyboardButton(self.texts.try_style_button(), url=link)
        return InlineKeyboardMarkup([[button]])
