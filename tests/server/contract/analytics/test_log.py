from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

import pytest

from actors.analytics import Event, EventType, loaded
from actors.log import Entry, Speaker
from actors.messages import Loaded
from server.analytics.log import MOST_WAITING, AnalyticsLog
from server.audit.audit import AuditLog
from server.conversations.entries import entry_document
from server.conversations.journal import Journal
from server.store.database import Database, Document
from tests.support.faulty_database import FaultyDatabase
from tests.support.logs import BEGAN, Log, add_conversations


@pytest.fixture
async def analytics(faults: FaultyDatabase) -> AsyncGenerator[AnalyticsLog, None]:
    log = AnalyticsLog(faults)
    yield log
    faults.away = False
    await log.close()


async def stored(database: Database) -> list[Document]:
    return await database["analytics_events"].find({}, sort=[("at", 1), ("type", 1)]).to_list(None)


def talk() -> Log:
    log = Log()
    for step in (log.message, log.waiting, log.claimed, log.released):
        step()
    return log


async def test_events_have_the_fields_of_the_contract(analytics: AnalyticsLog, repository_database: Database):
    log = talk()
    analytics.committed(log.key, log.entries)
    await analytics.passed()
    found = await stored(repository_database)
    assert [document["type"] for document in found] == [
        "conversation.engaged",
        "conversation.person",
        "conversation.waiting",
        "conversation.claimed",
        "conversation.released",
    ]
    claimed = found[3]
    assert {claimed["workspace_id"], claimed["conversation_id"]} == {"w1", "c1"}
    assert (claimed["at"], claimed["waited_s"]) == (log.entries[2].created_at, 1)
    assert all(isinstance(document["_id"], str) for document in found)


async def test_the_same_event_is_stored_once(analytics: AnalyticsLog, repository_database: Database):
    log = talk()
    for _ in range(2):
        analytics.committed(log.key, log.entries)
        analytics.note(loaded(log.key, BEGAN))
    await analytics.passed()
    await analytics.passed()
    assert len(await stored(repository_database)) == 6


async def test_a_lost_reply_changes_nothing(
    analytics: AnalyticsLog, faults: FaultyDatabase, repository_database: Database
):
    faults.lose_replies["analytics_events.insert_many"] = 1
    log = talk()
    analytics.committed(log.key, log.entries)
    await analytics.passed()
    assert len(await stored(repository_database)) == 5


async def test_taking_events_never_waits_and_is_bounded(analytics: AnalyticsLog, faults: FaultyDatabase):
    faults.away = True
    event = loaded(talk().key, BEGAN)
    assert all(analytics.note(replace(event, id=f"e{number}")) for number in range(MOST_WAITING))
    assert not analytics.note(event)
    assert analytics.dropped == 1
    assert analytics.oldest() == BEGAN
    assert not await analytics.close(within_s=0.05)


async def test_whoever_deletes_waits_for_what_was_noted(
    analytics: AnalyticsLog, faults: FaultyDatabase, repository_database: Database
):
    gate = faults.gates["analytics_events.insert_many"] = asyncio.Event()
    log = talk()
    analytics.committed(log.key, log.entries[:1])
    await asyncio.sleep(0)
    analytics.committed(log.key, log.entries[1:])
    passed = asyncio.ensure_future(analytics.passed())
    assert not (await asyncio.wait({passed}, timeout=0.05))[0]
    gate.set()
    await passed
    assert len(await stored(repository_database)) == 5


async def test_the_journal_is_followed_behind_its_acks(
    analytics: AnalyticsLog, faults: FaultyDatabase, repository_database: Database
):
    gate = faults.gates["analytics_events.insert_many"] = asyncio.Event()
    log = Log()
    await add_conversations(repository_database, log)
    journal = Journal(faults, AuditLog(faults), follower=analytics)
    told: asyncio.Queue[object] = asyncio.Queue()
    journal.load(log.key, told.put_nowait)
    assert isinstance(await told.get(), Loaded)
    journal.append(log.key, [log.message()], log.standing, told.put_nowait)
    await asyncio.wait_for(told.get(), 2)  # while events cannot be written
    assert analytics.oldest() == log.entries[0].created_at
    gate.set()
    await analytics.passed()
    assert [document["type"] for document in await stored(repository_database)] == ["conversation.engaged"]
    await journal.close()


async def test_a_start_writes_what_a_crash_left_out(faults: FaultyDatabase, repository_database: Database):
    log = talk()
    answer = replace(log.message("I don't know."), role=Speaker.BOT, known=False)
    entries: list[Entry] = [*log.entries[:-1], answer]
    await repository_database["messages"].insert_many([entry_document(log.key, entry) for entry in entries])
    first = AnalyticsLog(faults)
    assert await first.start() == 7
    found = await stored(repository_database)
    assert [each["waited_s"] for each in found if each["type"] == EventType.CLAIMED] == [1]
    assert {"conversation.started", "bot.not_known"} <= {document["type"] for document in found}
    assert await AnalyticsLog(faults).start() == 0


async def test_a_claim_after_the_checkpoint_knows_who_waited_before_it(
    faults: FaultyDatabase, repository_database: Database
):
    log = talk()
    await repository_database["messages"].insert_many([entry_document(log.key, e) for e in log.entries])
    since = log.entries[2].created_at
    checkpoint: Document = {"_id": "journal", "checkpoint_at": since}
    await repository_database["meta"].insert_one(checkpoint)
    analytics = AnalyticsLog(faults)
    await analytics.start()
    found = await stored(repository_database)
    assert [each.get("waited_s") for each in found if each["type"] == "conversation.claimed"] == [1]


async def test_watchers_are_told_of_what_is_stored(analytics: AnalyticsLog, faults: FaultyDatabase):
    seen: list[tuple[Sequence[Event], Sequence[Event]]] = []
    analytics.watch(lambda stored, doubtful: seen.append((stored, doubtful)))
    log = talk()
    for _ in range(2):  # the second time they are stored already
        analytics.committed(log.key, log.entries)
        await analytics.passed()
    faults.lose_replies["analytics_events.insert_many"] = 1
    analytics.note(loaded(log.key, BEGAN))
    await analytics.passed()
    assert [(len(stored), len(doubtful)) for stored, doubtful in seen] == [(5, 0), (0, 0), (0, 1)]
