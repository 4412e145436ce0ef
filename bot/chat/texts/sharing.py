"""Passing pictures and styles on: inline mode, deep links, before and after."""

from __future__ import annotations

import html

from .base import Base


class Sharing(Base):
    """Sentences and buttons of sharing, and of looking back."""

    def share_button(self) -> str:
        return self._("Share")

    def compare_button(self) -> str:
        return self._("Before and after")

    # Inline mode

    def try_style_button(self) -> str:
        """Below a shared picture; whoever taps it comes to the bot."""
        return self._("Try this style on your photo")

    def shared_picture(self, username: str, style_name: str | None) -> str:
        """The caption of a picture that somebody passes on."""
        if style_name:
            return self._(
                "Painted in the style <b>{style_name}</b> by @{username}"
            ).format(style_name=html.escape(style_name), username=username)
        return self._("Painted by @{username}").format(username=username)

    def shared_clip(self, username: str) -> str:
        return self._("How it was painted by @{username}").format(username=username)

    def shared_style(self, username: str, style_name: str | None) -> str:
        """The words with a style that somebody passes on."""
        if style_name:
            return self._(
                "A style for your photo: <b>{style_name}</b>. @{username} paints "
                "with it."
            ).format(style_name=html.escape(style_name), username=username)
        return self._("A style for your photo. @{username} paints with it.").format(
            username=username
        )

    def picked_picture(self, strength: str, style_name: str | None) -> str:
        """How a picture is called while it is being picked; plain text."""
        name = self.strength(strength)
        return f"{style_name} · {name}" if style_name else name

    def picked_size(self, width: int, height: int) -> str:
        """Plain text."""
        return self._("{width} × {height} pixels").format(width=width, height=height)

    def picked_clip(self) -> str:
        return self._("How it was painted")

    def picked_file(self) -> str:
        return self._("The file with every pixel")

    def picked_style(self, style_name: str | None) -> str:
        """How a style is called while it is being picked; plain text."""
        return style_name or self._("A style of yours")

    def picked_style_hint(self) -> str:
        return self._("Let others try this style on their photos")

    def inline_start_button(self) -> str:
        """Above an empty list; leads to a private chat with the bot."""
        return self._("Paint a picture to share it here")

    def inline_nothing_found_button(self) -> str:
        """As above, if there are pictures, but none with these words."""
        return self._("Nothing found: paint something new")

    # Deep links

    def link_expired(self) -> str:
        return self._(
            "The style behind that link is no longer kept. You can begin with any "
            "other painting, or choose one with /styles."
        )

    # Before and after

    def before(self) -> str:
        return self._("Before")

    def after(self, strength: str, style_name: str | None) -> str:
        return self._("After · {style}").format(
            style=html.escape(self.picked_picture(strength, style_name))
        )

    def toast_compare_coming(self) -> str:
        return self._("Before and after are on their way.")

    # Looking back

    def history(self, first: int, last: int) -> str:
        """Below an album of past results, above a button for each of them."""
        return self._(
            "Your pictures {first} to {last}, the newest first. Tap a number to get "
            "that picture with its buttons."
        ).format(first=first, last=last)

    def history_single(self, first: int) -> str:
        """The same for one picture alone."""
        return self._("Your picture number {first}. Tap it to get its buttons.").format(
            first=first
        )

    def history_item(self, first: int, strength: str, style_name: str | None) -> str:
        """The caption of one picture of the album."""
        words = html.escape(self.picked_picture(strength, style_name))
        return f"{first} · {words}"

    def history_older_button(self) -> str:
        return self._("Older ▸")

    def history_newer_button(self) -> str:
        return self._("◂ Newer")

    def history_empty(self) -> str:
        return self._(
            "There are no pictures of yours that I still have. Send me a photo to "
            "begin."
        )

    def history_no_more(self) -> str:
        return self._("There are no older pictures of yours that I still have.")

    def history_in_private(self) -> str:
        """In a group, where not everybody should see them."""
        return self._("Your past pictures are for your eyes: ask me in private.")

    def history_in_private_button(self) -> str:
        return self._("Show them in private")
