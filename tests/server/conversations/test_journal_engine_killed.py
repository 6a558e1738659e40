from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from actors.messages import Committed, Loaded
from server.audit.audit import AuditLog
from server.conversations.journal import Journal
from server.store.embedded import EmbeddedEngine
from server.store.mongo import Database, connect, ensure_indexes
from server.store.persistence import Persistence
from tests.support.logs import Log, add_conversations, stored_seqs
from tests.support.waiting import until

CONVERSATIONS = 20
EACH = 30
KILLS = 3


async def talk(journal: Journal, log: Log, told: list[tuple[str, int]]) -> None:
    """Append one entry after the other, each when the one before is told; every tenth is a claim."""
    for number in range(EACH):
        entry = log.claimed() if number % 10 == 9 else log.message(f"{log.key.conversation_id} {number}")
        done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        journal.append(log.key, [entry], log.standing, done.set_result)
        assert await done == Committed(entry.seq)
        told.append((log.key.conversation_id, entry.seq))


async def kill_now_and_then(engine: EmbeddedEngine, told: list[tuple[str, int]]) -> None:
    """Kill the engine while entries are on their way, each time after some more were told."""
    for kill in range(1, KILLS + 1):
        wanted = kill * CONVERSATIONS * EACH // (KILLS + 1)
        await until(lambda wanted=wanted: len(told) >= wanted and engine.pid is not None, 60)
        assert engine.pid is not None
        os.kill(engine.pid, signal.SIGKILL)


async def assert_all_is_there_once(database: Database, logs: list[Log]) -> None:
    for log in logs:
        assert await stored_seqs(database, log.key) == list(range(1, EACH + 1))
    claims = await database["audit_logs"].count_documents({"action": "conversation.claimed"})
    assert claims == CONVERSATIONS * EACH // 10


@pytest.mark.slow
async def test_an_engine_that_is_killed_loses_nothing_that_was_told(tmp_path: Path):
    engine = EmbeddedEngine(tmp_path)
    connection = await connect(await engine.start(), "baton")
    try:
        await ensure_indexes(connection.database)
        persistence = Persistence()
        audit = AuditLog(connection.database, persistence)
        journal = Journal(connection.database, audit, persistence)
        await journal.start()
        logs = [Log(f"c{number}") for number in range(CONVERSATIONS)]
        await add_conversations(connection.database, *logs)
        told: list[tuple[str, int]] = []
        async with asyncio.timeout(120):
            await asyncio.gather(kill_now_and_then(engine, told), *(talk(journal, log, told) for log in logs))
        await assert_all_is_there_once(connection.database, logs)
        assert (await audit.verify(logs[0].key.workspace_id)).ok
        loaded: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        journal.load(logs[0].key, loaded.set_result)
        assert await loaded == Loaded(logs[0].conversation, tuple(logs[0].entries))
        assert await journal.close()
        assert len(told) == len(set(told)) == CONVERSATIONS * EACH
    finally:
        connection.close()
        await engine.stop()
