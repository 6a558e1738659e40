"""What the edge needs to manage webhooks and deliveries. `server/webhooks/desk.py` passes it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from actors.errors import BatonError
from actors.ids import WorkspaceId

if TYPE_CHECKING:
    from handlers.doors.people_ports import Doer

# Every method here raises UnavailableError when the database is away.


class WebhookRefusedError(BatonError):
    """A webhook that cannot be as asked for. `field` is the one that is wrong."""

    def __init__(self, wrong_field: str, words: str) -> None:
        super().__init__(words)
        self.field = wrong_field


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook, without its secret. The one before signs too until `previous_until`."""

    id: str
    url: str
    events: tuple[str, ...]
    enabled: bool
    created_at: datetime
    failing_since: datetime | None
    disabled_reason: str | None
    previous_until: datetime | None


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook whose secret is new: it is shown this once."""

    webhook: WebhookRow
    secret: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A try. `status` is None when nothing came back, and `error` says why it was no success."""

    id: str
    event: str
    attempt: int
    at: datetime
    duration_ms: int
    delivered: bool
    status: int | None
    error: str
    response: str
    again: bool
    """Whether it can be sent once more; a test cannot."""


@dataclass(frozen=True, slots=True)
class DeliveryRows:
    """A page of tries, newest first."""

    rows: tuple[DeliveryRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class DeadJob:
    """What was given up, and why."""

    id: str
    kind: str
    attempts: int
    words: str
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class MailFailure:
    """The newest failure of mail in words; `recovered_at` is when mail went out again."""

    words: str
    failed_at: datetime
    recovered_at: datetime | None


class WebhookDesk(Protocol):
    """Webhooks, inside one workspace each. None or False: there is no such thing in it."""

    async def all(self, workspace_id: WorkspaceId) -> tuple[WebhookRow, ...]:
        """Oldest first."""
        ...

    async def create(self, doer: Doer, url: str, events: tuple[str, ...]) -> NewSecret:
        """Make one. Raises WebhookRefusedError."""
        ...

    async def change(
        self, doer: Doer, webhook_id: str, url: str, events: tuple[str, ...]
    ) -> WebhookRow | None:
        """Change where it goes and what it is told of. Raises WebhookRefusedError."""
        ...

    async def switch(self, doer: Doer, webhook_id: str, *, on: bool) -> WebhookRow | None:
        """Switch it on or off."""
        ...

    async def rotate(self, doer: Doer, webhook_id: str) -> NewSecret | None:
        """Give it a new secret; the old one signs too for a day."""
        ...

    async def delete(self, doer: Doer, webhook_id: str) -> bool:
        """Remove it."""
        ...

    async def test(self, workspace_id: WorkspaceId, webhook_id: str) -> DeliveryRow | None:
        """Try it now, and wait for what comes back."""
        ...

    async def deliveries(
        self, workspace_id: WorkspaceId, webhook_id: str, after: str | None
    ) -> DeliveryRows | None:
        """A page of its log. Raises BadCursorError."""
        ...

    async def redeliver(self, workspace_id: WorkspaceId, webhook_id: str, delivery_id: str) -> bool:
        """Send an event once more."""
        ...

    async def dead(self, workspace_id: WorkspaceId) -> tuple[DeadJob, ...]:
        """What was given up, mail and webhooks."""
        ...

    async def retry(self, workspace_id: WorkspaceId, job_id: str) -> bool:
        """Try one of them again."""
        ...

    async def mail_failure(self, workspace_id: WorkspaceId) -> MailFailure | None:
        """The newest failure of mail, if there ever was one."""
        ...
