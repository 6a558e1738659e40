from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from actors.ids import ConversationId, UserId, WorkspaceId
from actors.log import ConversationKey, Origin
from actors.messages import CleanupProgress, Loaded, NotFound
from server.audit.audit import AuditLog
from server.cleanup.erasure import Erasure
from server.cleanup.portions import Doomed, Order, Portions
from server.conversations.journal import Journal
from server.store.batches import IDS_AT_ONCE
from server.store.database import AutoReconnect, Database, Document
from tests.support.faulty_database import FaultyDatabase
from tests.support.logs import WORKSPACE, Log, add_conversations, stored_seqs
from tests.support.waiting import until

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ORDER = Order("o1", WORKSPACE, UserId("u-ada"), NOW, Origin("192.0.2.9", "Browser/2"))
OTHERS = WorkspaceId("w2")


@dataclass
class WhoIsLive:
    """The directory: who was told, and who takes their time to leave."""

    told: list[str] = field(default_factory=list)
    stay: set[ConversationKey] = field(default_factory=set)
    progress: list[CleanupProgress] = field(default_factory=list)

    def erase(self, keys: Any) -> None:
        self.told += [key.conversation_id for key in keys]

    def is_live(self, key: ConversationKey) -> bool:
        return key in self.stay

    def show_progress(self, workspace_id: WorkspaceId, progress: CleanupProgress) -> None:
        self.progress.append(progress)


@dataclass
class Stage:
    faults: FaultyDatabase
    make_journal: Callable[..., Journal]
    live: WhoIsLive = field(default_factory=WhoIsLive)
    forgotten: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.journal = self.make_journal()
        self.audit = AuditLog(self.faults)
        self.erasure = self.process()

    def process(self) -> Erasure:
        """Another run on the same database."""
        return Erasure(self.faults, self.journal, self.audit, self.live, forget=[self.forgotten.append])

    async def erase(self, *ids: str, **order: Any) -> int:
        wanted = [ConversationId(each) for each in ids]
        return await (await self.erasure.erase(replace(ORDER, **order), wanted))

    async def ids(self, collection: str) -> set[str]:
        return {d["_id"] for d in await self.faults[collection].find({}).to_list(None)}

    async def audited(self) -> list[Document]:
        return await self.faults["audit_logs"].find({}, sort=[("chain_seq", 1)]).to_list(None)


@pytest.fixture
async def stage(faults: FaultyDatabase, make_journal: Callable[..., Journal]) -> AsyncGenerator[Stage]:
    stage = Stage(faults, make_journal)
    yield stage
    faults.away = False
    await stage.erasure.close()
    await stage.audit.close()


async def write(journal: Journal, log: Log, *texts: str) -> None:
    told: list[object] = []
    for text in texts:
        journal.append(log.key, [log.message(text)], log.standing, told.append)
    await until(lambda: len(told) == len(texts))
    await journal.settled()


async def belongings(database: Database, log: Log) -> None:
    """What else points to a conversation."""
    conversation_id, workspace_id = log.key.conversation_id, log.key.workspace_id
    lead_id = f"lead-{conversation_id}"
    of = {"workspace_id": workspace_id, "conversation_id": conversation_id}
    await database["leads"].insert_one({"_id": lead_id, **of, "captured_at": NOW, "contact_key": None})
    job = {"workspace_id": workspace_id, "status": "pending", "run_at": NOW, "payload": {"lead_id": lead_id}}
    await database["jobs"].insert_one({"_id": f"{lead_id}:mail:u1", **job})
    told = {**job, "payload": {"conversation_id": conversation_id}}
    await database["jobs"].insert_one({"_id": f"{conversation_id}:2:webhook:w1", **told})
    await database["analytics_events"].insert_one({"_id": f"e-{conversation_id}", **of, "at": NOW})
    visitor_id = log.conversation.visitor_id
    visitor = {"token_hash": visitor_id, "ordinal": 1, "conversation_id": conversation_id}
    await database["visitors"].insert_one({"_id": visitor_id, "workspace_id": workspace_id, **visitor})


