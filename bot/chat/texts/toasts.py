"""Answers to a tap: plain text of at most 200 characters."""

from __future__ import annotations

from .base import Base


class Toasts(Base):
    """Every one is called `toast_…`, wherever it is defined."""

    def toast_not_yours(self) -> str:
        return self._("These buttons belong to somebody else. Send me your own photo.")

    def toast_old(self) -> str:
        return self._(
            "This button is from an older picture and does nothing any more. Send me "
            "a photo to begin a new one."
        )

    def toast_pictures_gone(self) -> str:
        return self._(
            "I no longer keep these pictures. Please send the photo and the painting "
            "again."
        )

    def toast_already_on_its_way(self) -> str:
        return self._("This one is already on its way.")

    def toast_already_painted(self) -> str:
        return self._("This one is painted already; you will find it further down.")

    def toast_nothing_to_stop(self) -> str:
        return self._("This picture is not being painted any more.")

    def toast_file_sent(self) -> str:
        return self._("You have this file already; you will find it further down.")
