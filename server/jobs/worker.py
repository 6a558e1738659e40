"""The worker: takes jobs from the outbox as slots allow, does them, and writes down how it went."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta

from server.jobs.backlog import JobBacklog
from server.jobs.job import Job, JobFailed, JobKind
from server.jobs.one_try import attempt
from server.jobs.outbox import Leased, Outbox, now_ms
from server.jobs.results import JobResults
from server.jobs.scan import JobScan
from server.jobs.slots import JobSlots
from server.store.database import PyMongoError
from server.store.persistence import Persistence

_log = logging.getLogger(__name__)

POLL_S = 5.0
"""How often to look for jobs that nobody told us of: other processes', and retries after a long pause."""

_KEPT_IN_MEMORY_S = 60.0
_LEASE_SLACK_S = 15.0  # past a try's own time limit: for the database to hear of it
_PAUSE_S = 1.0
_REST = 19.0  # a look may take a twentieth of the time


class Worker:
    """Does the jobs of the registered kinds, at least once each.

    A job runs under a lease that outlasts its time limit; when a process dies, its jobs go back when their
    leases end, or at once when the next process starts alone.
    """

    def __init__(
        self,
        outbox: Outbox,
        kinds: Iterable[JobKind],
        persistence: Persistence | None = None,
        *,
        poll_s: float = POLL_S,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._outbox = outbox
        self._kinds = {kind.name.value: kind for kind in kinds}
        self._slots = {name: JobSlots(kind) for name, kind in self._kinds.items()}
        self._results = JobResults(outbox, persistence or Persistence())
        self._backlog = JobBacklog()
        self._scan = JobScan(outbox, self._backlog)
        self._poll_s = poll_s
        self._chance = chance
        self._news = asyncio.Event()
        self._look = asyncio.Event()
        self._jobs: set[asyncio.Task[None]] = set()
        self._loops: set[asyncio.Task[None]] = set()
        self._stopping = False
        outbox.watch(self._hear)

    async def start(self, *, alone: bool = False) -> None:
        """Begin. `alone`: no other process works on this database, so that running jobs are a dead one's."""
        if alone and (count := await self._outbox.release_expired(all_of_them=True)):
            _log.warning("%d jobs were interrupted by the last stop and go on", count)
        self._loops = {
            asyncio.create_task(self._hand_out(), name="worker"),
            asyncio.create_task(self._look_around(), name="worker's look around"),
        }

    async def stop(self, within_s: float = 8.0) -> None:
        """Take no more jobs, let those that run end within the bound, put the rest back."""
        self._stopping = True
        end = time.monotonic() + within_s
        for event in (self._news, self._look):
            event.set()
        if self._loops:
            await asyncio.wait(self._loops, timeout=within_s / 2)
        for loop in self._loops:
            loop.cancel()
        if self._jobs:
            await asyncio.wait(self._jobs, timeout=max(0.0, end - time.monotonic() - 1))
        for job in self._jobs:
            job.cancel()
        if self._jobs:
            await asyncio.wait(self._jobs, timeout=max(0.5, end - time.monotonic()))
        await self._results.cancel()

    @property
    def running(self) -> int:
        """How many jobs are being done."""
        return len(self._jobs)

    # Finding jobs

    def _hear(self, jobs: Sequence[Job]) -> None:
        now = now_ms()
        for job in jobs:
            self._backlog.offer(job, now)
        if not jobs:
            self._look.set()
        self._news.set()

    async def _look_around(self) -> None:
        failing = False
        while not self._stopping:
            more, began = False, time.monotonic()
            try:
                if count := await self._outbox.release_expired():
                    _log.warning("%d jobs outlived their lease and are tried again", count)
                more = await self._scan.look()
            except PyMongoError as error:
                if not failing:
                    _log.warning("no jobs can be looked for, trying on: %s", error)
                failing = True
            except Exception:  # noqa: BLE001 - this loop must outlive whatever one look does
                _log.exception("a look for jobs failed unexpectedly")
            else:
                failing = False
                self._news.set()
            await self._rest(time.monotonic() - began, more=more)

    async def _rest(self, looked_s: float, *, more: bool) -> None:
        # Looks at a long backlog cost the embedded engine seconds, which leads and messages would wait for.
        if more:
            await asyncio.sleep(looked_s)
        else:
            await _heard(self._look, max(self._poll_s, looked_s * _REST))

    # Handing them out

    async def _hand_out(self) -> None:
        while not self._stopping:
            next_at = self._backlog.ripen(now_ms())
            try:
                started = await self._start_some()
            except Exception:  # noqa: BLE001 - this loop must outlive whatever one round does
                _log.exception("handing out jobs failed unexpectedly")
                await asyncio.sleep(_PAUSE_S)
                continue
            if not started:
                pause_s = (next_at - now_ms()).total_seconds() if next_at else _KEPT_IN_MEMORY_S
                await _heard(self._news, max(pause_s, 0.001))

    async def _start_some(self) -> bool:
        started = False
        for name, kind in self._kinds.items():
            chosen = self._backlog.take(name, self._slots[name])
            if chosen:
                started = await self._start(kind, chosen) or started
        return started

    async def _start(self, kind: JobKind, chosen: Sequence[Job]) -> bool:
        slots = self._slots[kind.name.value]
        try:
            leased = await self._outbox.lease(chosen, kind.timeout_s + _LEASE_SLACK_S)
        except PyMongoError as error:
            _log.warning("jobs cannot be leased, trying on: %s", error)
            for job in chosen:
                slots.give_back(job)
                self._backlog.again(job, now_ms() + timedelta(seconds=_PAUSE_S))
            return False
        ours = {each.job.id for each in leased}
        lost = [job for job in chosen if job.id not in ours]
        self._backlog.forget(lost)
        for job in lost:
            slots.give_back(job)
        for each in leased:
            task = asyncio.create_task(self._do(kind, slots, each), name=f"job {each.job.id}")
            self._jobs.add(task)
            task.add_done_callback(self._jobs.discard)
        return True

    # Doing them

    async def _do(self, kind: JobKind, slots: JobSlots, leased: Leased) -> None:
        job = leased.job
        try:
            failure = await attempt(kind, job)
            slots.note(job, worked=failure is None)
            await self._settle(kind, leased, failure)
        except asyncio.CancelledError:
            await self._results.returned(leased)
            raise
        except Exception:  # noqa: BLE001 - what can't be noted is found again when its lease ends
            _log.exception("how job %s went could not be noted", job.id)
            self._backlog.forget([job])
        finally:
            slots.give_back(job)
            self._news.set()

    async def _settle(self, kind: JobKind, leased: Leased, failure: JobFailed | None) -> None:
        job, tries = leased.job, kind.backoff.tries
        if failure is None:
            await self._results.done(leased)
        elif failure.permanent or job.attempts >= tries:
            _log.error("job %s is given up after %d tries: %s", job.id, job.attempts, failure)
            await self._results.died(leased, str(failure))
        else:
            delay_s = max(kind.backoff.delay_s(job.attempts, self._chance()), failure.retry_after_s or 0)
            _log.warning(
                "job %s failed, try %d of %d, again in %.0f s: %s",
                job.id,
                job.attempts,
                tries,
                delay_s,
                failure,
            )
            run_at = await self._results.failed(leased, str(failure), delay_s)
            if delay_s <= _KEPT_IN_MEMORY_S:
                self._backlog.again(job.next_try(), run_at)
                return
        self._backlog.forget([job])


async def _heard(event: asyncio.Event, within_s: float) -> None:
    # Not wait_for: before Python 3.12 it swallows a cancellation that comes with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await event.wait()
    event.clear()
