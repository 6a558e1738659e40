from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from actors.log import standing_of
from actors.messages import Loaded
from server.conversations.checkpoint import Checkpoint
from server.conversations.entries import entry_document
from server.conversations.journal import Journal
from server.store.database import AutoReconnect, Database
from tests.support.faulty_database import FaultyDatabase
from tests.support.logs import ANA, BEN, Log, add_conversations, summary
from tests.support.waiting import until

MakeJournal = Callable[..., Journal]


async def left_by_a_crash(database: Database, *logs: Log) -> None:
    """Entries that are durable, of which nothing else has been written."""
    await database["messages"].insert_many(
        [entry_document(log.key, entry) for log in logs for entry in log.entries]
    )


async def audit_ids(database: Database) -> list[str]:
    found = await database["audit_logs"].find({}, sort=[("chain_seq", 1)]).to_list(None)
    return [entry["_id"] for entry in found]


async def load(journal: Journal, log: Log) -> Loaded:
    told: list[object] = []
    journal.load(log.key, told.append)
    await until(lambda: bool(told))
    loaded = told[0]
    assert isinstance(loaded, Loaded)
    return loaded


def played(conversation_id: str = "c1") -> Log:
    log = Log(conversation_id)
    log.message("Is anybody there?")
    log.waiting()
    log.claimed()
    log.claimed(BEN, taken_from=ANA)
    return log


async def test_a_load_writes_what_a_crash_left_out(journal: Journal, faults: FaultyDatabase):
    log = played()
    await add_conversations(faults, log)
    await left_by_a_crash(faults, log)
    loaded = await load(journal, log)
    assert standing_of(loaded.conversation, loaded.entries) == log.standing
    found = await summary(faults, log.key)
    assert (found["seq"], found["claimed_by_user_id"], found["epoch"]) == (4, "u-ben", 4)
    assert await audit_ids(faults) == ["c1:3", "c1:4"]


async def test_loading_again_changes_nothing(journal: Journal, faults: FaultyDatabase):
    log = played()
    await add_conversations(faults, log)
    await left_by_a_crash(faults, log)
    await load(journal, log)
    document, audit = await summary(faults, log.key), await audit_ids(faults)
    await load(journal, log)
    assert (await summary(faults, log.key), await audit_ids(faults)) == (document, audit)


async def test_a_document_ahead_of_its_log_is_taken_back(journal: Journal, faults: FaultyDatabase):
    log = played()
    await add_conversations(faults, log)
    await left_by_a_crash(faults, log)
    await faults["conversations"].update_one({"_id": "c1"}, {"$set": {"seq": 7, "claimed_by_user_id": None}})
    await load(journal, log)
    found = await summary(faults, log.key)
    assert (found["seq"], found["claimed_by_user_id"]) == (4, "u-ben")


async def test_a_start_repairs_without_anybody_loading(make_journal: MakeJournal, faults: FaultyDatabase):
    logs = [played(f"c{number}") for number in range(5)]
    await add_conversations(faults, *logs)
    await left_by_a_crash(faults, *logs)
    assert await make_journal().start() == 5
    for log in logs:
        assert (await summary(faults, log.key))["claimed_by_user_id"] == "u-ben"
    assert len(await audit_ids(faults)) == 10
    assert await make_journal().start() == 0


async def test_a_start_finds_a_missing_audit_entry_alone(make_journal: MakeJournal, faults: FaultyDatabase):
    log = played()
    await add_conversations(faults, log)
    await left_by_a_crash(faults, log)
    await make_journal().start()
    await faults["audit_logs"].delete_one({"_id": "c1:4"})
    await faults["meta"].delete_many({})
    assert await make_journal().start() == 1
    assert await audit_ids(faults) == ["c1:3", "c1:4"]


@pytest.mark.parametrize("lost", ["audit_logs.insert_many", "conversations.bulk_write"])
async def test_killed_between_an_entry_and_what_follows(
    make_journal: MakeJournal, faults: FaultyDatabase, lost: str
):
    log = Log()
    await add_conversations(faults, log)
    told: list[object] = []
    faults.fail[lost] = [AutoReconnect("killed")] * 1000
    killed = make_journal()
    killed.append(log.key, [log.claimed()], log.standing, told.append)
    await until(lambda: faults.calls[lost] >= 2)
    await killed.close(within_s=0)
    assert told == []
    del faults.fail[lost]
    await make_journal().start()
    assert await audit_ids(faults) == ["c1:1"]
    assert (await summary(faults, log.key))["claimed_by_user_id"] == "u-ana"


async def test_a_start_looks_no_further_back_than_needed(make_journal: MakeJournal, faults: FaultyDatabase):
    old, new = Log("old"), Log("new")
    await add_conversations(faults, old, new)
    old.message()
    await left_by_a_crash(faults, old)
    # As if that start had everything in place.
    await faults["meta"].insert_one({"_id": "journal", "checkpoint_at": datetime.now(UTC)})
    await faults["messages"].insert_one(
        {**entry_document(new.key, new.message()), "created_at": datetime.now(UTC) - timedelta(seconds=5)}
    )
    assert await make_journal().start() == 1
    assert (await summary(faults, old.key))["seq"] == 0
    assert (await summary(faults, new.key))["seq"] == 1


async def test_the_checkpoint_stays_behind_a_claim_that_is_not_on_record(
    make_journal: MakeJournal, faults: FaultyDatabase
):
    claimed, other = Log("claimed"), Log("other")
    await add_conversations(faults, claimed, other)
    journal = make_journal()
    faults.fail["audit_logs.insert_many"] = [AutoReconnect("away")] * 1000
    entry = claimed.claimed()
    journal.append(claimed.key, [entry], claimed.standing, lambda _: None)
    journal.append(other.key, [other.message(), other.message()], other.standing, lambda _: None)
    await until(lambda: faults.calls["meta.update_one"] > 0)
    await journal.close(within_s=0.1)
    assert await Checkpoint(faults).since() == entry.created_at - timedelta(seconds=60)


async def test_the_checkpoint_stays_behind_what_is_not_written(
    make_journal: MakeJournal, faults: FaultyDatabase
):
    journal = make_journal()
    await journal.start()
    begun = await faults["meta"].find_one({"_id": "journal"})
    assert begun is not None
    log = Log()
    await add_conversations(faults, log)
    faults.fail["conversations.bulk_write"] = [AutoReconnect("killed")] * 1000
    told: list[object] = []
    journal.append(log.key, [log.message()], log.standing, told.append)
    await until(lambda: bool(told))
    await journal.close(within_s=0.1)
    kept = await faults["meta"].find_one({"_id": "journal"})
    assert kept == begun
