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

    def searching(self, q: str) -> Search | None:
        """What to search by, if something is searched for and all can be found by it."""
        return self.search if q.strip() and self.search is not None and self.search.ready else None

    async def settled(self, q: str, within_s: float = 1.0) -> None:
        """Wait until what was told before the call can be found, `within_s` at most."""
        if search := self.searching(q):
            with suppress(TimeoutError):
                await asyncio.wait_for(search.passed(), within_s)

    @property
    def engaged_at(self) -> bool:
        """Whether conversations can be listed by it."""
        return self.engagement is not None and self.engagement.everywhere


NO_SHORTCUTS = Shortcuts()
