"""`Groups`: everything that groups have handlers for."""

from __future__ import annotations

from dataclasses import dataclass

from ..clerk import Clerk
from ..conversation import Conversation
from ..desk import Desk
from ..reception import Reception
from ..styles.naming import Naming
from .arguments import StyleNames
from .arriving import Arrivals
from .membership import Membership
from .requests import Requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """What is written in them, and what becomes of them."""

    requests: Requests
    membership: Membership

    @classmethod
    def of(
        cls,
        desk: Desk,
        clerk: Clerk,
        conversation: Conversation,
        reception: Reception,
        shelf: StyleNames,
        naming: Naming,
    ) -> Groups:
        """`shelf` knows styles by their names, `naming` takes new names for them."""
        arrivals = Arrivals(desk, reception)
        return cls(
            requests=Requests(desk, clerk, conversation, arrivals, shelf, naming),
            membership=Membership(desk),
        )
