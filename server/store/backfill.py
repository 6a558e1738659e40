"""What an earlier version left out, put into the documents of a collection: once, in the background."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from actors.ids import WorkspaceId
from server.store.cursors import milliseconds
from server.store.database import Collection, Database, Document
from server.store.newest_first import NewestFirst, Wanted, by_time
from server.store.persistence import Persistence

_AT_ONCE = 200
_REST = 2.0  # the database is left alone for twice as long as it was used
_CLOCKS = timedelta(hours=1)  # that others may be ahead of ours


class Backfill:
    """Goes through every workspace's documents, the newest first, and then notes in `meta` that it was done.

    Args:
        database: where.
        name: of the note.
        collection: whose documents are read.
        instant: the field they are sorted by; an index begins with the workspace and it.
        fill: puts it in where it is missing; gives how many documents it changed. What ends half-way is begun
            again, so it must pass over what has it.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        collection: str,
        instant: str,
        fill: Callable[[WorkspaceId, Sequence[Document]], Awaitable[int]],
    ) -> None:
        self._meta: Collection = database["meta"]
        self._workspaces: Collection = database["workspaces"]
        self._documents: Collection = database[collection]
        self._name = name
        self._scale = by_time(instant)
        self._fill = fill

    async def was_done(self) -> bool:
        """Whether nothing is left to do. Raises PyMongoError."""
        return await self._meta.find_one({"_id": self._name}) is not None

    async def run(self, doing: str, persistence: Persistence) -> int:
        """Do what is left to do, however long the database is away; gives how many documents were changed."""
        return await persistence.until_done(doing, self._all)

    async def _all(self) -> int:
        if await self.was_done():
            return 0
        newest = milliseconds(datetime.now(UTC) + _CLOCKS)
        count = 0
        async for workspace in self._workspaces.find({}, {"_id": 1}):
            count += await self._one(WorkspaceId(workspace["_id"]), newest)
        await self._meta.update_one({"_id": self._name}, {"$set": {"count": count}}, upsert=True)
        return count

    async def _one(self, workspace_id: WorkspaceId, newest: int) -> int:
        listed = NewestFirst(self._documents, Wanted({"workspace_id": workspace_id}), self._scale)
        count, after = 0, None
        while True:
            began = time.monotonic()
            page = await listed.page(newest, after, _AT_ONCE)
            count, after = count + await self._fill(workspace_id, page.documents), page.next
            if after is None:
                return count
            await asyncio.sleep(_REST * (time.monotonic() - began))
