"""`FloodGate`: Telegram's limits on how fast a bot may write, where they are asked for.

The real limits are dynamic; these are the ones that are published.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable

from .errors import too_many_requests
from .world import Chat

GROUP_LIMIT, GROUP_WINDOW_S = 20, 60.0
OVERALL_LIMIT, OVERALL_WINDOW_S = 30, 1.0


class FloodGate:
    """20 messages a minute to a group, 30 a second to all; edits do not count."""

    def __init__(self, clock: Callable[[], float], *, closes: bool) -> None:
        self._clock = clock
        self.closes = closes
        """Whether the limits hold."""
        self._groups: dict[int, deque[float]] = defaultdict(deque)
        self._overall: deque[float] = deque()

    def pass_through(self, chat: Chat, messages: int = 1) -> None:
        """Counts messages of the bot.

        Raises:
            ApiError: 429 for one too many, which is then not counted.
        """
        now = self._clock()
        buckets = [(self._overall, OVERALL_LIMIT, OVERALL_WINDOW_S)]
        if not chat.is_private:
            buckets.append((self._groups[chat.id], GROUP_LIMIT, GROUP_WINDOW_S))
        for sent, limit, window_s in buckets:
            while sent and sent[0] <= now - window_s:
                sent.popleft()
            if self.closes and len(sent) + messages > limit:
                oldest = sent[len(sent) + messages - limit - 1] if sent else now
                raise too_many_requests(max(1, math.ceil(oldest + window_s - now)))
        for sent, _, _ in buckets:
            sent.extend([now] * messages)
