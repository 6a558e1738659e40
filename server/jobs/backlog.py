"""The jobs that wait in memory for a slot: by kind, by lane, in turn."""

from __future__ import annotations

import heapq
from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import datetime
from itertools import count

from server.jobs.job import Job
from server.jobs.slots import JobSlots

MOST = 20_000
MOST_PER_LANE = 2_000
"""What a lane has beyond this stays in the database until it has room: a dead receiver piles jobs up."""


class JobBacklog:
    """Waiting jobs, each once. What does not fit is left to a later look into the database."""

    def __init__(self, most: int = MOST, most_per_lane: int = MOST_PER_LANE) -> None:
        self._most = most
        self._most_per_lane = most_per_lane
        self._known: set[str] = set()
        self._lanes: dict[str, OrderedDict[str, deque[Job]]] = {}
        self._later: list[tuple[datetime, int, Job]] = []
        self._numbers = count()
        self._left_out: dict[tuple[str, str], datetime] = {}

    def __len__(self) -> int:
        return len(self._known)

    def offer(self, job: Job, run_at: datetime) -> None:
        """Keep a job that is due, unless it is kept, or running, already."""
        if job.id in self._known:
            return
        lanes = self._lanes.setdefault(job.kind, OrderedDict())
        if len(self._known) >= self._most or self._waiting(job.kind, job.lane) >= self._most_per_lane:
            place = (job.kind, job.lane)
            self._left_out[place] = min(run_at, self._left_out.get(place, run_at))
            return
        self._known.add(job.id)
        lanes.setdefault(job.lane, deque()).append(job)

    def again(self, job: Job, run_at: datetime) -> None:
        """Keep a job that was taken, for a while later."""
        heapq.heappush(self._later, (run_at, next(self._numbers), job))

    def ripen(self, now: datetime) -> datetime | None:
        """Let wait in line what has become due; gives when the next one does."""
        while self._later and self._later[0][0] <= now:
            run_at, _, job = heapq.heappop(self._later)
            self._known.discard(job.id)
            self.offer(job, run_at)
        return self._later[0][0] if self._later else None

    def take(self, kind: str, slots: JobSlots) -> list[Job]:
        """As many jobs as there are slots for, the lanes in turn; known until they are forgotten."""
        lanes = self._lanes.get(kind)
        if not lanes:
            return []
        taken: list[Job] = []
        stuck = 0
        while lanes and stuck < len(lanes) and slots.free > 0:
            lane, waiting = next(iter(lanes.items()))
            if slots.take(waiting[0]):
                taken.append(waiting.popleft())
                stuck = 0
            else:
                stuck += 1
            lanes.move_to_end(lane)
            if not waiting:
                del lanes[lane]
        return taken

    def forget(self, jobs: Iterable[Job]) -> None:
        """They are done, or somebody else's."""
        self._known.difference_update(job.id for job in jobs)

    def left_out_since(self) -> datetime | None:
        """From when to look again for jobs that did not fit and would fit now; None when there are none."""
        if len(self._known) > self._most // 2:
            return None
        fits = [place for place in self._left_out if self._waiting(*place) <= self._most_per_lane // 2]
        return min((self._left_out.pop(place) for place in fits), default=None)

    def _waiting(self, kind: str, lane: str) -> int:
        lanes = self._lanes.get(kind)
        return len(lanes[lane]) if lanes and lane in lanes else 0
