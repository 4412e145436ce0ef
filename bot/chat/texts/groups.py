"""What is said in groups only."""

from __future__ import annotations

from html import escape

from .arriving import Arriving, Refusal, Stage


class Groups(Arriving):
    """Sentences for more than one pair of eyes.

    Names of people, styles and groups come as plain text and are escaped here.
    """

    # How it works

    def group_hello(self, username: str) -> str:
        """Said once, when the bot has been added."""
        return self._(
            "Hi! I paint photos in the style of a painting. Reply to any photo "
            "here with /style@{username}, or write that below a photo of your own."
        ).format(username=username)

    def group_help(self, username: str) -> str:
        return self._(
            "<b>How it works in a group</b>\n"
            "1. Reply to a photo, anybody’s, with /style@{username}. Or send a photo "
            "of your own with that below it.\n"
            "2. I ask you for the painting; reply to my question with it. If you send "
            "a picture of your own as you reply to a photo, that is the painting.\n"
            "3. Tap how strong the style should be. Only you can press your buttons.\n"
            "\n"
            "/style@{username} wave takes the style of that name.\n"
            "/status@{username} shows how far your pictures are.\n"
            "/cancel@{username} stops them.\n\n"
            "I read only what is addressed to me."
        ).format(username=username)

    def group_unknown_command(self, username: str) -> str:
        return self._(
            "In a group I only know /style@{username}, /status@{username}, "
            "/cancel@{username} and /help@{username}. The rest is for our private "
            "chat."
        ).format(username=username)

    # Whose picture is which

    def group_pair(
        self, photo_by: str, painting_by: str | None, style: str | None
    ) -> str:
        """Whose photo is painted like what; the style has a name or is somebody's."""
        photo = escape(photo_by)
        if style is not None:
            return self._("{photo_by}’s photo in the style “{style}”.").format(
                photo_by=photo, style=escape(style)
            )
        if painting_by is None:
            return self._("{photo_by}’s photo in the style of the painting.").format(
                photo_by=photo
            )
        return self._(
            "{photo_by}’s photo in the style of {painting_by}’s painting."
        ).format(photo_by=photo, painting_by=escape(painting_by))

    def group_card(self, event: str) -> str:
        """The question below a pair; `event` is a value of `drafts.Note` or empty."""
        question = self._("How strong should the style be?")
        first = {
            "replaced": self._("This is the new painting."),
            "album_cut": self._(
                "That was more than two pictures, so I took the first two."
            ),
        }.get(event)
        return f"{first}\n{question}" if first else question

    # Questions, answered by a reply

    def group_ask(self, stage: Stage, photo_by: str | None) -> str:
        """Asks for what a draft is waiting for."""
        if stage is Stage.PAINTING and photo_by is not None:
            return self._(
                "I have {photo_by}’s photo. Now the painting: reply to this message "
                "with a picture of it."
            ).format(photo_by=escape(photo_by))
        return {
            Stage.PHOTO_FIRST: self._(
                "Which photo shall I paint? Reply to this message with it."
            ),
            Stage.PAINTING: self._(
                "I have the photo. Now the painting: reply to this message with a "
                "picture of it."
            ),
            Stage.PHOTO: self._(
                "I have the style. Now the photo: reply to this message with it."
            ),
            Stage.SECOND: self._(
                "I keep the photo and the painting. Now the second painting, to blend "
                "the two: reply to this message with a picture of it."
            ),
            Stage.STRENGTH: self._(
                "I have both pictures. Please tap a strength below them."
            ),
        }[stage]

    def group_ask_photo_for(self, style: str) -> str:
        """The style is known by its name."""
        return self._(
            "The style is “{style}”. Now the photo: reply to this message with it."
        ).format(style=escape(style))

    def group_ask_other(self) -> str:
        """Of an album only one picture has come."""
        return self._(
            "Telegram shows me only one picture of your album here. Reply to this "
            "message with the other one."
        )

    def group_placeholder(self, stage: Stage) -> str:
        """What stands in the field for the reply: plain, at most 64 characters."""
        if stage in (Stage.PAINTING, Stage.SECOND):
            return self._("Send the painting")
        return self._("Send the photo")

    def group_same_picture(self, stage: Stage) -> str:
        if stage is Stage.PHOTO:
            return self._(
                "That is the painting again. Reply to this message with another "
                "picture as the photo."
            )
        return self._(
            "That is the photo again. Reply to this message with another picture as "
            "the painting."
        )

    def group_unknown_style(self, style: str, username: str) -> str:
        return self._(
            "I know no style called “{style}”. /styles@{username} shows those I have."
        ).format(style=escape(style), username=username)

    def group_refusal(self, why: Refusal, stage: Stage) -> str:
        """Why what was sent cannot be used, and what to do next."""
        said = self.refused(why)
        if stage is Stage.STRENGTH:
            return self._flow(said, self.group_ask(stage, None))
        again = self._("Reply to this message with another picture.")
        return self._flow(said, again)

    def group_asked_another(self, username: str) -> str:
        """Somebody answered a question that was not theirs."""
        return self._(
            "I was asking somebody else. To have a picture of your own painted, write "
            "/style@{username} below it."
        ).format(username=username)

    def group_channel(self) -> str:
        """Somebody writes in the name of a channel, and buttons need a person."""
        return self._(
            "I cannot tell who you are while you write in the name of a channel. "
            "Please ask me again as yourself."
        )

    # Rights

    def group_no_photos(self) -> str:
        """The group forbids what a card needs; the buttons are below these words."""
        return self._(
            "I am not allowed to send photos in this group, so I will send you the "
            "picture in private."
        )

    def group_result_in_private(self) -> str:
        """A result has found no way into the group; a button is below."""
        return self._(
            "Your picture is ready, but I am not allowed to send photos in this group. "
            "I have sent it to you in private. If it is not there, tap the button and "
            "then Start."
        )

    def group_no_photos_for_nobody(self) -> str:
        """To an anonymous administrator, who has no private chat."""
        return self._(
            "I am not allowed to send photos in this group. Please allow me to, and "
            "then tap a strength."
        )

    def group_private_button(self) -> str:
        """Opens the private chat."""
        return self._("Our private chat")

    def private_from_group(self) -> str:
        """Above a result that could not be sent into a group."""
        return self._("From a group in which I am not allowed to send this.")

    def private_no_words(self) -> str:
        """To somebody who asked in a group in which the bot may not write."""
        return self._(
            "You asked me something in a group in which I am not allowed to write. "
            "Please ask an administrator to let me, or send me your pictures here."
        )