async def test_all_that_belongs_to_it_goes_and_events_stay(stage: Stage):
    gone, kept = Log("c1"), Log("c2")
    await add_conversations(stage.faults, gone, kept)
    for log in (gone, kept):
        await write(stage.journal, log, "one", "two")
        await belongings(stage.faults, log)
    assert await stage.erase("c1") == 1
    assert await stage.ids("conversations") == {"c2"}
    assert await stage.ids("messages") == {"c2:1", "c2:2"}
    assert await stage.ids("leads") == {"lead-c2"}
    assert await stage.ids("jobs") == {"lead-c2:mail:u1", "c2:2:webhook:w1"}
    assert await stage.ids("visitors") == {"v-c2"}
    events = await stage.faults["analytics_events"].find({}, sort=[("_id", 1)]).to_list(None)
    assert [event["conversation_id"] for event in events] == [None, "c2"]
    assert (stage.live.told, stage.forgotten) == (["c1"], ["c1"])
    assert await stage.ids("cleanups") == set()


async def test_it_is_on_record_once_who_did_it_and_from_where(stage: Stage):
    await add_conversations(stage.faults, Log("c1"))
    assert await stage.erase("c1", "c1") == 1
    assert await stage.erase("c1", id="o2") == 0
    (entry,) = await stage.audited()
    assert (entry["action"], entry["target_id"], entry["user_id"]) == ("conversation.deleted", "c1", "u-ada")
    assert (entry["at"], entry["ip"], entry["user_agent"]) == (NOW, "192.0.2.9", "Browser/2")
    assert (await stage.audit.verify(WORKSPACE)).ok


async def test_ids_of_another_workspace_are_no_conversations_here(stage: Stage):
    foreign = Log("c2", OTHERS)
    await add_conversations(stage.faults, Log("c1"), foreign)
    await write(stage.journal, foreign, "hello")
    await belongings(stage.faults, foreign)
    assert await stage.erase("c1", "c2", "nobody's") == 1
    assert await stage.ids("conversations") == {"c2"}
    assert await stage.ids("messages") == {"c2:1"}
    assert await stage.ids("leads") == {"lead-c2"}
    assert await stage.ids("visitors") == {"v-c2"}
    assert stage.live.told == ["c1"]
    assert [entry["target_id"] for entry in await stage.audited()] == ["c1"]


async def test_a_write_in_flight_does_not_bring_it_back(stage: Stage):
    log = Log("c1")
    await add_conversations(stage.faults, log)
    gate = stage.faults.gates["messages.insert_many"] = asyncio.Event()
    told: list[object] = []
    stage.journal.append(log.key, [log.message("in flight")], log.standing, told.append)
    await until(lambda: stage.faults.calls["messages.insert_many"] > 0)
    deleting = asyncio.create_task(stage.erase("c1"))
    await until(lambda: stage.faults.calls["cleanups.insert_many"] > 0)
    stage.journal.append(log.key, [log.message("queued")], log.standing, told.append)
    gate.set()
    assert await deleting == 1
    assert await stage.ids("conversations") == set()
    assert await stage.ids("messages") == set()
    await stage.journal.settled()
    assert await stage.ids("conversations") == set()
    loaded: list[Loaded | NotFound] = []
    stage.journal.load(log.key, loaded.append)
    await until(lambda: bool(loaded))
    assert loaded == [NotFound()]


async def test_what_a_live_one_still_appends_is_dropped_until_it_has_left(stage: Stage):
    log = Log("c1")
    await add_conversations(stage.faults, log)
    stage.live.stay.add(log.key)
    deleting = asyncio.create_task(stage.erase("c1"))
    await until(lambda: stage.live.told == ["c1"])
    told: list[object] = []
    stage.journal.append(log.key, [log.message("too late")], log.standing, told.append)
    stage.live.stay.clear()
    assert await deleting == 1
    assert (await stage.ids("messages"), told) == (set(), [])


