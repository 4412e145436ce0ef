"""What a person sets and sees of themselves: /settings, /privacy, /forget.

And what Telegram shows of the bot: its commands in groups and its descriptions.
"""

from __future__ import annotations

from .base import Base


class Panels(Base):
    """Sentences and buttons of the personal panels."""

    def group_commands(self) -> dict[str, str]:
        """The menu of commands in a group, with what each does."""
        return {
            "style": self._("Paint the photo you reply to"),
            "status": self._("How far your pictures are"),
            "cancel": self._("Stop and start over"),
            "help": self._("What I can do"),
        }

    def description(self) -> str:
        """Shown in a chat that is still empty; plain, at most 512 characters."""
        return self._(
            "Send me a photo and a painting, and I will paint your photo in the style "
            "of that painting.\n\nYou can also choose a style from my gallery, paint "
            "together with others in a group, and share what comes out."
        )

    def short_description(self) -> str:
        """Shown on the profile; plain, at most 120 characters."""
        return self._("Paints your photo in the style of any painting.")

    def in_private(self, username: str) -> str:
        """What is said in a group to /settings, /privacy and /forget."""
        return self._(
            "That is between the two of us. Please write to me in a private chat: "
            "@{username}"
        ).format(username=username)

    def settings(self) -> str:
        return self._(
            "<b>Your settings</b>\n"
            "They hold for the next pictures you send. A tick marks what you have now."
        )

    def size(self, size: str) -> str:
        return {
            "small": self._("Small"),
            "usual": self._("Usual size"),
            "large": self._("Large"),
        }[size]

    def size_note(self, edge_px: int) -> str:
        """On a card whose picture will not have the usual size."""
        return self._("Its longer side will have {edge_px} pixels.").format(
            edge_px=edge_px
        )

    def palette(self, colors: str) -> str:
        if colors == "photo":
            return self._("Photo’s colours")
        return self._("Painting’s colours")

    def with_clip(self, on: bool) -> str:
        return self._("With a clip") if on else self._("Without a clip")

    def language_button(self, language: str) -> str:
        return self._("Language: {language}").format(language=language)

    def choose_language(self) -> str:
        return self._("Which language shall I speak with you?")

    def as_in_telegram(self) -> str:
        return self._("As in Telegram")

    def privacy_aged(
        self, days: int, pictures: int, results: int, messages: int
    ) -> str:
        """What goes by itself, and how much of it there is."""
        return self._n(
            "<b>What I keep of you</b>\n"
            "Once a day I delete what has not been used for {days} day:\n"
            "• the pictures you sent me (now {pictures})\n"
            "• the results and their clips (now {results})\n"
            "• what I wrote to you (now {messages})\n"
            "What you write I keep only until I have answered it.",
            "<b>What I keep of you</b>\n"
            "Once a day I delete what has not been used for {days} days:\n"
            "• the pictures you sent me (now {pictures})\n"
            "• the results and their clips (now {results})\n"
            "• what I wrote to you (now {messages})\n"
            "What you write I keep only until I have answered it.",
            days,
        ).format(days=days, pictures=pictures, results=results, messages=messages)

    def privacy_lasting(self, saved: int, shared: int) -> str:
        """What stays until the person deletes it."""
        return self._(
            "Until you delete it, I keep:\n"
            "• the styles you saved (now {saved})\n"
            "• the styles you shared (now {shared})\n"
            "• your settings"
        ).format(saved=saved, shared=shared)

    def privacy_others(self) -> str:
        return self._(
            "<b>Who else sees it</b>\n"
            "In a group, everybody there sees what I paint for you. Whoever you share "
            "a style with can paint with it, but never sees your photos. Whoever runs "
            "me can open the files on my machine."
        )

    def privacy_deletion(self) -> str:
        return self._("/forget deletes all of it at once.")

    def forget_button(self) -> str:
        return self._("Delete everything")

    def forget_question(self) -> str:
        return self._(
            "Shall I delete everything I keep of you? Your pictures, results, styles "
            "and settings will be gone for good, and styles you shared will stop "
            "working. What I am painting for you stops as well."
        )

    def keep_button(self) -> str:
        return self._("Keep it")

    def kept(self) -> str:
        return self._("Everything stays as it is.")

    def erasing(self) -> str:
        return self._("Deleted.")

    def forgotten(self) -> str:
        return self._(
            "Everything I kept of you is deleted. Telegram itself still has this chat; "
            "you can delete it there. If you send me a picture, we begin anew."
        )
