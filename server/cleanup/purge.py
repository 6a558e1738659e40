"""What goes with a conversation: its messages, leads and their jobs, its visitor. Events stay, without it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from actors.ids import ConversationId, LeadId, WorkspaceId
from server.cleanup.portions import Doomed
from server.store.database import Collection, Database, Document


class Purge:
    """Deletes inside one workspace. Raises PyMongoError; every step may be repeated.

    Its visitor lets go of a conversation first, so that nobody takes it for one that is still to be written.
    Then its document goes: from that moment on it is gone for everybody, whole. What points to it goes next,
    and is written down until it has gone.
    """

    def __init__(self, database: Database, workspace_id: WorkspaceId) -> None:
        self._database = database
        self._workspace_id = workspace_id

    async def doomed(self, ids: Sequence[ConversationId], *, only_empty: bool) -> Doomed:
        """Which of these are conversations of this workspace. Ids of others are no conversations here."""
        query: Document = {"_id": {"$in": list(ids)}, "workspace_id": self._workspace_id}
        if only_empty:
            query["user_message_count"] = 0
        found = await self._database["conversations"].find(query, {"visitor_id": 1}).to_list(None)
        return Doomed(
            tuple(ConversationId(document["_id"]) for document in found),
            tuple(document["visitor_id"] for document in found),
        )

    async def written_in(self, ids: Sequence[ConversationId]) -> set[str]:
        """In which of these the visitor wrote, by their logs: a summary may be a moment behind."""
        query: Document = {"conversation_id": {"$in": list(ids)}, "role": "user"}
        found = await self._database["messages"].find(query, {"conversation_id": 1}).to_list(None)
        return {document["conversation_id"] for document in found}

    async def conversations(self, doomed: Doomed) -> None:
        """Delete the conversations themselves, once no visitor has them."""
        await self._visitors(doomed)
        query = {"_id": {"$in": list(doomed.conversations)}, "workspace_id": self._workspace_id}
        await self._database["conversations"].delete_many(query)

    async def leads(self, doomed: Doomed) -> tuple[LeadId, ...]:
        """The leads that came from them."""
        found = await self._database["leads"].find(self._of(doomed), {"_id": 1}).to_list(None)
        return tuple({*doomed.leads, *(LeadId(document["_id"]) for document in found)})

    async def belongings(self, doomed: Doomed) -> None:
        """Delete messages, leads and what was kept of telling others; keep events."""
        events: Collection = self._database["analytics_events"]
        await asyncio.gather(
            self._database["messages"].delete_many(self._of(doomed)),
            self._database["leads"].delete_many(self._of(doomed)),
            self._database["webhook_deliveries"].delete_many(self._of(doomed)),
            events.update_many(self._of(doomed), {"$set": {"conversation_id": None}}),
            self._database["jobs"].delete_many(self._of(doomed, "payload.conversation_id")),
        )

    async def jobs(self, doomed: Doomed) -> None:
        """Delete what was still to be done about their leads."""
        if not doomed.leads:
            return
        leads = list(doomed.leads)
        await self._database["jobs"].delete_many(
            {"payload.lead_id": {"$in": leads}, "workspace_id": self._workspace_id}
        )

    async def _visitors(self, doomed: Doomed) -> None:
        """A visitor who had only this goes with it; one who had others before only loses their place."""
        visitors: Collection = self._database["visitors"]
        query: Document = {
            "_id": {"$in": list(doomed.visitors)},
            "conversation_id": {"$in": list(doomed.conversations)},
        }
        await visitors.delete_many({**query, "ordinal": 1})
        await visitors.update_many(query, {"$set": {"conversation_id": None}})

    def _of(self, doomed: Doomed, field: str = "conversation_id") -> Document:
        return {
            field: {"$in": list(doomed.conversations)},
            "workspace_id": self._workspace_id,
        }
