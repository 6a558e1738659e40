"""Conversations and their entries, always inside one workspace."""

from __future__ import annotations

from actors.ids import ConversationId, WorkspaceId
from actors.log import ConversationKey, Entry, EntryType
from server.conversations.entries import entry_of
from server.conversations.rows import ConversationRow, key_query, row_of
from server.store.database import ASCENDING, Collection, Database, Document
from server.store.storable import storable

__all__ = ["ConversationRow", "Transcripts"]


class Transcripts:
    """Reads what is durable. A conversation of another workspace is like an unknown one: there is nothing."""

    def __init__(self, database: Database, workspace_id: WorkspaceId) -> None:
        self._conversations: Collection = database["conversations"]
        self._messages: Collection = database["messages"]
        self._workspace_id = workspace_id

    async def conversation(self, conversation_id: ConversationId) -> ConversationRow | None:
        """The conversation, or None."""
        key = ConversationKey(self._workspace_id, conversation_id)
        document = await self._conversations.find_one(key_query(key))
        return row_of(document) if document else None

    async def entries(
        self, conversation_id: ConversationId, after: int = 0, limit: int = 500
    ) -> tuple[Entry, ...]:
        """The first `limit` entries after seq `after`, by seq."""
        return await self._between(conversation_id, after, after + limit)

    async def newest(self, conversation_id: ConversationId, limit: int = 200) -> tuple[Entry, ...]:
        """The last `limit` entries, by seq. There are older ones when the first has a seq above 1."""
        row = await self.conversation(conversation_id)
        if row is None:
            return ()
        # The document may lag behind the log, so its seq is only about where the log ends.
        entries = await self._between(conversation_id, max(0, row.standing.seq - limit), None)
        return entries[-limit:]

    async def messages(self, conversation_id: ConversationId) -> tuple[Entry, ...]:
        """Every message, by seq, without the other entries."""
        query = {**self._of(conversation_id), "type": EntryType.MESSAGE.value}
        return await self._read(query)

    async def _between(
        self, conversation_id: ConversationId, after: int, upto: int | None
    ) -> tuple[Entry, ...]:
        seq = {"$gt": after} if upto is None else {"$gt": after, "$lte": upto}
        return await self._read({**self._of(conversation_id), "seq": seq})

    async def _read(self, query: Document) -> tuple[Entry, ...]:
        documents = await self._messages.find(query, sort=[("seq", ASCENDING)]).to_list(None)
        return tuple(entry_of(document) for document in documents)

    def _of(self, conversation_id: ConversationId) -> Document:
        return {"conversation_id": storable(conversation_id), "workspace_id": self._workspace_id}