async def test_empty_means_that_the_visitor_never_wrote(stage: Stage):
    empty, written, waiting, behind = Log("c1"), Log("c2"), Log("c3"), Log("c4")
    await add_conversations(stage.faults, empty, written, waiting, behind)
    await write(stage.journal, written, "hello")
    told: list[object] = []
    stage.journal.append(waiting.key, [waiting.waiting()], waiting.standing, told.append)
    await until(lambda: bool(told))
    await write(stage.journal, behind, "hello")
    await stage.faults["conversations"].update_one({"_id": "c4"}, {"$set": {"user_message_count": 0}})
    assert await stage.erase("c1", "c2", "c3", "c4", only_empty=True) == 2
    assert await stage.ids("conversations") == {"c2", "c4"}
    assert await stored_seqs(stage.faults, behind.key) == [1]


async def test_one_that_is_written_in_at_that_moment_is_spared_and_nothing_of_it_lost(stage: Stage):
    empty, log = Log("c1"), Log("c2")
    await add_conversations(stage.faults, empty, log)
    told: list[object] = []

    async def visitor_writes() -> None:
        stage.journal.append(log.key, [log.message("one")], log.standing, told.append)

    stage.faults.before["conversations.find"] = visitor_writes
    deleting = asyncio.create_task(stage.erase("c1", "c2", only_empty=True))
    stage.journal.append(log.key, [log.message("zero")], log.standing, told.append)
    assert await deleting == 1
    await until(lambda: len(told) >= 1)
    assert await stage.ids("conversations") == {"c2"}
    assert (await stored_seqs(stage.faults, log.key))[0] == 1


async def test_what_waits_while_it_is_looked_at_is_written_when_it_is_spared(stage: Stage):
    log = Log("c1")
    await add_conversations(stage.faults, log)
    await write(stage.journal, log, "one")
    told: list[object] = []
    await stage.journal.hold([log.key])
    stage.journal.append(log.key, [log.message("two")], log.standing, told.append)
    await stage.journal.settled()
    assert await stored_seqs(stage.faults, log.key) == [1]
    stage.journal.release([log.key])
    await until(lambda: bool(told))
    assert await stored_seqs(stage.faults, log.key) == [1, 2]


async def test_a_lead_and_its_jobs_that_are_being_written_go_too(stage: Stage):
    await add_conversations(stage.faults, Log("c1"))
    turns = 0

    class SlowWriter:
        async def passed(self) -> None:
            nonlocal turns
            turns += 1
            lead = {"_id": "l1", "workspace_id": WORKSPACE, "conversation_id": "c1", "captured_at": NOW}
            job = {"_id": "l1:mail:u1", "workspace_id": WORKSPACE, "status": "pending", "run_at": NOW}
            if turns == 1:
                await stage.faults["leads"].insert_one(lead)
            else:
                await stage.faults["jobs"].insert_one({**job, "payload": {"lead_id": "l1"}})

    erasure = Erasure(stage.faults, stage.journal, stage.audit, stage.live, forget=(), writers=[SlowWriter()])
    assert await (await erasure.erase(ORDER, [ConversationId("c1")])) == 1
    assert (await stage.ids("leads"), await stage.ids("jobs"), turns) == (set(), set(), 2)


@pytest.mark.parametrize(
    "call",
    [
        "cleanups.update_one",
        "conversations.delete_many",
        "audit_logs.insert_many",
        "messages.delete_many",
        "leads.delete_many",
        "visitors.delete_many",
        "cleanups.delete_one",
    ],
)
async def test_lost_replies_and_refusals_on_the_way_change_nothing(stage: Stage, call: str):
    log = Log("c1")
    await add_conversations(stage.faults, log)
    await write(stage.journal, log, "one")
    await belongings(stage.faults, log)
    stage.faults.fail[call] = [AutoReconnect("away")]
    stage.faults.lose_replies[call] = 1
    assert await stage.erase("c1") == 1
    for collection in ("conversations", "messages", "leads", "jobs", "visitors", "cleanups"):
        assert await stage.ids(collection) == set(), collection
    assert len(await stage.audited()) == 1


