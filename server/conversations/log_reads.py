"""Conversations with their whole logs, read many at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from actors.ids import WorkspaceId
from actors.log import ConversationKey
from server.store.database import Collection, Database, Document
from server.store.group_commit import GroupCommit
from server.store.storable import storable

MOST_AT_ONCE = 50
"""On the embedded engine a conversation costs 0.3 ms in a read of 20 to 100, and 2.8 ms alone: when all come
back at once, or a thousand are claimed, that is the wait."""

ConversationLog: TypeAlias = tuple[Document, list[Document]]
"""The conversation's document, and the documents of its entries by seq."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    key: ConversationKey
    found: asyncio.Future[ConversationLog | None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def give(self, log: ConversationLog | None) -> None:
        """Answer, unless whoever asked has gone."""
        if not self.found.done():
            self.found.set_result(log)

    def fail(self, error: Exception) -> None:
        """The same when it could not be read."""
        if not self.found.done():
            self.found.set_exception(error)


class LogReads:
    """What is asked for while a read is under way is read together, next."""

    def __init__(self, database: Database) -> None:
        self._conversations: Collection = database["conversations"]
        self._messages: Collection = database["messages"]
        self._reads: GroupCommit[_Wanted] = GroupCommit(self._read, MOST_AT_ONCE)

    async def read(self, key: ConversationKey) -> ConversationLog | None:
        """As it is after the call; None when the workspace has no such conversation. Raises PyMongoError."""
        wanted = _Wanted(key)
        self._reads.add(wanted)
        return await wanted.found

    async def _read(self, batch: Sequence[_Wanted]) -> None:
        asked: dict[WorkspaceId, list[_Wanted]] = {}
        for wanted in batch:
            asked.setdefault(wanted.key.workspace_id, []).append(wanted)
        for workspace_id, some in asked.items():
            try:
                found = await self._logs(workspace_id, [storable(each.key.conversation_id) for each in some])
            except Exception as error:  # noqa: BLE001 - whatever it is, they who wait must hear of it
                for each in some:
                    each.fail(error)
            else:
                for each in some:
                    each.give(found.get(storable(each.key.conversation_id)))

    async def _logs(self, workspace_id: WorkspaceId, ids: list[str]) -> dict[str, ConversationLog]:
        within: Document = {"workspace_id": workspace_id}
        conversations = await self._conversations.find({"_id": {"$in": ids}, **within}).to_list(None)
        query = {"conversation_id": {"$in": ids}, **within, "seq": {"$gt": 0}}
        entries = await self._messages.find(query).to_list(None)
        logs: dict[str, ConversationLog] = {each["_id"]: (each, []) for each in conversations}
        for entry in sorted(entries, key=lambda entry: entry["seq"]):
            if entry["conversation_id"] in logs:
                logs[entry["conversation_id"]][1].append(entry)
        return logs
