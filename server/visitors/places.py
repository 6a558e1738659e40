"""Which conversation is a visitor's: two documents, one after the other, whoever else does the same."""

from __future__ import annotations

from datetime import datetime

from actors.log import ConversationKey
from server.conversations.rows import key_query
from server.store.database import Collection, Document
from server.store.derived_ids import conversation_id_of
from server.store.group_insert import GroupInsert
from server.visitors.cache import KnownVisitor
from server.visitors.documents import Arrival, conversation_document, visitor_document


class Places:
    """Names a conversation in its visitor's document first, then writes it.

    What is deleted is let go of by its visitor first, and then deleted. So a conversation that is named and
    not there is still to be written, by whoever finds it so: its id follows from the visitor and from how
    many they have had, and all who write it write the same one.
    """

    def __init__(self, visitors: Collection, conversations: Collection) -> None:
        self._visitors = visitors
        self._conversations = conversations
        self.new_visitors = GroupInsert(visitors)
        self.new_conversations = GroupInsert(conversations)

    async def name_next(self, visitor: KnownVisitor, now: datetime) -> KnownVisitor:
        """The visitor as they are with their next conversation, which is named and still to be written."""
        ordinal = visitor.ordinal + 1
        following = visitor.with_conversation(ordinal, conversation_id_of(visitor.id, ordinal))
        change: Document = {
            "ordinal": ordinal,
            "conversation_id": following.conversation_id,
            "last_seen_at": now,
        }
        query: Document = {**_of(visitor), "ordinal": visitor.ordinal}
        moved = await self._visitors.update_one(query, {"$set": change})
        if not moved.matched_count:  # somebody else moved them on, or they went with what was deleted
            await self.new_visitors.insert(visitor_document(following, now))
        return following

    async def write(self, visitor: KnownVisitor, arrival: Arrival) -> bool | None:
        """Write the conversation that was named; False when somebody else did.

        None when it has been deleted since, and then it stays deleted: look again who the visitor is.
        """
        created = await self.new_conversations.insert(conversation_document(visitor, arrival))
        query: Document = {**_of(visitor), "conversation_id": visitor.conversation_id}
        if await self._visitors.find_one(query, {"_id": 1}) is not None:
            return created
        if created:
            key = ConversationKey(visitor.workspace_id, visitor.conversation_id)
            await self._conversations.delete_one(key_query(key))
        return None

    async def close(self) -> None:
        """Write what waits to be written."""
        await self.new_visitors.close()
        await self.new_conversations.close()


def _of(visitor: KnownVisitor) -> Document:
    return {"_id": visitor.id, "workspace_id": visitor.workspace_id}
