from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest

from actors.ids import UserId, WorkspaceId
from server.audit.audit import AuditFilter, AuditLog, AuditRecord
from server.store.cursors import CursorError
from server.store.database import Database
from tests.support.faulty_database import FaultyDatabase
from tests.support.logs import WORKSPACE

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ELSEWHERE = WorkspaceId("w2")


@pytest.fixture
async def faults(repository_database: Database) -> FaultyDatabase:
    return FaultyDatabase(repository_database)


@pytest.fixture
async def audit(faults: FaultyDatabase) -> AsyncGenerator[AuditLog, None]:
    audit = AuditLog(faults)
    yield audit
    await audit.close()


def record(number: int, action: str = "conversation.claimed", user: str = "u-ana") -> AuditRecord:
    return AuditRecord(
        id=f"r{number}",
        at=NOW + timedelta(minutes=number),
        user_id=UserId(user),
        action=action,
        target_type="conversation",
        target_id=f"c{number}",
        ip="192.0.2.7",
        user_agent="Browser/1 naïve 👋",
        details={"seq": number, "forced": False, "taken_from": None},
    )


async def fill(audit: AuditLog, count: int, workspace_id: WorkspaceId = WORKSPACE) -> None:
    await audit.append_all([(workspace_id, record(number)) for number in range(1, count + 1)])


async def test_entries_have_the_fields_of_the_contract(audit: AuditLog, repository_database: Database):
    await audit.append(WORKSPACE, record(1))
    stored = await repository_database["audit_logs"].find_one({"_id": "r1"})
    assert stored is not None
    assert stored == {
        "_id": "r1",
        "workspace_id": WORKSPACE,
        "at": NOW + timedelta(minutes=1),
        "user_id": "u-ana",
        "action": "conversation.claimed",
        "target_type": "conversation",
        "target_id": "c1",
        "ip": "192.0.2.7",
        "user_agent": "Browser/1 naïve 👋",
        "details": {"seq": 1, "forced": False, "taken_from": None},
        "chain_seq": 1,
        "prev_hash": "0" * 64,
        "hash": stored["hash"],
    }


async def test_the_hash_is_the_one_that_the_documentation_tells(
    audit: AuditLog, repository_database: Database
):
    await fill(audit, 2)
    first, second = [
        entry async for entry in repository_database["audit_logs"].find({}, sort=[("chain_seq", 1)])
    ]
    covered = (
        '{"_id":"r2","action":"conversation.claimed","at":1795341720000,"chain_seq":2,'
        '"details":{"forced":false,"seq":2,"taken_from":null},"ip":"192.0.2.7","target_id":"c2",'
        '"target_type":"conversation","user_agent":"Browser/1 naïve 👋","user_id":"u-ana",'
        '"workspace_id":"w1"}'
    )
    assert second["prev_hash"] == first["hash"]
    assert second["hash"] == hashlib.sha256((first["hash"] + covered).encode()).hexdigest()


async def test_a_chain_of_many_writers_is_whole(audit: AuditLog):
    await asyncio.gather(*(audit.append(WORKSPACE, record(number)) for number in range(60)))
    report = await audit.verify(WORKSPACE)
    assert (report.ok, report.count, report.problem) == (True, 60, None)


async def test_each_workspace_has_its_own_chain(audit: AuditLog):
    await audit.append_all(
        [(WORKSPACE, record(1)), (ELSEWHERE, record(2)), (WORKSPACE, record(3)), (ELSEWHERE, record(4))]
    )
    assert [(await audit.verify(w)).count for w in (WORKSPACE, ELSEWHERE)] == [2, 2]
    assert [entry.id for entry in (await audit.list(ELSEWHERE)).entries] == ["r4", "r2"]


async def test_the_same_record_is_written_once(audit: AuditLog):
    await asyncio.gather(audit.append(WORKSPACE, record(1)), audit.append(WORKSPACE, record(1)))
    await audit.append_all([(WORKSPACE, record(2)), (WORKSPACE, record(1))])
    assert [entry.id for entry in (await audit.list(WORKSPACE)).entries] == ["r2", "r1"]
    assert (await audit.verify(WORKSPACE)).ok


async def test_a_chain_goes_on_after_a_restart(audit: AuditLog, repository_database: Database):
    await fill(audit, 250)
    again = AuditLog(repository_database)
    await again.append(WORKSPACE, record(251))
    report = await again.verify(WORKSPACE)
    assert (report.ok, report.count) == (True, 251)


async def test_two_writers_cannot_fork_a_chain(audit: AuditLog, repository_database: Database):
    other = AuditLog(repository_database)
    for number in range(0, 20, 2):
        await asyncio.gather(
            audit.append(WORKSPACE, record(number)), other.append(WORKSPACE, record(number + 1))
        )
    report = await audit.verify(WORKSPACE)
    assert (report.ok, report.count) == (True, 20)


async def test_a_lost_reply_leaves_one_entry(audit: AuditLog, faults: FaultyDatabase):
    await audit.append(WORKSPACE, record(1))
    faults.lose_replies["audit_logs.insert_many"] = 1
    await fill(audit, 5)
    report = await audit.verify(WORKSPACE)
    assert (report.ok, report.count) == (True, 5)


async def test_appending_outlasts_the_database_being_away(audit: AuditLog, faults: FaultyDatabase):
    faults.away = True
    appending = asyncio.create_task(audit.append(WORKSPACE, record(1)))
    await asyncio.sleep(0.1)
    assert not appending.done()
    faults.away = False
    await appending
    assert (await audit.verify(WORKSPACE)).count == 1


