"""What the edge needs to change settings and knowledge and to read the audit log.

`server/management.py` passes it in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from actors.appearance import DEFAULT_APPEARANCE, Appearance
from actors.behaviour import BehaviourRule
from actors.errors import BatonError
from actors.ids import UserId, WorkspaceId
from actors.lead_form import LeadForm
from actors.log import Source
from actors.speech import ENGLISH

if TYPE_CHECKING:
    from handlers.doors.people_ports import Doer
    from handlers.management.webhook_ports import WebhookDesk
    from handlers.ports import Agent
    from handlers.widget.identity import Identity

# Every method here raises UnavailableError when the database is away.


# The audit log


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries are wanted; what is None does not matter. `since <= at < until`."""

    action: str | None = None
    user_id: UserId | None = None
    target_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry, with the names of whom and what it is about, as far as they are known still."""

    id: str
    seq: int
    at: datetime
    user_id: UserId | None
    action: str
    target_type: str
    target_id: str
    ip: str
    user_agent: str
    hash: str
    who: str | None = None
    target: str | None = None
    taken_from: str | None = None
    details: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class AuditRows:
    """A page of entries, newest first; `next` is the cursor of the one after."""

    rows: tuple[AuditRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What checking the chain found; `count` and `head_hash` tell how far it is whole."""

    ok: bool
    count: int
    head_hash: str
    bad_id: str | None = None
    problem: str | None = None


class AuditDesk(Protocol):
    """The audit log of a workspace."""

    async def page(self, workspace_id: WorkspaceId, query: AuditQuery, limit: int = 50) -> AuditRows:
        """Newest first. Raises BadCursorError."""
        ...

    async def verify(self, workspace_id: WorkspaceId, head: str | None = None) -> AuditVerdict:
        """Check every hash. `head`: one that was noted earlier, which must still be in the chain."""
        ...

    async def people(self, workspace_id: WorkspaceId) -> Mapping[UserId, str]:
        """The names of the members, by id."""
        ...


# Settings


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """All that admins set about a workspace. `model` says what words the answers, and is not set here."""

    site_title: str
    agent: Agent
    allowed_origins: tuple[str, ...]
    lead_form: LeadForm
    rules: tuple[BehaviourRule, ...]
    appearance: Appearance = DEFAULT_APPEARANCE
    language: str = ENGLISH
    model: str = ""


class SettingsDesk(Protocol):
    """Reads and writes them."""

    async def identity(self, workspace_id: WorkspaceId) -> Identity:
        """How the workspace checks who its visitors are; without a secret until one is made."""
        ...

    async def renew_identity(self, doer: Doer) -> Identity:
        """Make a secret, or a new one; the old one holds for another 24 hours."""
        ...

    async def require_identity(self, doer: Doer, *, on: bool) -> Identity:
        """Refuse, or take as an unverified claim, who comes without a hash."""
        ...

    async def read(self, workspace_id: WorkspaceId) -> WorkspaceSettings:
        """As they are."""
        ...

    async def change(
        self, doer: Doer, section: str, change: Callable[[WorkspaceSettings], WorkspaceSettings]
    ) -> WorkspaceSettings:
        """Change, recorded with what was before and after; in force at once. Nothing changed: no record."""
        ...


class AgentFailedError(BatonError):
    """The agent could not answer."""


class TooManyTriesError(BatonError):
    """More questions than a workspace may try in a while: a model costs money."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was said while trying the agent out."""

    by_visitor: bool
    text: str


@dataclass(frozen=True, slots=True)
class TriedAnswer:
    """What the agent would say."""

    text: str
    sources: tuple[Source, ...]
    known: bool


class TryOut(Protocol):
    """Asks the agent without a conversation."""

    async def answer(self, workspace_id: WorkspaceId, turns: tuple[Turn, ...]) -> TriedAnswer:
        """The answer to the last turn. Raises AgentFailedError, TooManyTriesError."""
        ...


# Knowledge


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A knowledge source."""

    id: str
    name: str
    kind: str
    passage_count: int
    updated_at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage of one."""

    position: int
    title: str
    text: str


class UnreadableError(BatonError):
    """A file that is no knowledge, and why."""


class NameTakenError(BatonError):
    """There is a source of this name already."""


class KnowledgeDesk(Protocol):
    """What the agent answers from."""

    async def sources(self, workspace_id: WorkspaceId) -> tuple[SourceRow, ...]:
        """By name."""
        ...

    async def add(self, doer: Doer, name: str, data: bytes) -> SourceRow:
        """Read a file and keep it. Raises UnreadableError, NameTakenError."""
        ...

    async def replace(self, doer: Doer, source_id: str, name: str, data: bytes) -> SourceRow | None:
        """Put a file, called `name`, in a source's place. None: there is none. Raises UnreadableError."""
        ...

    async def delete(self, doer: Doer, source_id: str) -> bool:
        """Remove one; false when there is none."""
        ...

    async def passages(
        self, workspace_id: WorkspaceId, source_id: str, start: int, limit: int
    ) -> tuple[SourceRow, tuple[PassageRow, ...]] | None:
        """A source and some of its passages, from a position on. None: no such source."""
        ...


@dataclass(frozen=True, slots=True)
class Management:
    """All of it."""

    settings: SettingsDesk
    tryout: TryOut
    knowledge: KnowledgeDesk
    audit: AuditDesk
    webhooks: WebhookDesk
