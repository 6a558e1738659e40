from __future__ import annotations

import asyncio

from actors.ids import WorkspaceId
from actors.log import ConversationKey
from server.conversations.entries import entry_document
from server.conversations.log_reads import LogReads
from server.store.database import Database
from tests.support.faulty_database import FaultyDatabase
from tests.support.logs import Log, add_conversations


async def kept(database: Database, *conversation_ids: str) -> list[Log]:
    logs = [Log(conversation_id) for conversation_id in conversation_ids]
    for log in logs:
        log.message(f"Hello from {log.key.conversation_id}")
        log.waiting()
    await add_conversations(database, *logs)
    for log in logs:
        await database["messages"].insert_many([entry_document(log.key, e) for e in reversed(log.entries)])
    return logs


async def test_each_gets_its_own_log_in_order(faults: FaultyDatabase):
    logs = await kept(faults, "c1", "c2", "c3")
    reads = LogReads(faults)
    found = await asyncio.gather(*(reads.read(log.key) for log in logs))
    for log, got in zip(logs, found, strict=True):
        assert got is not None
        document, entries = got
        assert document["_id"] == log.key.conversation_id
        assert [entry["_id"] for entry in entries] == [f"{log.key.conversation_id}:{n}" for n in (1, 2)]


async def test_what_is_not_there_or_of_another_workspace_is_not_found(faults: FaultyDatabase):
    (log,) = await kept(faults, "c1")
    reads = LogReads(faults)
    elsewhere = ConversationKey(WorkspaceId("another"), log.key.conversation_id)
    missing = Log("c9").key
    found = await asyncio.gather(reads.read(elsewhere), reads.read(missing), reads.read(log.key))
    assert found[0] is None
    assert found[1] is None
    assert found[2] is not None
