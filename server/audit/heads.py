"""Where each workspace's audit chain ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.audit.chain import Head, head_after
from server.store.database import DESCENDING, Collection, Database, UpdateOne

_NOTE_EVERY = 100


class AuditHeads:
    """The heads, in memory once read.

    Now and then a head is noted in `meta`: the embedded engine sorts all that a query for the newest entry
    matches, so the query had better begin near the end. A note may be old or missing, never wrong.
    """

    def __init__(self, database: Database) -> None:
        self._entries: Collection = database["audit_logs"]
        self._notes: Collection = database["meta"]
        self._known: dict[str, Head] = {}
        self._noted: dict[str, int] = {}

    async def of(self, workspace_id: str) -> Head:
        """The head of a chain, from the database when it is not known."""
        if workspace_id not in self._known:
            note = await self._notes.find_one({"_id": _note_id(workspace_id)})
            noted = int(note["chain_seq"]) if note else 1
            head = await self._newest(workspace_id, noted)
            self._known[workspace_id] = head or await self._newest(workspace_id, 1) or Head()
            self._noted[workspace_id] = noted
        return self._known[workspace_id]

    async def moved(self, heads: Mapping[str, Head]) -> None:
        """The chains end here now."""
        self._known.update(heads)
        notes = {w: h.chain_seq for w, h in heads.items() if h.chain_seq - self._noted[w] >= _NOTE_EVERY}
        if notes:
            updates = [
                UpdateOne({"_id": _note_id(w)}, {"$max": {"chain_seq": seq}}, upsert=True)
                for w, seq in notes.items()
            ]
            await self._notes.bulk_write(updates, ordered=False)
            self._noted.update(notes)

    def forget(self, workspace_ids: Iterable[str]) -> None:
        """Read these anew next time: a write to them may or may not have happened."""
        for workspace_id in workspace_ids:
            self._known.pop(workspace_id, None)

    async def _newest(self, workspace_id: str, at_least: int) -> Head | None:
        query = {"workspace_id": workspace_id, "chain_seq": {"$gte": at_least}}
        newest = await self._entries.find_one(
            query, {"chain_seq": 1, "hash": 1}, sort=[("chain_seq", DESCENDING)]
        )
        return head_after(newest) if newest else None


def _note_id(workspace_id: str) -> str:
    return f"audit:{workspace_id}"
