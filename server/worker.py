"""The worker: takes jobs from the outbox as slots allow, does them, and writes down how it went."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterable, Sequence

from server.database import PyMongoError
from server.job import Job, JobFailed, JobKind
from server.job_results import JobResults
from server.job_slots import JobSlots
from server.outbox import Leased, Outbox
from server.persistence import Persistence

_log = logging.getLogger(__name__)

POLL_S = 2.0
"""How often to look for jobs that nobody told us of: retries that fall due, other processes' jobs."""

_EXPIRED_EVERY_S = 5.0
_LEASE_SLACK_S = 15.0  # past a try's own time limit: for the database to hear of it
_UNEXPECTED = "Something unexpected went wrong; the log of the server has the details."


class Worker:
    """Does the jobs of the registered kinds, at least once each.

    A job runs under a lease that outlasts its time limit; when a process dies, its jobs go back when their
    leases end, or when the next process starts alone.
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
        self._kinds = {kind.name: kind for kind in kinds}
        self._slots = {kind.name: JobSlots(kind) for kind in self._kinds.values()}
        self._results = JobResults(outbox, persistence or Persistence())
        self._poll_s = poll_s
        self._chance = chance
        self._jobs: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False
        self._expired_at = 0.0

    async def start(self, *, alone: bool = False) -> None:
        """Begin. `alone`: no other process works on this database, so that running jobs are a dead one's."""
        if alone and (count := await self._outbox.release_expired(all_of_them=True)):
            _log.warning("%d jobs were interrupted by the last stop and go on", count)
        self._loop = asyncio.create_task(self._run(), name="worker")

    async def stop(self, within_s: float = 8.0) -> None:
        """Take no more jobs, let those that run end within the bound, put the rest back."""
        self._stopping = True
        self._outbox.notify()
        end = time.monotonic() + within_s
        if self._loop is not None:
            await asyncio.wait({self._loop}, timeout=within_s)
            self._loop.cancel()
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

    async def _run(self) -> None:
        failing = False
        while not self._stopping:
            try:
                found = await self._round()
            except PyMongoError as error:
                if not failing:
                    _log.warning("no jobs can be taken, trying on: %s", error)
                failing, found = True, 0
            else:
                failing = False
            if not found:
                await self._outbox.news(self._poll_s)

    async def _round(self) -> int:
        if time.monotonic() >= self._expired_at:
            self._expired_at = time.monotonic() + _EXPIRED_EVERY_S
            if count := await self._outbox.release_expired():
                _log.warning("%d jobs outlived their lease and are tried again", count)
        started = [await self._start_some(kind) for kind in self._kinds.values()]
        return sum(started)

    async def _start_some(self, kind: JobKind) -> int:
        slots = self._slots[kind.name]
        if slots.free <= 0 or self._stopping:
            return 0
        due = await self._outbox.due(kind.name, slots.free, slots.full_workspaces(), slots.full_lanes())
        chosen = [job for job in due if slots.take(job)]
        if chosen:
            await self._lease(kind, slots, chosen)
        return len(chosen)

    async def _lease(self, kind: JobKind, slots: JobSlots, chosen: Sequence[Job]) -> None:
        leased: list[Leased] = []
        try:
            leased = await self._outbox.lease(chosen, kind.timeout_s + _LEASE_SLACK_S)
        finally:
            ours = {each.job.id for each in leased}
            for job in chosen:
                if job.id not in ours:
                    slots.give_back(job)
        for each in leased:
            task = asyncio.create_task(self._do(kind, slots, each), name=f"job {each.job.id}")
            self._jobs.add(task)
            task.add_done_callback(self._jobs.discard)

    async def _do(self, kind: JobKind, slots: JobSlots, leased: Leased) -> None:
        try:
            failure = await self._try(kind, leased.job)
            slots.note(leased.job, worked=failure is None)
            await self._settle(kind, leased, failure)
        except asyncio.CancelledError:
            await self._results.returned(leased)
            raise
        finally:
            slots.give_back(leased.job)
            self._outbox.notify()

    async def _try(self, kind: JobKind, job: Job) -> JobFailed | None:
        if job.attempts > kind.backoff.tries:
            return JobFailed("The server stopped in the middle of each try.", permanent=True)
        try:
            async with asyncio.timeout(kind.timeout_s):
                await kind.run(job)
        except JobFailed as error:
            return error
        except TimeoutError:
            return JobFailed(f"It took longer than {kind.timeout_s:g} s.")
        except PyMongoError as error:
            return JobFailed(f"The database did not answer: {error}")
        except Exception:  # noqa: BLE001 - one job's mistake must not stop the others
            _log.exception("job %s failed unexpectedly", job.id)
            return JobFailed(_UNEXPECTED)
        return None

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
            await self._results.failed(leased, str(failure), delay_s)
