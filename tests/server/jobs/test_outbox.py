from __future__ import annotations

from datetime import timedelta

from actors.ids import WorkspaceId
from server.jobs.job import Job
from server.jobs.outbox import Outbox, Position, now_ms
from server.store.mongo import Database
from tests.support.jobs import request


async def due(outbox: Outbox) -> list[Job]:
    return [job for job, _ in await outbox.pending(None, now_ms(), 99)]


async def test_a_job_is_kept_as_the_contract_says(repository_database: Database):
    await Outbox(repository_database).add([request("l1:mail:u1", lead_id="l1")])
    found = await repository_database["jobs"].find_one({"_id": "l1:mail:u1"})
    assert found
    assert found["kind"] == "lead_mail"
    assert (found["status"], found["attempts"], found["last_error"]) == ("pending", 0, None)
    assert (found["workspace_id"], found["payload"]) == ("w", {"lead_id": "l1"})
    assert found["run_at"] == found["created_at"] <= now_ms()


async def test_a_job_kept_already_stays_as_it_is(repository_database: Database):
    outbox = Outbox(repository_database)
    await outbox.add([request("a"), request("b")])
    await repository_database["jobs"].update_one({"_id": "a"}, {"$set": {"status": "done"}})
    await outbox.add([request("a"), request("c")])
    found = await repository_database["jobs"].find({}, sort=[("_id", 1)]).to_list(None)
    assert [(job["_id"], job["status"]) for job in found] == [
        ("a", "done"),
        ("b", "pending"),
        ("c", "pending"),
    ]


async def test_one_of_two_gets_a_job(repository_database: Database):
    outbox = Outbox(repository_database)
    await outbox.add([request("a"), request("b"), request("c")])
    jobs = await due(outbox)
    first = await outbox.lease([job for job in jobs if job.id != "c"], 30)
    second = await outbox.lease(jobs, 30)
    assert sorted(leased.job.id for leased in first) == ["a", "b"]
    assert [leased.job.id for leased in second] == ["c"]
    assert not await due(outbox)


async def test_what_is_due_comes_by_time_page_by_page(repository_database: Database):
    outbox = Outbox(repository_database)
    names = [f"j{n}" for n in range(9)]
    await outbox.add([request(name) for name in names])
    now = now_ms()
    for n, name in enumerate(names):  # three of each instant
        at = now - timedelta(seconds=9 - n // 3)
        await repository_database["jobs"].update_one({"_id": name}, {"$set": {"run_at": at}})
    later = {"$set": {"run_at": now + timedelta(minutes=1)}}
    await repository_database["jobs"].update_one({"_id": "j8"}, later)
    position, seen = None, list[str]()
    while found := await outbox.pending(position, now, 2):
        seen += [job.id for job, _ in found]
        position = Position(found[-1][1], found[-1][0].id)
    assert seen == names[:8]
    since = Position(now - timedelta(seconds=8), "")
    assert [job.id for job, _ in await outbox.pending(since, now, 9)] == ["j3", "j4", "j5", "j6", "j7"]


async def test_watchers_hear_of_new_jobs_once_they_are_durable(repository_database: Database):
    outbox = Outbox(repository_database)
    heard: list[list[str]] = []
    outbox.watch(lambda jobs: heard.append([job.id for job in jobs]))
    await outbox.add([request("a"), request("b")])
    await repository_database["jobs"].update_one({"_id": "a"}, {"$set": {"status": "dead"}})
    await outbox.retry("a")
    assert heard == [["a", "b"], []]


async def test_a_lease_that_ended_gives_the_job_back(repository_database: Database):
    outbox = Outbox(repository_database)
    await outbox.add([request("a"), request("b")])
    await outbox.lease([job for job in await due(outbox) if job.id == "a"], -1)
    await outbox.lease(await due(outbox), 60)
    assert await outbox.release_expired() == 1
    again = await due(outbox)
    assert [(job.id, job.attempts) for job in again] == [("a", 2)]
    assert await outbox.release_expired(all_of_them=True) == 1
    assert len(await due(outbox)) == 2


async def test_a_dead_job_is_tried_again_from_the_start_when_somebody_says_so(repository_database: Database):
    outbox = Outbox(repository_database)
    await outbox.add([request("a"), request("b"), request("c", workspace="x")])
    dead = {"$set": {"status": "dead", "attempts": 9, "last_error": "550 no such user"}}
    await repository_database["jobs"].update_many({}, dead)
    assert [job.id for job in await outbox.dead(WorkspaceId("w"))] == ["a", "b"]
    assert not await outbox.retry("a", WorkspaceId("x"))
    assert await outbox.retry("a", WorkspaceId("w"))
    assert not await outbox.retry("a", WorkspaceId("w"))
    found = await outbox.find("a")
    assert found
    assert (found.status, found.attempts, found.last_error) == ("pending", 0, "550 no such user")
    assert await outbox.find("a", WorkspaceId("x")) is None
    assert await outbox.retry_all() == 2
    assert await outbox.counts() == {"pending": 3, "running": 0, "dead": 0}
