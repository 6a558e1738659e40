from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from actors.ids import WorkspaceId
from actors.jobs import JobName
from server.jobs.job import Backoff, Job, JobFailed, JobKind
from server.jobs.outbox import Outbox, now_ms
from server.jobs.worker import Worker
from server.store.mongo import Database
from tests.support.jobs import AT_ONCE, kind_of, request, until


@asynccontextmanager
async def working(outbox: Outbox, *kinds: JobKind, poll_s: float = 0.1) -> AsyncGenerator[Worker, None]:
    worker = Worker(outbox, kinds, poll_s=poll_s)
    await worker.start()
    try:
        yield worker
    finally:
        await worker.stop(3)


def statuses(outbox: Outbox, *ids: str) -> Callable[[], Awaitable[list[str]]]:
    async def read() -> list[str]:
        rows = [await outbox.find(job_id) for job_id in ids]
        return [row.status for row in rows if row]

    return read


def all_are(outbox: Outbox, status: str, *ids: str) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        return await statuses(outbox, *ids)() == [status] * len(ids)

    return check


async def test_a_new_job_is_done_at_once_without_waiting_for_a_poll(repository_database: Database):
    outbox = Outbox(repository_database)
    seen: list[Job] = []

    async def run(job: Job) -> None:
        seen.append(job)

    async with working(outbox, kind_of(run), poll_s=600):
        await asyncio.sleep(0)
        await outbox.add([request("a", lead_id="l1")])
        await until(all_are(outbox, "done", "a"))
        await outbox.add([request("b")])
        await until(all_are(outbox, "done", "b"))
    assert [(job.id, job.attempts) for job in seen] == [("a", 1), ("b", 1)]
    assert seen[0].payload == {"lead_id": "l1"}
    row = await outbox.find("a")
    assert row
    assert row.done_at is not None
    assert row.last_error is None


async def test_what_fails_for_a_while_is_tried_until_it_works(repository_database: Database):
    outbox = Outbox(repository_database)
    tries: Counter[str] = Counter()

    async def run(job: Job) -> None:
        tries[job.id] += 1
        if tries[job.id] < 3:
            raise JobFailed("421 come back later")

    async with working(outbox, kind_of(run)):
        await outbox.add([request("a")])
        await until(all_are(outbox, "done", "a"))
    assert tries["a"] == 3
    failure = await outbox.last_failure("lead_mail", WorkspaceId("w"))
    assert failure
    assert failure.words == "421 come back later"
    assert failure.recovered_at is not None


async def test_after_the_last_try_it_is_dead_with_the_last_words(repository_database: Database):
    outbox = Outbox(repository_database)
    tries: list[int] = []

    async def run(job: Job) -> None:
        tries.append(job.attempts)
        raise JobFailed(f"no answer at try {job.attempts}")

    async with working(outbox, kind_of(run)):
        await outbox.add([request("a")])
        await until(all_are(outbox, "dead", "a"))
        assert tries == [1, 2, 3]
        failure = await outbox.last_failure("lead_mail")
        assert failure
        assert failure.recovered_at is None
        assert await outbox.last_failure("lead_mail", WorkspaceId("other")) is None
        assert [row.last_error for row in await outbox.dead()] == ["no answer at try 3"]
        await outbox.retry("a")
        await until(lambda: len(tries) == 6)


async def test_what_can_never_work_is_dead_at_once(repository_database: Database):
    outbox = Outbox(repository_database)

    async def run(_: Job) -> None:
        raise JobFailed("550 5.1.1\r\n no such user", permanent=True)

    async with working(outbox, kind_of(run)):
        await outbox.add([request("a")])
        await until(all_are(outbox, "dead", "a"))
    row = await outbox.find("a")
    assert row
    assert (row.attempts, row.last_error) == (1, "550 5.1.1 no such user")


async def test_a_mistake_of_ours_fails_its_job_alone(
    repository_database: Database, caplog: pytest.LogCaptureFixture
):
    outbox = Outbox(repository_database)

    async def run(job: Job) -> None:
        if job.id == "bad":
            raise ZeroDivisionError

    async with working(outbox, kind_of(run)):
        await outbox.add([request("bad"), request("good")])
        await until(all_are(outbox, "done", "good"))
        await until(all_are(outbox, "dead", "bad"))
    assert "ZeroDivisionError" in caplog.text


