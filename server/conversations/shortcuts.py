"""What lists may rely on to be quick; without it they find the same, and take longer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from server.conversations.engaged_at import EngagedAt
from server.conversations.narrow import Narrow
from server.search.search import Search
from server.store.tops import Tops


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """The words of conversations and leads, when conversations were engaged in, and what lists were like."""

    search: Search | None = None
    engagement: EngagedAt | None = None
    narrow: Narrow = field(default_factory=Narrow)
    tops: Tops = field(default_factory=Tops)

    async def searching(self, q: str, within_s: float = 1.0) -> Search | None:
        """What to search by, if something is searched for and all can be found by it.

        By then that is also what was told before the call, unless this takes longer than `within_s`.
        """
        if not q.strip() or self.search is None or not self.search.ready:
            return None
        with suppress(TimeoutError):
            await asyncio.wait_for(self.search.passed(), within_s)
        return self.search

    @property
    def engaged_at(self) -> bool:
        """Whether conversations can be listed by it."""
        return self.engagement is not None and self.engagement.everywhere


NO_SHORTCUTS = Shortcuts()
