"""How many jobs of a kind may run: in all, per workspace, per lane."""

from __future__ import annotations

from collections import Counter

from server.jobs.job import Job, JobKind


class JobSlots:
    """The slots of one kind. Whoever takes one gives it back."""

    def __init__(self, kind: JobKind) -> None:
        self._kind = kind
        self._workspaces: Counter[str] = Counter()
        self._lanes: Counter[str] = Counter()
        self._troubled: set[str] = set()
        self.running = 0

    @property
    def free(self) -> int:
        """How many more may run in all."""
        return self._kind.at_once - self.running

    def take(self, job: Job) -> bool:
        """Take a slot for a job, if there is one."""
        if (
            self.free <= 0
            or self._workspaces[job.workspace_id] >= self._kind.per_workspace
            or self._lanes[job.lane] >= self._lane_limit(job.lane)
        ):
            return False
        self.running += 1
        self._workspaces[job.workspace_id] += 1
        self._lanes[job.lane] += 1
        return True

    def give_back(self, job: Job) -> None:
        """The job ended."""
        self.running -= 1
        for counter, key in ((self._workspaces, job.workspace_id), (self._lanes, job.lane)):
            counter[key] -= 1
            if counter[key] <= 0:
                del counter[key]

    def note(self, job: Job, *, worked: bool) -> None:
        """How the newest try on a lane went."""
        if worked:
            self._troubled.discard(job.lane)
        else:
            self._troubled.add(job.lane)

    def _lane_limit(self, lane: str) -> int:
        return 1 if lane in self._troubled else self._kind.per_lane
