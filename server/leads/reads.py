"""Which leads a member has read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actors.ids import UserId, WorkspaceId
from actors.lead import Lead
from server.leads.numbers import LeadNumbers, numbered
from server.store.database import Collection, Database

MOST_COUNTED = 99
"""A badge says 99+ beyond this."""

_MOST_MARKS = 500


@dataclass(frozen=True, slots=True)
class ReadMarks:
    """Leads up to number `upto` are read, and those whose numbers are in `also`."""

    upto: int = 0
    also: frozenset[int] = frozenset()

    def has(self, lead: Lead) -> bool:
        """Whether a lead is read; one without a number, which somebody else wrote, always is."""
        return lead.seq <= self.upto or lead.seq in self.also

    def shortened(self) -> ReadMarks:
        """The same, with marks that follow one another folded; very old gaps count as read."""
        upto, also = self.upto, set(self.also)
        while upto + 1 in also or len(also) > _MOST_MARKS:
            upto = upto + 1 if upto + 1 in also else min(also)
            also = {seq for seq in also if seq > upto}
        return ReadMarks(upto, frozenset(also))


class LeadReads:
    """Read marks, one document for each member of the workspace."""

    def __init__(self, database: Database, workspace_id: WorkspaceId) -> None:
        self._reads: Collection = database["lead_reads"]
        self._leads: Collection = database["leads"]
        self._numbers = LeadNumbers(database)
        self._workspace_id = workspace_id

    async def of(self, user_id: UserId) -> ReadMarks:
        """What a member has read."""
        document = await self._reads.find_one({"_id": self._id(user_id)})
        if document is None:
            return ReadMarks()
        return ReadMarks(int(document.get("upto") or 0), frozenset(document.get("also") or ()))

    async def mark(self, user_id: UserId, lead: Lead) -> None:
        """A member has opened a lead."""
        await self._write(user_id, {"$addToSet": {"also": lead.seq}})
        marks = await self.of(user_id)
        shorter = marks.shortened()
        if shorter != marks:
            update: dict[str, Any] = {
                "$max": {"upto": shorter.upto},
                "$pull": {"also": {"$lte": shorter.upto}},
            }
            await self._write(user_id, update)

    async def begin(self, user_id: UserId) -> None:
        """Somebody becomes a member, or one again: they start with what comes from now on."""
        await self.mark_all(user_id, await self._numbers.newest(self._workspace_id))

    async def mark_all(self, user_id: UserId, upto: int) -> None:
        """A member has seen every lead up to a number."""
        await self._write(user_id, {"$max": {"upto": upto}, "$pull": {"also": {"$lte": upto}}})

    async def unread(self, user_id: UserId) -> int:
        """How many leads a member has not read, counted to 100."""
        marks, newest = await self.of(user_id), await self._numbers.newest(self._workspace_id)
        most, unread, upper = MOST_COUNTED + 1, 0, newest
        # By number, newest first, as many as may be enough: the embedded engine reads all that a query
        # matches, whatever the limit, which took 0.7 s for 20,000 unread leads. Numbers have few gaps.
        width = most + len(marks.also)
        while unread < most and upper > marks.upto:
            lower = max(marks.upto, upper - width)
            found = self._leads.find(numbered(self._workspace_id, lower, upper), {"seq": 1})
            unread += sum([1 async for lead in found if lead["seq"] not in marks.also])
            upper, width = lower, 4 * width
        return min(unread, most)

    async def _write(self, user_id: UserId, update: dict[str, Any]) -> None:
        owned = {"workspace_id": self._workspace_id, "user_id": user_id}
        await self._reads.update_one({"_id": self._id(user_id)}, {**update, "$set": owned}, upsert=True)

    def _id(self, user_id: UserId) -> str:
        return f"{self._workspace_id}:{user_id}"
