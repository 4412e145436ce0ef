"""What comes back: the picture, its file and its clip, or the bad news."""

from __future__ import annotations

import html

from ...executors.base import Palette
from ...jobs.job import Job
from .arriving import Arriving, Refusal
from .welcome import FETCH_COMMAND

_REFUSALS = frozenset(why.value for why in Refusal)


class Results(Arriving):
    """Sentences and buttons of a result."""

    def painted(self, job: Job) -> str:
        return self._("Painted in {seconds} s · {recipe}").format(
            seconds=max(1, round(job.seconds or 0)), recipe=self._recipe(job)
        )

    def untrained(self) -> str:
        return self._(
            "<i>Painted with untrained weights, so this is only a rough idea of the "
            "style. To mend that, run</i> <code>{command}</code>"
        ).format(command=FETCH_COMMAND)

    def card_done(self, job: Job) -> str:
        shown = (
            self._("Left: your photo. Then the two paintings.")
            if job.second_style
            else self._("Left: your photo. Right: the painting.")
        )
        return f"{shown}\n{self.painted(job)}"

    def card_blended(self) -> str:
        """The card's caption if there are two paintings."""
        return self._(
            "Left: your <b>photo</b>. Then <b>two paintings</b>, which I blend half "
            "and half.\nHow strong should the style be?"
        )

    def full_button(self) -> str:
        return self._("Full quality")

    def same_style_button(self) -> str:
        return self._("Same style, new photo")

    def same_photo_button(self) -> str:
        return self._("New style, same photo")

    def more_button(self, on: bool) -> str:
        return self._("Less") if on else self._("More…")

    def colors_button(self, colors: str) -> str:
        """On the card: whose colours the picture will have."""
        if colors == Palette.PHOTO:
            return self._("Colours: photo")
        return self._("Colours: painting")

    def recolor_button(self, colors: str) -> str:
        """Below a result: with which colours to paint it again."""
        if colors == Palette.PHOTO:
            return self._("Original colours")
        return self._("Painting’s colours")

    def larger_button(self) -> str:
        return self._("Larger")

    def film_button(self) -> str:
        return self._("Clip")

    def next_button(self) -> str:
        return self._("Use as photo")

    def blend_button(self) -> str:
        return self._("Blend styles")

    def delete_button(self) -> str:
        return self._("Delete")

    def delete_yes_button(self) -> str:
        return self._("Yes, delete it")

    def delete_no_button(self) -> str:
        return self._("No, keep it")

    def toast_delete(self) -> str:
        return self._(
            "Delete this picture? Its clip and its file go as well. Your photo and the "
            "painting stay."
        )

    def delete_yourself(self) -> str:
        return self._(
            "I have deleted the picture on my side. Telegram does not let me take back "
            "messages that are older than two days, so please delete it in this chat "
            "yourself."
        )

    def result_is_photo(self) -> str:
        return self._(
            "That picture is your photo now. Send me a painting, or choose a style "
            "with /styles."
        )

    def blend_with(self) -> str:
        return self._(
            "I keep your photo and the painting. Send me a second painting, or choose "
            "a style with /styles, and I will blend the two half and half."
        )

    def clip_failed(self) -> str:
        return self._(
            "I could not make the clip of this picture. The picture itself is as it "
            "should be."
        )

    def toast_largest(self) -> str:
        return self._("This is the largest picture I can paint on this machine.")

    def toast_as_large_as_photo(self) -> str:
        return self._(
            "This picture is as large as your photo. To get a larger one, send me the "
            "photo as a file, or a larger photo."
        )

    def toast_waking_up(self) -> str:
        return self._("I am just waking up. Please tap this again in a minute.")

    def toast_clip_soon(self) -> str:
        return self._("The clip is being made. I will send it as soon as it is there.")

    def toast_clip_sent(self) -> str:
        return self._("You have this clip already; you will find it further down.")

    def toast_clip_failed(self) -> str:
        return self._("I could not make the clip of this picture.")

    def full_caption(self, job: Job) -> str:
        return self._("Every pixel of it · {recipe}").format(recipe=self._recipe(job))

    def clip_caption(self) -> str:
        return self._("How it was painted")

    def failed(self, code: str) -> str:
        """`code` is a `Job.error_code`; those of pictures are refusals as well."""
        if code in _REFUSALS:
            return self.refused(Refusal(code))
        if code == "worker_died":
            return self._(
                "I tried this picture several times and something broke on my side "
                "each time. I am sorry; please try it again later."
            )
        return self._(
            "Something went wrong on my side while painting. I am sorry; your pictures "
            "are kept, so please tap a strength to try again."
        )

    def _recipe(self, job: Job) -> str:
        """Style (if it has a name), strength, colours (if the photo's) and size."""
        parts = [html.escape(job.style_name)] if job.style_name else []
        parts.append(self.strength(job.strength).lower())
        if job.colors == Palette.PHOTO:
            parts.append(self._("original colours"))
        return " · ".join([*parts, f"{job.width}×{job.height}"])
