"""Looks in the database for jobs that nobody told the worker of."""

from __future__ import annotations

from datetime import timedelta

from server.jobs.backlog import JobBacklog
from server.jobs.outbox import Outbox, Position, now_ms

LOOK_BACK = timedelta(seconds=60)
"""How late a job may turn up: slow writes and other processes' clocks put them behind what was looked at."""

_PAGE = 2_000


class JobScan:
    """Reads pending jobs by the time they are due, page by page, once through and then only what is recent.

    The embedded engine fetches all that a query matches before it applies a limit, 400 ms at 10,000 jobs: so
    what was seen is remembered in the backlog, and a look is bounded by time.
    """

    def __init__(self, outbox: Outbox, backlog: JobBacklog, page: int = _PAGE) -> None:
        self._outbox = outbox
        self._backlog = backlog
        self._page = page
        self._position: Position | None = None

    async def look(self) -> bool:
        """Read one page; gives whether there may be more. Raises PyMongoError."""
        now = now_ms()
        found = await self._outbox.pending(self._position, now, self._page)
        for job, run_at in found:
            self._backlog.offer(job, run_at)
        if len(found) >= self._page:
            job, run_at = found[-1]
            self._position = Position(run_at, job.id)
            return True
        since = self._backlog.left_out_since()
        self._position = Position(min(now - LOOK_BACK, since or now), "")
        return since is not None
