"""The numbers of a workspace's leads: 1, 2, 3 … in the order in which they become visible."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from actors.ids import WorkspaceId
from server.store.database import Collection, Database, Document, UpdateOne

_DIGITS = 12
_AFTER_ALL = "~"


def place(workspace_id: WorkspaceId, seq: int) -> str:
    """Workspace and number in one text, so that a single index tells both apart and finds by both."""
    return f"{workspace_id}:{seq:0{_DIGITS}}"


def numbered(workspace_id: WorkspaceId, after: int, upto: int | None = None) -> Document:
    """Finds the leads of a workspace with `after < seq <= upto`."""
    end = f"{workspace_id}:{_AFTER_ALL}" if upto is None else place(workspace_id, upto)
    return {"place": {"$gt": place(workspace_id, after), "$lte": end}}


class LeadNumbers:
    """Counts up; a number is not given twice, even when the newest leads were deleted.

    The mark in `lead_feeds` follows behind the leads: what it leaves out is read from them.
    """

    def __init__(self, database: Database) -> None:
        self._leads: Collection = database["leads"]
        self._marks: Collection = database["lead_feeds"]
        self._last: dict[WorkspaceId, int] = {}

    async def next(self, workspace_id: WorkspaceId) -> int:
        """The next number; whoever can't be sure to have used it says `forget`."""
        if workspace_id not in self._last:
            self._last[workspace_id] = await self.newest(workspace_id)
        self._last[workspace_id] += 1
        return self._last[workspace_id]

    def forget(self, workspace_ids: Iterable[WorkspaceId]) -> None:
        """Read the numbers of these anew."""
        for workspace_id in set(workspace_ids):
            self._last.pop(workspace_id, None)

    async def newest(self, workspace_id: WorkspaceId) -> int:
        """The newest number that a reader can have seen."""
        mark = await self._marks.find_one({"_id": workspace_id})
        seq = int(mark["seq"]) if mark else 0
        found = self._leads.find(numbered(workspace_id, seq), {"seq": 1})
        return max([seq, *[int(lead["seq"]) async for lead in found]])

    async def mark(self, newest: Mapping[WorkspaceId, int]) -> None:
        """Note the newest numbers."""
        await asyncio.gather(
            *(
                self._marks.bulk_write([UpdateOne({"_id": w}, {"$max": {"seq": seq}}, upsert=True)])
                for w, seq in newest.items()
            )
        )
