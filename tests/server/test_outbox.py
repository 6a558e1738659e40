from __future__ import annotations

from datetime import timedelta

from actors.ids import WorkspaceId
from actors.jobs import JobName
from server.mongo import Database
from server.outbox import Outbox, now_ms
from tests.support.jobs import request

MAIL = JobName.LEAD_MAIL


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
    due = await outbox.due(MAIL, 10, [], [])
    first = await outbox.lease([job for job in due if job.id != "c"], 30)
    second = await outbox.lease(due, 30)
    assert sorted(leased.job.id for leased in first) == ["a", "b"]
    assert [leased.job.id for leased in second] == ["c"]
    assert not await outbox.due(MAIL, 10, [], [])


async def test_what_is_busy_or_not_yet_due_is_left_out(repository_database: Database):
    outbox = Outbox(repository_database)
    await outbox.add(
        [
            request("a", lane="slow"),
            request("b", workspace="full"),
            request("c"),
            request("later"),
            request("other", kind=JobName.WEBHOOK),
        ]
    )
    soon = now_ms() + timedelta(minutes=1)
    await repository_database["jobs"].update_one({"_id": "later"}, {"$set": {"run_at": soon}})
    assert [job.id for job in await outbox.due(MAIL, 10, ["full"], ["slow"])] == ["c"]
    assert len(await outbox.due(MAIL, 2, [], [])) == 2


async def test_a_lease_that_ended_gives_the_job_back(repository_database: Database):
    outbox = Outbox(repository_database)
    await outbox.add([request("a"), request("b")])
    await outbox.lease([job for job in await outbox.due(MAIL, 9, [], []) if job.id == "a"], -1)
    await outbox.lease(await outbox.due(MAIL, 9, [], []), 60)
    assert await outbox.release_expired() == 1
    again = await outbox.due(MAIL, 9, [], [])
    assert [(job.id, job.attempts) for job in again] == [("a", 2)]
    assert await outbox.release_expired(all_of_them=True) == 1
    assert len(await outbox.due(MAIL, 9, [], [])) == 2


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