async def test_a_try_that_takes_too_long_is_cut_off(repository_database: Database):
    outbox = Outbox(repository_database)

    async def run(_: Job) -> None:
        await asyncio.Event().wait()

    async with working(outbox, kind_of(run, timeout_s=0.05)):
        await outbox.add([request("a")])
        await until(all_are(outbox, "dead", "a"))
    row = await outbox.find("a")
    assert row
    assert row.last_error == "It took longer than 0.05 s."


async def test_a_black_hole_leaves_room_for_others(database: Database):
    outbox = Outbox(database)
    held = asyncio.Event()
    hanging: set[str] = set()
    most = 0

    async def run(job: Job) -> None:
        nonlocal most
        if job.lane.startswith("hole"):
            hanging.add(job.id)
            most = max(most, len(hanging))
            await held.wait()
            hanging.discard(job.id)

    kind = kind_of(run, timeout_s=30, at_once=8, per_workspace=4, per_lane=2)
    async with working(outbox, kind):
        await outbox.add([request(f"hole{n}", lane="hole1" if n % 2 else "hole2") for n in range(40)])
        await until(lambda: len(hanging) == 4)
        await outbox.add([request("other-workspace", workspace="x", lane="fine")])
        await until(all_are(outbox, "done", "other-workspace"))
        held.set()
        await until(all_are(outbox, "done", *(f"hole{n}" for n in range(40))))
    assert most == 4


async def test_one_hanging_receiver_leaves_room_for_the_others_of_its_workspace(database: Database):
    outbox = Outbox(database)
    held = asyncio.Event()

    async def run(job: Job) -> None:
        if job.lane == "hole":
            await held.wait()

    async with working(outbox, kind_of(run, timeout_s=30, at_once=8, per_workspace=4, per_lane=2)) as worker:
        await outbox.add([request(f"h{n}", lane="hole") for n in range(30)])
        await until(lambda: worker.running == 2)
        await outbox.add([request(f"ok{n}", lane="fine") for n in range(5)])
        await until(all_are(outbox, "done", *(f"ok{n}" for n in range(5))))
        held.set()


async def test_a_lane_that_failed_gets_one_try_at_a_time(database: Database):
    outbox = Outbox(database)
    now, most, tries = 0, 0, 0

    async def run(_: Job) -> None:
        nonlocal now, most, tries
        tries += 1
        now += 1
        if tries > 2:
            most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        raise JobFailed("no")

    backoff = Backoff(0.01, 1, 0.01, tries=2)
    async with working(outbox, kind_of(run, per_lane=2, backoff=backoff)):
        ids = [f"j{n}" for n in range(8)]
        await outbox.add([request(job_id) for job_id in ids])
        await until(all_are(outbox, "dead", *ids), 20)
    assert tries == 16
    assert most == 1


async def test_the_kinds_do_not_wait_for_each_other(database: Database):
    outbox = Outbox(database)
    held = asyncio.Event()

    async def hang(_: Job) -> None:
        await held.wait()

    async def fine(_: Job) -> None:
        pass

    slow = kind_of(hang, JobName.WEBHOOK, timeout_s=30, at_once=2)
    async with working(outbox, slow, kind_of(fine)) as worker:
        await outbox.add([request(f"h{n}", f"lane{n}", f"w{n}", JobName.WEBHOOK) for n in range(9)])
        await until(lambda: worker.running == 2)
        await outbox.add([request("a")])
        await until(all_are(outbox, "done", "a"))
        held.set()


async def test_a_receiver_may_ask_not_to_be_bothered(database: Database):
    outbox = Outbox(database)

    async def run(_: Job) -> None:
        raise JobFailed("429 slow down", retry_after_s=120)

    async with working(outbox, kind_of(run)):
        await outbox.add([request("a")])
        await until(all_are(outbox, "pending", "a"))

        async def failed() -> bool:
            row = await outbox.find("a")
            return row is not None and row.failed_at is not None

        await until(failed)
    row = await outbox.find("a")
    assert row
    assert row.failed_at
    assert (row.run_at - row.failed_at).total_seconds() == 120


