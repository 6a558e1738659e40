"""When conversations were engaged in, put into documents that an earlier version wrote without it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from actors.ids import WorkspaceId
from server.conversation_rows import ENGAGED_AT, standing_of_document, summary_of
from server.cursors import milliseconds
from server.database import Collection, Database, Document, UpdateOne
from server.newest_first import NewestFirst, Wanted, by_time
from server.persistence import Persistence

_log = logging.getLogger(__name__)

_DONE = "conversations.engaged_at"
_AT_ONCE = 200
_REST = 2.0  # the database is left alone for twice as long as it was used
_CLOCKS = timedelta(hours=1)  # that others may be ahead of ours


class EngagedAt:
    """Whether every conversation says when it was engaged in; seen to in the background."""

    def __init__(self, database: Database, persistence: Persistence | None = None) -> None:
        self._meta: Collection = database["meta"]
        self._workspaces: Collection = database["workspaces"]
        self._conversations: Collection = database["conversations"]
        self._persistence = persistence or Persistence()
        self.everywhere = False
        """Until then lists must not rely on it."""

    async def start(self) -> None:
        """Look whether it was done. Raises PyMongoError."""
        self.everywhere = await self._meta.find_one({"_id": _DONE}) is not None

    async def run(self) -> None:
        """Do what is left to do."""
        if not self.everywhere:
            await self._persistence.until_done("bringing conversations up to date", self._all)
            self.everywhere = True

    async def _all(self) -> None:
        newest = milliseconds(datetime.now(UTC) + _CLOCKS)
        count = 0
        async for workspace in self._workspaces.find({}, {"_id": 1}):
            count += await self._one(WorkspaceId(workspace["_id"]), newest)
        await self._meta.update_one({"_id": _DONE}, {"$set": {"count": count}}, upsert=True)
        if count:
            _log.info("brought %d conversations up to date", count)

    async def _one(self, workspace_id: WorkspaceId, newest: int) -> int:
        listed = NewestFirst(
            self._conversations, Wanted({"workspace_id": workspace_id}), by_time("last_activity_at")
        )
        count, after = 0, None
        while True:
            began = time.monotonic()
            page = await listed.page(newest, after, _AT_ONCE)
            changes = list(_changes(page.documents))
            if changes:
                await self._conversations.bulk_write(changes, ordered=False)
            count, after = count + len(changes), page.next
            if after is None:
                return count
            await asyncio.sleep(_REST * (time.monotonic() - began))


def _changes(documents: Sequence[Document]) -> Iterator[UpdateOne]:
    for document in documents:
        if ENGAGED_AT not in document:
            at = summary_of(standing_of_document(document))[ENGAGED_AT]
            # One that has been written since says so by itself.
            same = {"_id": document["_id"], "workspace_id": document["workspace_id"]}
            yield UpdateOne({**same, ENGAGED_AT: {"$exists": False}}, {"$set": {ENGAGED_AT: at}})
