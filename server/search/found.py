"""Pages of conversations that were searched for: found by their words, then read and checked."""

from __future__ import annotations

import time

from actors.ids import WorkspaceId
from server.search.search import Search
from server.search.word_store import Hit
from server.store.cursors import Place
from server.store.database import Collection, Document
from server.store.newest_first import Rows, Wanted

_HITS = 100
_BUDGET_S = 0.5


class Found:
    """Searches for `q` in a workspace. `engaged`: only where a visitor did something."""

    def __init__(
        self, collection: Collection, search: Search, workspace_id: WorkspaceId, q: str, *, engaged: bool
    ) -> None:
        self._collection = collection
        self._search = search
        self._workspace_id = workspace_id
        self._q = q
        self._engaged = engaged

    async def page(self, wanted: Wanted, after: Place | None, limit: int) -> Rows:
        """Up to `limit` of those wanted, newest first. A page may be short while `next` is set."""
        before = Hit(after.value, after.id) if after else None
        rows: list[Document] = []
        until = time.monotonic() + _BUDGET_S
        while True:
            hits = await self._search.conversations(
                self._workspace_id, self._q, before, _HITS, engaged=self._engaged
            )
            documents = await self._read([hit.id for hit in hits.found], wanted)
            for hit in hits.found:
                if len(rows) == limit:
                    return Rows(rows, Place(before.at, before.id) if before else None)
                before = hit
                if hit.id in documents:
                    rows.append(documents[hit.id])
            before = hits.more
            if before is None:
                return Rows(rows, None)
            if len(rows) == limit or time.monotonic() > until:
                return Rows(rows, Place(before.at, before.id))

    async def _read(self, ids: list[str], wanted: Wanted) -> dict[str, Document]:
        if not ids:
            return {}
        stages: list[Document] = [{"_id": {"$in": ids}}, wanted.scope, wanted.also]
        matches = [{"$match": stage} for stage in stages if stage]
        return {each["_id"]: each async for each in self._collection.aggregate(matches)}
