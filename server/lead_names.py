"""What conversations are called by their leads, in documents that an earlier version wrote without it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from actors.ids import ConversationId, WorkspaceId
from actors.lead import Lead
from server.cursors import milliseconds
from server.database import Collection, Database, Document, UpdateOne
from server.entries import storable
from server.lead_documents import lead_of
from server.newest_first import NewestFirst, Wanted, by_time
from server.persistence import Persistence

_log = logging.getLogger(__name__)

_DONE = "conversations.lead_name"
_AT_ONCE = 200
_REST = 2.0  # the database is left alone for twice as long as it was used
_CLOCKS = timedelta(hours=1)  # that others may be ahead of ours


def named_by(leads: Iterable[Lead]) -> Mapping[ConversationId, Document]:
    """What the documents of their conversations say of them; of several leads the one that came last."""
    last = {lead.conversation_id: lead for lead in sorted(leads, key=_came_at)}
    return {
        conversation_id: {"has_lead": True, "lead_name": storable(lead.called)}
        for conversation_id, lead in last.items()
    }


class LeadNames:
    """Names every conversation that has a lead, once, in the background; the newest leads' first.

    A run that ends half-way leaves nothing to clear up: the next one passes over what has a name.
    """

    def __init__(self, database: Database, persistence: Persistence | None = None) -> None:
        self._meta: Collection = database["meta"]
        self._workspaces: Collection = database["workspaces"]
        self._conversations: Collection = database["conversations"]
        self._leads: Collection = database["leads"]
        self._persistence = persistence or Persistence()

    async def run(self) -> None:
        """Do what is left to do."""
        await self._persistence.until_done("naming conversations by their leads", self._all)

    async def _all(self) -> None:
        if await self._meta.find_one({"_id": _DONE}) is not None:
            return
        newest = milliseconds(datetime.now(UTC) + _CLOCKS)
        count = 0
        async for workspace in self._workspaces.find({}, {"_id": 1}):
            count += await self._one(WorkspaceId(workspace["_id"]), newest)
        await self._meta.update_one({"_id": _DONE}, {"$set": {"count": count}}, upsert=True)
        if count:
            _log.info("named %d conversations by their leads", count)

    async def _one(self, workspace_id: WorkspaceId, newest: int) -> int:
        listed = NewestFirst(self._leads, Wanted({"workspace_id": workspace_id}), by_time("captured_at"))
        count, after = 0, None
        while True:
            began = time.monotonic()
            page = await listed.page(newest, after, _AT_ONCE)
            ids = [document["conversation_id"] for document in page.documents]
            count, after = count + await self._name(workspace_id, ids), page.next
            if after is None:
                return count
            await asyncio.sleep(_REST * (time.monotonic() - began))

    async def _name(self, workspace_id: WorkspaceId, ids: Sequence[str]) -> int:
        nameless: Document = {"workspace_id": workspace_id, "lead_name": {"$exists": False}}
        query: Document = {"_id": {"$in": list(ids)}, **nameless}
        found = [each["_id"] async for each in self._conversations.find(query, {"_id": 1})]
        if not found:
            return 0
        # All leads of theirs: the one that came last may stand on another page.
        query = {"workspace_id": workspace_id, "conversation_id": {"$in": found}}
        named = named_by([lead_of(each) async for each in self._leads.find(query, {"jobs": 0})])
        # One that has got a lead since says so by itself.
        changes = [UpdateOne({"_id": each, **nameless}, {"$set": change}) for each, change in named.items()]
        if changes:
            await self._conversations.bulk_write(changes, ordered=False)
        return len(changes)


def _came_at(lead: Lead) -> datetime:
    return lead.updated_at or lead.captured_at
