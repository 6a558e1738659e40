"""What follows from a log, put right from the log: after a crash, after a refusal, whenever it is loaded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from actors.ids import ConversationId, WorkspaceId
from actors.log import Conversation, ConversationKey, Entry, EntryType, standing_of
from actors.messages import Loaded, NotFound
from server.audit.audit import AuditLog
from server.conversations.entries import entry_of
from server.conversations.log_reads import LogReads
from server.conversations.log_records import records_of
from server.conversations.rows import conversation_of, key_query, standing_of_document, summary_of
from server.store.batches import batches
from server.store.database import ASCENDING, Collection, Database, Document
from server.store.storable import storable
from server.webhooks.entry_webhooks import EntryWebhooks

_log = logging.getLogger(__name__)

_SWEPT_AT_ONCE = 100
_REPAIRED_AT_ONCE = 4
"""Motor has ten threads on two cores; repairs must leave some to the writes."""

_RECORDED = [EntryType.CLAIMED.value, EntryType.RELEASED.value]


class LogRepair:
    """Reads logs and repairs what follows from them. Raises PyMongoError; every step may be repeated."""

    def __init__(self, database: Database, audit: AuditLog, webhooks: EntryWebhooks | None = None) -> None:
        self._conversations: Collection = database["conversations"]
        self._messages: Collection = database["messages"]
        self._audit_logs: Collection = database["audit_logs"]
        self._audit = audit
        self._webhooks = webhooks
        self._reads = LogReads(database)
        self._turns = asyncio.Semaphore(_SWEPT_AT_ONCE)
        self._repairs = asyncio.Semaphore(_REPAIRED_AT_ONCE)

    async def load(self, key: ConversationKey) -> Loaded | NotFound:
        """The whole log, with its summary and its audit entries durable."""
        found = await self._reads.read(key)
        if found is None:
            return NotFound()
        document, log = found
        conversation = conversation_of(document)
        async with self._repairs:
            entries = await self._entries(key, log)
            await self._repair_summary(document, conversation, entries)
            await self._audit.append_all([(key.workspace_id, r) for r in records_of(key, entries)])
            if self._webhooks is not None:
                await self._webhooks.follow((key, entry) for entry in entries)
        return Loaded(conversation, entries)

    async def read(self, key: ConversationKey, after: int, upto: int) -> tuple[Entry, ...]:
        """The entries with `after < seq <= upto`."""
        return tuple(
            entry_of(document) for document in await self._documents(key, {"$gt": after, "$lte": upto})
        )

    async def sweep(self, since: datetime | None) -> int:
        """Repair every conversation that got entries `since` then and does not show them; gives how many."""
        newest, recorded = await self._touched(since)
        behind = await self._behind(newest) | await self._unrecorded(recorded)
        await asyncio.gather(*(self._load_in_turn(key) for key in behind))
        if behind:
            _log.warning("repaired %d conversations after an unclean stop", len(behind))
        return len(behind)

    async def _load_in_turn(self, key: ConversationKey) -> None:
        async with self._turns:
            await self.load(key)

    async def _entries(self, key: ConversationKey, documents: Sequence[Document]) -> tuple[Entry, ...]:
        whole = [d for position, d in enumerate(documents, 1) if d["seq"] == position]
        if len(whole) < len(documents):
            # Nobody was told of an entry past a gap: the one missing was never durable.
            _log.warning("taking back what follows entry %d of %s", len(whole), key.conversation_id)
            await self._messages.delete_many(_range(key, {"$gt": len(whole)}))
        return tuple(entry_of(document) for document in whole)

    async def _documents(self, key: ConversationKey, seq: Document) -> list[Document]:
        return await self._messages.find(_range(key, seq), sort=[("seq", ASCENDING)]).to_list(None)

    async def _repair_summary(
        self, document: Document, conversation: Conversation, entries: Sequence[Entry]
    ) -> None:
        standing, current = standing_of(conversation, entries), document
        while standing_of_document(current) != standing:
            # Not while somebody else writes it: an update written behind may be on its way.
            query = {**key_query(conversation.key), "seq": current.get("seq")}
            result = await self._conversations.update_one(query, {"$set": summary_of(standing)})
            again = await self._conversations.find_one(key_query(conversation.key))
            if result.matched_count or again is None:
                return
            current = again

    async def _touched(
        self, since: datetime | None
    ) -> tuple[dict[ConversationKey, int], dict[str, ConversationKey]]:
        query: Document = {"created_at": {"$gte": since}} if since else {}
        newest: dict[ConversationKey, int] = {}
        recorded: dict[str, ConversationKey] = {}
        fields = {"workspace_id": 1, "conversation_id": 1, "seq": 1, "type": 1}
        async for found in self._messages.find(query, fields):
            key = ConversationKey(
                WorkspaceId(found["workspace_id"]), ConversationId(found["conversation_id"])
            )
            newest[key] = max(newest.get(key, 0), found["seq"])
            if found["type"] in _RECORDED:
                recorded[found["_id"]] = key
        return newest, recorded

    async def _behind(self, newest: dict[ConversationKey, int]) -> set[ConversationKey]:
        shown: dict[str, int] = {}
        for some in batches([key.conversation_id for key in newest]):
            async for document in self._conversations.find({"_id": {"$in": some}}, {"seq": 1}):
                shown[document["_id"]] = document.get("seq") or 0
        return {key for key, seq in newest.items() if shown.get(key.conversation_id, seq) != seq}

    async def _unrecorded(self, recorded: dict[str, ConversationKey]) -> set[ConversationKey]:
        for some in batches(list(recorded)):
            async for document in self._audit_logs.find({"_id": {"$in": some}}, {"_id": 1}):
                recorded.pop(document["_id"])
        return set(recorded.values())


def _range(key: ConversationKey, seq: Document) -> Document:
    return {
        "conversation_id": storable(key.conversation_id),
        "workspace_id": key.workspace_id,
        "seq": seq,
    }
