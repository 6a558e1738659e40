"""Events that the last run did not get to write, found from the logs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from actors.analytics import EntryEvents, Event, started
from actors.ids import ConversationId, WorkspaceId
from actors.log import ConversationKey, Entry, EntryType
from server.conversations.entries import entry_of
from server.store.batches import batches
from server.store.database import ASCENDING, Collection, Database, Document

_FIELDS = {
    "workspace_id": 1,
    "conversation_id": 1,
    "seq": 1,
    "type": 1,
    "role": 1,
    "known": 1,
    "taken_from_id": 1,
    "created_at": 1,
}


class AnalyticsRepair:
    """Reads the entries since an instant, and what is stored of their events."""

    def __init__(self, database: Database) -> None:
        self._messages: Collection = database["messages"]
        self._events: Collection = database["analytics_events"]

    async def missing(self, since: datetime | None) -> list[Event]:
        """The events of entries made since then that are not stored. Raises PyMongoError."""
        query: Document = {"created_at": {"$gte": since}} if since else {}
        found = await self._messages.find(query, _FIELDS).to_list(None)
        found.sort(key=_place)
        events: dict[str, Event] = {}
        for _, documents in groupby(found, key=lambda document: _place(document)[:2]):
            for event in await self._of_conversation(list(documents)):
                events.setdefault(event.id, event)
        stored = await self._stored(list(events))
        return [event for event in events.values() if event.id not in stored]

    async def _of_conversation(self, documents: Sequence[Document]) -> list[Event]:
        first = documents[0]
        key = ConversationKey(WorkspaceId(first["workspace_id"]), ConversationId(first["conversation_id"]))
        made, entries = EntryEvents(), [entry_of(document) for document in documents]
        made.of(key, await self._before(key, entries))
        begun = [started(key, entries[0].created_at)] if entries[0].seq == 1 else []
        return [*begun, *made.of(key, entries)]

    async def _before(self, key: ConversationKey, entries: Iterable[Entry]) -> list[Entry]:
        """What came before a claim, which tells how long the visitor had waited."""
        if not any(entry.type is EntryType.CLAIMED for entry in entries):
            return []
        query = {
            "conversation_id": key.conversation_id,
            "workspace_id": key.workspace_id,
            "seq": {"$lt": min(entry.seq for entry in entries)},
        }
        earlier = await self._messages.find(query, _FIELDS, sort=[("seq", ASCENDING)]).to_list(None)
        return [entry_of(document) for document in earlier]

    async def _stored(self, ids: Sequence[str]) -> set[str]:
        stored: set[str] = set()
        for some in batches(ids):
            found = await self._events.find({"_id": {"$in": some}}, {"_id": 1}).to_list(None)
            stored |= {document["_id"] for document in found}
        return stored


def _place(document: Document) -> tuple[str, str, int]:
    return (document["workspace_id"], document["conversation_id"], int(document["seq"]))
