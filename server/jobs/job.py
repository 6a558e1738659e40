"""A job while it is being done, how it may fail, and what is known of its kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from actors.errors import BatonError
from actors.ids import WorkspaceId
from actors.jobs import JobName
from server.store.storable import storable

ERROR_CHARACTERS = 500


class JobFailed(BatonError):
    """A try that did not work, in the words of whoever refused it.

    Args:
        words: why, one line.
        permanent: trying again cannot help.
        retry_after_s: the receiver asked not to be bothered before.
    """

    def __init__(self, words: str, *, permanent: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(storable(" ".join(words.split())[:ERROR_CHARACTERS]))
        self.permanent = permanent
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it is handed out. `attempts` counts this try; `id` is its idempotency key."""

    id: str
    kind: str
    workspace_id: WorkspaceId
    lane: str
    payload: Mapping[str, str]
    attempts: int
    created_at: datetime

    def next_try(self) -> Job:
        """The same job, once more."""
        return replace(self, attempts=self.attempts + 1)


@dataclass(frozen=True, slots=True)
class Backoff:
    """When a failed try is repeated: any moment up to a bound that grows by `factor`, `tries` tries in all.

    Any moment, so that what failed together does not come back together.
    """

    first_s: float
    factor: float
    most_s: float
    tries: int

    def delay_s(self, attempts: int, chance: float) -> float:
        """The pause after try number `attempts`; `chance` is from 0 to 1."""
        bound = min(self.first_s * self.factor ** min(attempts - 1, 64), self.most_s)
        return bound * chance


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a kind of job does, and how many of it may run.

    Args:
        name: its name in the database.
        run: does the job; raises JobFailed. It may run again for the same job, even if it succeeded before.
        backoff: when to repeat.
        timeout_s: how long one try may take.
        at_once: how many run at once in all.
        per_workspace: how many of one workspace, so that one whose receivers hang leaves room for others.
        per_lane: how many of one lane; a lane that failed last gets one try at a time until it works.
    """

    name: JobName
    run: Callable[[Job], Awaitable[None]]
    backoff: Backoff
    timeout_s: float
    at_once: int = 32
    per_workspace: int = 8
    per_lane: int = 4
