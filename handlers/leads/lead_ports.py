"""What the edge needs to show leads. `server/leads/desk.py` passes it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from actors.ids import LeadId, UserId, WorkspaceId
from actors.lead import Lead

if TYPE_CHECKING:
    from actors.log import ConversationKey

# Every method here raises UnavailableError when the database is away.


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead in the inbox of somebody, who has seen it or not."""

    lead: Lead
    unread: bool


@dataclass(frozen=True, slots=True)
class LeadQuery:
    """Which leads are wanted, by whom. `q` is searched for in names, addresses and texts."""

    user_id: UserId
    q: str = ""
    after: str | None = None


@dataclass(frozen=True, slots=True)
class LeadPage:
    """A page of leads, newest first; `next` is the cursor of the one after.

    `any` is false in a workspace without any.
    """

    rows: tuple[LeadRow, ...]
    next: str | None
    any: bool


@dataclass(frozen=True, slots=True)
class LeadFeed:
    """The leads since a cursor, oldest first, and the cursor to ask with next. `more` came than are here."""

    leads: tuple[Lead, ...]
    cursor: str
    more: bool = False


class LeadDesk(Protocol):
    """Leads as a team reads them, each method inside one workspace."""

    async def page(self, workspace_id: WorkspaceId, query: LeadQuery) -> LeadPage:
        """A page of the inbox. Raises BadCursorError."""
        ...

    async def lead(self, workspace_id: WorkspaceId, lead_id: LeadId) -> Lead | None:
        """One lead."""
        ...

    async def of_conversation(self, key: ConversationKey) -> Lead | None:
        """The newest that came from a conversation."""
        ...

    async def feed(self, workspace_id: WorkspaceId, after: str | None) -> LeadFeed:
        """What is new. Without `after`: no leads, the present cursor. Raises BadCursorError."""
        ...

    async def unread(self, workspace_id: WorkspaceId, user_id: UserId) -> int:
        """How many somebody has not opened."""
        ...

    async def mark_read(self, workspace_id: WorkspaceId, user_id: UserId, lead_id: LeadId) -> bool:
        """Note that somebody has opened a lead; false when there is none of this id."""
        ...

    async def mark_all_read(self, workspace_id: WorkspaceId, user_id: UserId) -> None:
        """Note that somebody has seen all there are."""
        ...
