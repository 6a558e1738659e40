from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from actors.ids import WorkspaceId
from actors.jobs import JobName
from server.jobs.backlog import JobBacklog
from server.jobs.job import Job
from server.jobs.outbox import Outbox
from server.jobs.scan import JobScan
from server.jobs.slots import JobSlots
from server.store.mongo import Database
from tests.support.jobs import kind_of, request

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MAIL = JobName.LEAD_MAIL.value


async def nothing(_: Job) -> None:
    pass


def job(job_id: str, lane: str = "a", workspace: str = "w") -> Job:
    return Job(job_id, MAIL, WorkspaceId(workspace), lane, {}, 1, NOW)


def slots(**limits: int) -> JobSlots:
    return JobSlots(replace(kind_of(nothing), **limits))


def test_lanes_take_turns():
    backlog = JobBacklog()
    for n in range(3):
        backlog.offer(job(f"a{n}", "a"), NOW)
    backlog.offer(job("b0", "b"), NOW)
    assert [each.id for each in backlog.take(MAIL, slots(at_once=3))] == ["a0", "b0", "a1"]


def test_a_full_lane_is_passed_over():
    backlog, few = JobBacklog(), slots(per_lane=1)
    for name in ("a0", "a1", "b0", "b1"):
        backlog.offer(job(name, name[0]), NOW)
    first = backlog.take(MAIL, few)
    assert [each.id for each in first] == ["a0", "b0"]
    assert not backlog.take(MAIL, few)
    few.give_back(first[0])
    assert [each.id for each in backlog.take(MAIL, few)] == ["a1"]


def test_a_job_waits_once_until_it_is_forgotten():
    backlog, many = JobBacklog(), slots()
    backlog.offer(job("a"), NOW)
    backlog.offer(job("a"), NOW)
    taken = backlog.take(MAIL, many)
    backlog.offer(job("a"), NOW)
    assert len(taken) == 1
    assert not backlog.take(MAIL, many)
    backlog.forget(taken)
    backlog.offer(job("a"), NOW)
    assert len(backlog.take(MAIL, many)) == 1


def test_a_later_job_waits_for_its_time():
    backlog, many = JobBacklog(), slots()
    backlog.offer(job("a"), NOW)
    (taken,) = backlog.take(MAIL, many)
    many.give_back(taken)
    backlog.again(taken.next_try(), NOW + timedelta(seconds=5))
    assert backlog.ripen(NOW) == NOW + timedelta(seconds=5)
    assert not backlog.take(MAIL, many)
    assert backlog.ripen(NOW + timedelta(seconds=5)) is None
    assert [each.attempts for each in backlog.take(MAIL, many)] == [2]


async def test_what_does_not_fit_is_found_again_when_there_is_room(repository_database: Database):
    outbox, backlog, wide = (
        Outbox(repository_database),
        JobBacklog(most=100, most_per_lane=4),
        slots(at_once=99),
    )
    await outbox.add([request(f"a{n:02}", lane="a") for n in range(15)])
    await outbox.add([request("b", lane="b")])
    scan = JobScan(outbox, backlog, page=5)
    done: list[str] = []
    for _ in range(30):
        await scan.look()
        taken = backlog.take(MAIL, wide)
        await repository_database["jobs"].delete_many({"_id": {"$in": [each.id for each in taken]}})
        backlog.forget(taken)
        for each in taken:
            wide.give_back(each)
        done += [each.id for each in taken]
    assert sorted(done) == [*(f"a{n:02}" for n in range(15)), "b"]
