"""Up to when all that follows from entries is known to be in the database."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from server.store.database import Collection, Database

_ID = "journal"
_EVERY_S = 5.0
# Entries carry the time of their decision, which other clocks and slow writes may put a little behind.
_SLACK = timedelta(seconds=60)


class Checkpoint:
    """The instant from which a start has to look for entries that nothing follows from yet."""

    def __init__(self, database: Database) -> None:
        self._meta: Collection = database["meta"]
        self._next_at = 0.0

    async def since(self) -> datetime | None:
        """From when to look, None for all time."""
        document = await self._meta.find_one({"_id": _ID})
        return document["checkpoint_at"] - _SLACK if document else None

    @property
    def due(self) -> bool:
        """Whether the last time is long enough ago; the more often, the shorter the next start's search."""
        return time.monotonic() >= self._next_at

    async def advance(self, oldest: datetime | None) -> None:
        """Everything before `oldest` is in place, or everything at all when there is none."""
        self._next_at = time.monotonic() + _EVERY_S
        at = oldest or datetime.now(UTC)
        await self._meta.update_one({"_id": _ID}, {"$set": {"checkpoint_at": at}}, upsert=True)
