"""When conversations were engaged in, put into documents that an earlier version wrote without it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from actors.ids import WorkspaceId
from server.conversations.rows import ENGAGED_AT, standing_of_document, summary_of
from server.store.backfill import Backfill
from server.store.database import Collection, Database, Document, UpdateOne
from server.store.persistence import Persistence

_log = logging.getLogger(__name__)


class EngagedAt:
    """Whether every conversation says when it was engaged in; seen to in the background."""

    def __init__(self, database: Database, persistence: Persistence | None = None) -> None:
        self._conversations: Collection = database["conversations"]
        self._backfill = Backfill(
            database, "conversations.engaged_at", "conversations", "last_activity_at", self._fill
        )
        self._persistence = persistence or Persistence()
        self.everywhere = False
        """Until then lists must not rely on it."""

    async def start(self) -> None:
        """Look whether it was done. Raises PyMongoError."""
        self.everywhere = await self._backfill.was_done()

    async def run(self) -> None:
        """Do what is left to do."""
        if self.everywhere:
            return
        count = await self._backfill.run("bringing conversations up to date", self._persistence)
        self.everywhere = True
        if count:
            _log.info("brought %d conversations up to date", count)

    async def _fill(self, workspace_id: WorkspaceId, documents: Sequence[Document]) -> int:
        changes = list(_changes(workspace_id, documents))
        if changes:
            await self._conversations.bulk_write(changes, ordered=False)
        return len(changes)


def _changes(workspace_id: WorkspaceId, documents: Sequence[Document]) -> Iterator[UpdateOne]:
    for document in documents:
        if ENGAGED_AT not in document:
            at = summary_of(standing_of_document(document))[ENGAGED_AT]
            # One that has been written since says so by itself.
            same = {"_id": document["_id"], "workspace_id": workspace_id}
            yield UpdateOne({**same, ENGAGED_AT: {"$exists": False}}, {"$set": {ENGAGED_AT: at}})
