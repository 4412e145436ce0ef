"""The gallery, saved styles, and the styles used before."""

from __future__ import annotations

import html

from .base import Base


class Styles(Base):
    """Sentences and buttons about styles; names come in as plain text."""

    def style_name(self, slug: str) -> str:
        """What a built-in style is called; plain text."""
        return {
            "impasto": self._("Thick paint"),
            "night": self._("Swirling night"),
            "wave": self._("Woodblock wave"),
            "watercolour": self._("Watercolour"),
            "dots": self._("Dots of colour"),
            "glass": self._("Stained glass"),
            "mosaic": self._("Mosaic"),
            "ink": self._("Ink wash"),
            "cubist": self._("Cubism"),
            "charcoal": self._("Charcoal"),
            "deco": self._("Art Deco"),
            "linocut": self._("Linocut"),
            "cutout": self._("Paper cut-outs"),
            "hatching": self._("Pen and ink"),
            "stitch": self._("Cross-stitch"),
        }.get(slug, slug)

    # The gallery

    def gallery(self, names: list[tuple[int, str | None]]) -> str:
        """The caption of a page of built-in styles; numbers and names."""
        return self._(
            "<b>Gallery</b>\nTap a number to paint with it.\n\n{list}"
        ).format(list=self.numbered(names))

    def gallery_mine(self, names: list[tuple[int, str | None]]) -> str:
        """The caption of a page of a person's own styles."""
        return self._(
            "<b>Your styles</b>\nTap a number to paint with it.\n\n{list}"
        ).format(list=self.numbered(names))

    def gallery_changing(self, names: list[tuple[int, str | None]]) -> str:
        """As `gallery_mine`, while a tap on a number is to change that style."""
        return self._(
            "<b>Your styles</b>\nTap a number to rename or delete it.\n\n{list}"
        ).format(list=self.numbered(names))

    def gallery_recent(self, names: list[tuple[int, str | None]]) -> str:
        """The caption of the styles used before."""
        return self._(
            "<b>Used before</b>\nTap a number to paint with it again.\n\n{list}"
        ).format(list=self.numbered(names))

    def numbered(self, names: list[tuple[int, str | None]]) -> str:
        """One line for each."""
        return "\n".join(
            f"{number}. {html.escape(name or self.nameless(), quote=False)}"
            for number, name in names
        )

    def nameless(self) -> str:
        """In place of the name of a style that has none; plain text."""
        return self._("without a name")

    def built_in_button(self) -> str:
        return self._("Gallery")

    def mine_button(self) -> str:
        return self._("Yours")

    def recent_button(self) -> str:
        return self._("Used before")

    def change_button(self) -> str:
        return self._("Rename or delete…")

    def back_button(self) -> str:
        return self._("Back")

    def use_style_button(self) -> str:
        return self._("Paint with it")

    def rename_button(self) -> str:
        return self._("Rename")

    def delete_style_button(self) -> str:
        return self._("Delete")

    def choose_style_button(self) -> str:
        return self._("Choose a style")

    def last_painting_button(self) -> str:
        """The painting used last, which has no name."""
        return self._("The last painting")

    def styles_in_private(self, username: str) -> str:
        """/styles in a group."""
        return self._(
            "I show my styles in a private chat: @{username}. Here you can name one "
            "after /style, such as <code>/style {example}</code>."
        ).format(username=username, example=self.style_name("wave"))

    # A style in a draft

    def took_style(self, name: str | None) -> str:
        if name is None:
            return self._("I have the style. Now send me the photo.")
        return self._("The style is <b>{name}</b>. Now send me the photo.").format(
            name=html.escape(name, quote=False)
        )

    # Saving

    def save_button(self) -> str:
        return self._("Save the style")

    def saved_question(self) -> str:
        """A forced reply: its answer becomes the name."""
        return self._(
            "Saved; you find it under /styles. If you like, reply to this message "
            "with a name for it."
        )

    def saved_as(self, name: str) -> str:
        return self._("Saved as <b>{name}</b>; you find it under /styles.").format(
            name=html.escape(name, quote=False)
        )

    def name_question(self, name: str | None) -> str:
        """A forced reply: its answer becomes the new name."""
        if name is None:
            return self._("Reply to this message with a name for the style.")
        return self._(
            "Reply to this message with a new name for <b>{name}</b>."
        ).format(name=html.escape(name, quote=False))

    def name_placeholder(self) -> str:
        """Plain text of at most 64 characters, in the empty field of a reply."""
        return self._("Name of the style")

    def named(self, name: str) -> str:
        return self._("The style is called <b>{name}</b> now.").format(
            name=html.escape(name, quote=False)
        )

    def name_unfit(self, longest: int) -> str:
        """A forced reply, too: the next answer may fit."""
        return self._n(
            "A name has from 1 to {longest} character. Reply to this message with "
            "another one.",
            "A name has from 1 to {longest} characters. Reply to this message with "
            "another one.",
            longest,
        ).format(longest=longest)

    def style_page(self, number: int, name: str | None) -> str:
        """The caption while one saved style is being changed."""
        return f"<b>{number}. {html.escape(name or self.nameless(), quote=False)}</b>"

    def style_deleted(self) -> str:
        return self._("The style is deleted.")

    def style_gone(self) -> str:
        return self._("I no longer keep this style. /styles shows those I have.")

    # Toasts

    def toast_no_saved(self) -> str:
        return self._(
            "You have no styles of your own yet. Tap “Save the style” below a result."
        )

    def toast_no_recent(self) -> str:
        return self._("You have not used any style yet. Choose one and send a photo.")

    def toast_style_gone(self) -> str:
        return self._("I no longer keep this style.")

    def toast_saved_already(self) -> str:
        return self._("You have saved this style already.")

    def toast_always_there(self) -> str:
        return self._("This is one of my own styles; you always find it under /styles.")

    def toast_shelf_full(self, limit: int) -> str:
        return self._n(
            "You keep {limit} style, which is as many as I can keep for you. Delete "
            "one under /styles first.",
            "You keep {limit} styles, which is as many as I can keep for you. Delete "
            "one under /styles first.",
            limit,
        ).format(limit=limit)