async def test_a_stop_puts_back_what_it_breaks_off(database: Database):
    outbox = Outbox(database)
    began = asyncio.Event()

    async def run(_: Job) -> None:
        began.set()
        await asyncio.Event().wait()

    worker = Worker(outbox, [kind_of(run, timeout_s=60)])
    await worker.start()
    await outbox.add([request("a")])
    await began.wait()
    await worker.stop(1)
    row = await outbox.find("a")
    assert row
    assert (row.status, row.attempts) == ("pending", 0)


async def test_a_stop_waits_for_what_is_nearly_done(database: Database):
    outbox = Outbox(database)
    began = asyncio.Event()

    async def run(_: Job) -> None:
        began.set()
        await asyncio.sleep(0.2)

    worker = Worker(outbox, [kind_of(run)])
    await worker.start()
    await outbox.add([request("a")])
    await began.wait()
    await worker.stop(5)
    assert await statuses(outbox, "a")() == ["done"]


async def test_a_dead_process_leaves_its_jobs_to_the_next(database: Database):
    outbox = Outbox(database)
    await outbox.add([request("a")])
    await outbox.lease([job for job, _ in await outbox.pending(None, now_ms(), 9)], 3600)

    async def run(_: Job) -> None:
        pass

    worker = Worker(outbox, [kind_of(run)])
    await worker.start(alone=True)
    await until(all_are(outbox, "done", "a"))
    await worker.stop()


async def test_a_job_that_kills_its_process_each_time_is_given_up(database: Database):
    outbox = Outbox(database)
    await outbox.add([request("a")])
    await database["jobs"].update_one({"_id": "a"}, {"$set": {"attempts": AT_ONCE.tries}})

    async def run(_: Job) -> None:
        raise AssertionError

    async with working(outbox, kind_of(run)):
        await until(all_are(outbox, "dead", "a"))


@pytest.mark.parametrize(("attempts", "most"), [(1, 5), (2, 20), (3, 80), (9, 3600), (1000, 3600)])
def test_pauses_grow_to_a_bound_and_fall_anywhere_below_it(attempts: int, most: float):
    backoff = Backoff(5, 4, 3600, 12)
    assert backoff.delay_s(attempts, 1) == most
    assert backoff.delay_s(attempts, 0.25) == most / 4
    assert backoff.delay_s(attempts, 0) == 0


async def test_many_jobs_are_done_in_little_time(database: Database):
    outbox = Outbox(database)
    done: Counter[str] = Counter()

    async def run(job: Job) -> None:
        done[job.id] += 1

    ids = [f"j{n}" for n in range(90)]
    async with working(outbox, kind_of(run)):
        await outbox.add([request(job_id, workspace=f"w{n % 9}") for n, job_id in enumerate(ids)])
        await until(lambda: len(done) == len(ids), 30)
        await until(all_are(outbox, "done", ids[0], ids[-1]))
    assert set(done.values()) == {1}


async def test_words_that_no_database_takes_are_kept_as_near_as_can_be(repository_database: Database):
    outbox = Outbox(repository_database)

    async def run(_: Job) -> None:
        raise JobFailed("550 gr\udcfc\udcdfe " + "x" * 9000, permanent=True)

    async with working(outbox, kind_of(run)):
        await outbox.add([request("a")])
        await until(all_are(outbox, "dead", "a"))
    row = await outbox.find("a")
    assert row
    assert row.last_error
    assert row.last_error.startswith("550 gr??e x")
    assert len(row.last_error) == 500


async def test_a_result_that_cannot_be_noted_costs_its_slot_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    outbox = Outbox(database)
    done: list[str] = []

    async def run(job: Job) -> None:
        done.append(job.id)

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    async with working(outbox, kind_of(run, at_once=1)) as worker:
        with monkeypatch.context() as patched:
            patched.setattr(outbox, "write", broken)
            await outbox.add([request("a")])
            await until(lambda: done == ["a"] and worker.running == 0)
        await outbox.add([request("b")])
        await until(all_are(outbox, "done", "b"))
        assert await outbox.release_expired(all_of_them=True) == 1
        await until(all_are(outbox, "done", "a"))
    assert "could not be noted" in caplog.text
