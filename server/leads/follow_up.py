"""What follows from leads once they are durable: their jobs in `jobs`, the mark on their conversations."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from actors.ids import LeadId
from actors.lead import Lead
from server.jobs.outbox import Outbox
from server.leads.documents import lead_of
from server.leads.names import named_by
from server.leads.numbers import LeadNumbers
from server.store.batches import batches
from server.store.database import Collection, Database, Document, UpdateOne
from server.store.group_commit import GroupCommit
from server.store.persistence import Persistence

_log = logging.getLogger(__name__)

_CHUNK = 500
_AT_ONCE = 100


class LeadFollowUp:
    """Works from the leads' own documents, so that a sweep after a crash is the same work.

    Every step may be repeated: job ids are derived from the lead's.
    """

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        numbers: LeadNumbers,
        persistence: Persistence,
        captured: Callable[[Sequence[Lead]], None] | None = None,
    ) -> None:
        self._captured = captured
        self._leads: Collection = database["leads"]
        self._conversations: Collection = database["conversations"]
        self._outbox = outbox
        self._numbers = numbers
        self._persistence = persistence
        self._commits: GroupCommit[LeadId] = GroupCommit(self._follow, _AT_ONCE)

    def add(self, lead_ids: Iterable[LeadId]) -> None:
        """These leads are durable."""
        for lead_id in lead_ids:
            self._commits.add(lead_id)

    async def sweep(self) -> int:
        """Do what the last run left out; gives for how many leads. Raises PyMongoError."""
        found = await self._leads.find({"jobs_pending": True}, {"_id": 1}).to_list(None)
        ids = [LeadId(document["_id"]) for document in found]
        for some in batches(ids):
            await self._follow_once(some)
        if ids:
            _log.warning("made the jobs of %d leads after an unclean stop", len(ids))
        return len(ids)

    async def drained(self) -> None:
        """Wait until all is done."""
        await self._commits.drained()

    async def passed(self) -> None:
        """Wait until what was being done at the call is done."""
        await self._commits.passed()

    async def cancel(self) -> None:
        """Leave the rest to the next start."""
        await self._commits.cancel()

    async def _follow(self, lead_ids: Sequence[LeadId]) -> None:
        await self._persistence.until_done("making the jobs of leads", lambda: self._follow_once(lead_ids))

    async def _follow_once(self, lead_ids: Sequence[LeadId]) -> None:
        query: Document = {"_id": {"$in": list(lead_ids)}, "jobs_pending": True}
        documents = await self._leads.find(query).to_list(None)
        if not documents:
            return
        jobs = [job for document in documents for job in document.get("jobs") or ()]
        for start in range(0, len(jobs), _CHUNK):
            await self._outbox.add_documents(jobs[start : start + _CHUNK])
        leads = [lead_of(document) for document in documents]
        named = [UpdateOne({"_id": each}, {"$set": change}) for each, change in named_by(leads).items()]
        await self._conversations.bulk_write(named, ordered=False)
        if self._captured:
            self._captured(leads)
        await self._numbers.mark({w: _newest(leads, w) for w in {lead.workspace_id for lead in leads}})
        await self._leads.bulk_write(list(_finished(leads)), ordered=False)


def _newest(leads: Sequence[Lead], workspace_id: str) -> int:
    return max(lead.seq for lead in leads if lead.workspace_id == workspace_id)


def _finished(leads: Sequence[Lead]) -> Iterable[UpdateOne]:
    # Only at the revision whose jobs were read: one that came meanwhile brings jobs of its own.
    for lead in leads:
        yield UpdateOne(
            {"_id": lead.id, "revision": lead.revision},
            {"$unset": {"jobs": ""}, "$set": {"jobs_pending": False}},
        )
