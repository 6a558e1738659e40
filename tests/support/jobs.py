"""Makers of jobs, and a wait for what must become true."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from actors.ids import WorkspaceId
from actors.jobs import JobName, JobRequest
from server.jobs.job import Backoff, Job, JobKind

AT_ONCE = Backoff(first_s=0.01, factor=1, most_s=0.01, tries=3)


def request(
    job_id: str, lane: str = "lane", workspace: str = "w", kind: JobName = JobName.LEAD_MAIL, **payload: str
) -> JobRequest:
    """A job."""
    return JobRequest(job_id, kind, WorkspaceId(workspace), lane, payload)


def kind_of(
    run: Callable[[Job], Awaitable[None]],
    name: JobName = JobName.LEAD_MAIL,
    backoff: Backoff = AT_ONCE,
    timeout_s: float = 5,
    **limits: int,
) -> JobKind:
    """A kind of job that does what the test says."""
    return JobKind(name, run, backoff, timeout_s, **limits)


async def until(check: Callable[[], object] | Callable[[], Awaitable[object]], within_s: float = 10) -> None:
    """Wait until `check` gives something true."""
    end = time.monotonic() + within_s
    while True:
        found = check()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        assert time.monotonic() < end, "it did not come true in time"
        await asyncio.sleep(0.02)
