"""What conversations are called by their leads, in documents that an earlier version wrote without it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from actors.ids import ConversationId, WorkspaceId
from actors.lead import Lead
from server.leads.documents import lead_of
from server.store.backfill import Backfill
from server.store.database import Collection, Database, Document, UpdateOne
from server.store.persistence import Persistence
from server.store.storable import storable

_log = logging.getLogger(__name__)


def named_by(leads: Iterable[Lead]) -> Mapping[ConversationId, Document]:
    """What the documents of their conversations say of them; of several leads the one that came last."""
    last = {lead.conversation_id: lead for lead in sorted(leads, key=_came_at)}
    return {
        conversation_id: {"has_lead": True, "lead_name": storable(lead.called)}
        for conversation_id, lead in last.items()
    }


class LeadNames:
    """Names every conversation that has a lead, once, in the background; the newest leads' first."""

    def __init__(self, database: Database, persistence: Persistence | None = None) -> None:
        self._conversations: Collection = database["conversations"]
        self._leads: Collection = database["leads"]
        self._backfill = Backfill(database, "conversations.lead_name", "leads", "captured_at", self._fill)
        self._persistence = persistence or Persistence()

    async def run(self) -> None:
        """Do what is left to do."""
        count = await self._backfill.run("naming conversations by their leads", self._persistence)
        if count:
            _log.info("named %d conversations by their leads", count)

    async def _fill(self, workspace_id: WorkspaceId, documents: Sequence[Document]) -> int:
        ids = [document["conversation_id"] for document in documents]
        nameless: Document = {"workspace_id": workspace_id, "lead_name": {"$exists": False}}
        query: Document = {"_id": {"$in": ids}, **nameless}
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