@pytest.mark.parametrize(
    "call",
    ["cleanups.update_one", "conversations.delete_many", "audit_logs.insert_many", "messages.delete_many"],
)
async def test_a_run_that_ends_anywhere_is_finished_by_the_next(stage: Stage, call: str):
    logs = [Log(f"c{number:03}") for number in range(IDS_AT_ONCE + 20)]
    await add_conversations(stage.faults, *logs)
    for log in logs[:3]:
        await write(stage.journal, log, "one")
        await belongings(stage.faults, log)
    stage.faults.gates[call] = asyncio.Event()
    await stage.erasure.erase(ORDER, [log.key.conversation_id for log in logs])
    await until(lambda: stage.faults.calls[call] > 0)
    await stage.erasure.close()
    stage.faults.gates.clear()
    await stage.audit.close()

    stage.journal, stage.audit = stage.make_journal(), AuditLog(stage.faults)
    stage.erasure = stage.process()
    assert await stage.erasure.start() == len(logs)
    there = await stage.ids("conversations")
    assert {each.partition(":")[0] for each in await stage.ids("messages")} <= there  # whole or gone, at once
    await stage.erasure.idle()
    for collection in ("conversations", "messages", "leads", "jobs", "visitors", "cleanups"):
        assert await stage.ids(collection) == set(), collection
    entries = await stage.audited()
    assert sorted(entry["target_id"] for entry in entries) == [log.key.conversation_id for log in logs]
    assert (await stage.audit.verify(WORKSPACE)).ok


async def test_the_next_run_spares_what_a_visitor_has_written_in_since(stage: Stage):
    logs = [Log("c1"), Log("c2")]
    await add_conversations(stage.faults, *logs)
    order = replace(ORDER, only_empty=True)
    portions = Portions(stage.faults)
    (portion,) = await portions.add(order, [log.key.conversation_id for log in logs])
    await portions.note(portion, Doomed((ConversationId("c1"),), (logs[0].conversation.visitor_id,)))
    await write(stage.journal, logs[1], "hello")
    await stage.erasure.start()
    assert await stage.ids("conversations") == {"c2"}  # what was decided has gone before anybody comes in
    await stage.erasure.idle()
    assert await stage.ids("conversations") == {"c2"}
    assert await stored_seqs(stage.faults, logs[1].key) == [1]


async def test_a_visitor_with_earlier_conversations_only_loses_their_place(stage: Stage):
    log = Log("c1")
    await add_conversations(stage.faults, log)
    await belongings(stage.faults, log)
    await stage.faults["visitors"].update_one({"_id": "v-c1"}, {"$set": {"ordinal": 2}})
    await stage.erase("c1")
    visitor = await stage.faults["visitors"].find_one({"_id": "v-c1"})
    assert visitor is not None
    assert visitor["conversation_id"] is None


async def test_while_the_database_is_away_nothing_is_begun(stage: Stage):
    await add_conversations(stage.faults, Log("c1"))
    stage.faults.away = True
    with pytest.raises(AutoReconnect):
        await stage.erase("c1")
    stage.faults.away = False
    assert await stage.ids("conversations") == {"c1"}


async def test_a_long_one_tells_how_far_it_is(stage: Stage):
    ids = [f"c{number}" for number in range(150)]
    await add_conversations(stage.faults, *map(Log, ids))
    assert await stage.erase(*ids) == 150
    assert stage.live.progress[0] == CleanupProgress(150, 150)
    assert stage.live.progress[-1] == CleanupProgress(0, 150)