async def test_an_empty_chain_is_whole(audit: AuditLog):
    report = await audit.verify(WORKSPACE)
    assert (report.ok, report.count, report.head_hash) == (True, 0, "0" * 64)


@pytest.mark.parametrize(
    ("change", "bad_id", "words"),
    [
        ({"$set": {"user_id": "u-somebody-else"}}, "r3", "was changed"),
        ({"$set": {"at": NOW}}, "r3", "was changed"),
        ({"$set": {"details.seq": 4}}, "r3", "was changed"),
        ({"$set": {"extra": "field"}}, "r3", "was changed"),
        ({"$unset": {"ip": ""}}, "r3", "was changed"),
        ({"$set": {"hash": "f" * 64}}, "r3", "was changed"),
        ({"$set": {"prev_hash": "f" * 64}}, "r3", "does not continue"),
        ({"$set": {"chain_seq": 99}}, "r4", "entry 3 is missing"),
        ({"$set": {"workspace_id": "w2"}}, "r4", "entry 3 is missing"),
    ],
    ids=str,
)
async def test_an_edited_entry_is_found(
    audit: AuditLog, repository_database: Database, change: dict[str, object], bad_id: str, words: str
):
    await fill(audit, 6)
    await repository_database["audit_logs"].update_one({"_id": "r3"}, change)
    report = await audit.verify(WORKSPACE)
    assert (report.ok, report.bad_id, report.count) == (False, bad_id, 2)
    assert report.problem is not None
    assert words in report.problem


async def test_a_deleted_entry_is_found(audit: AuditLog, repository_database: Database):
    await fill(audit, 6)
    await repository_database["audit_logs"].delete_one({"_id": "r2"})
    report = await audit.verify(WORKSPACE)
    assert (report.ok, report.bad_id) == (False, "r3")
    assert report.problem == "entry 2 is missing, entry 3 follows entry 1"


async def test_a_long_stretch_of_deleted_entries_is_found(audit: AuditLog, repository_database: Database):
    await fill(audit, 1100)
    query = {"chain_seq": {"$gt": 20, "$lt": 1090}}
    await repository_database["audit_logs"].delete_many(query)
    report = await audit.verify(WORKSPACE)
    assert (report.ok, report.bad_id, report.count) == (False, "r1090", 20)


async def test_reordered_entries_are_found(audit: AuditLog, repository_database: Database):
    await fill(audit, 6)
    logs = repository_database["audit_logs"]
    await logs.update_one({"_id": "r2"}, {"$set": {"chain_seq": 100}})
    await logs.update_one({"_id": "r3"}, {"$set": {"chain_seq": 2}})
    await logs.update_one({"_id": "r2"}, {"$set": {"chain_seq": 3}})
    report = await audit.verify(WORKSPACE)
    assert (report.ok, report.bad_id) == (False, "r3")


@pytest.mark.parametrize("place", [{"chain_seq": 7}, {}], ids=str)
async def test_an_inserted_entry_is_found(
    audit: AuditLog, repository_database: Database, place: dict[str, int]
):
    await fill(audit, 6)
    await repository_database["audit_logs"].insert_one(
        {"_id": "forged", "workspace_id": WORKSPACE, "action": "conversation.released", **place}
    )
    report = await audit.verify(WORKSPACE)
    assert (report.ok, report.bad_id) == (False, "forged")


async def test_a_cut_off_end_is_found_with_an_exported_head(audit: AuditLog, repository_database: Database):
    await fill(audit, 6)
    head = (await audit.verify(WORKSPACE)).head_hash
    await audit.append(WORKSPACE, record(7))
    assert (await audit.verify(WORKSPACE, exported_head=head)).ok
    await repository_database["audit_logs"].delete_many({"chain_seq": {"$gte": 6}})
    assert (await audit.verify(WORKSPACE)).ok
    report = await audit.verify(WORKSPACE, exported_head=head)
    assert not report.ok
    assert report.problem is not None
    assert "not in the chain" in report.problem


async def test_pages_are_newest_first(audit: AuditLog):
    await fill(audit, 25)
    found: list[str] = []
    after: str | None = None
    for _ in range(3):
        page = await audit.list(WORKSPACE, after=after, limit=10)
        found += [entry.id for entry in page.entries]
        after = page.next
    assert found == [f"r{number}" for number in range(25, 0, -1)]
    assert after is None


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (AuditFilter(action="conversation.released"), ["r2"]),
        (AuditFilter(user_id=UserId("u-ben")), ["r3"]),
        (AuditFilter(target_id="c1"), ["r1"]),
        (AuditFilter(since=NOW + timedelta(minutes=2), until=NOW + timedelta(minutes=3)), ["r2"]),
        (AuditFilter(action="conversation.released", user_id=UserId("u-ben")), []),
    ],
    ids=str,
)
async def test_filters(audit: AuditLog, wanted: AuditFilter, expected: list[str]):
    await audit.append(WORKSPACE, record(1))
    await audit.append(WORKSPACE, record(2, "conversation.released"))
    await audit.append(WORKSPACE, record(3, user="u-ben"))
    assert [entry.id for entry in (await audit.list(WORKSPACE, wanted)).entries] == expected


async def test_a_forged_cursor_is_refused(audit: AuditLog):
    with pytest.raises(CursorError):
        await audit.list(WORKSPACE, after="forged")
