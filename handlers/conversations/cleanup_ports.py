"""What clean-up needs from inside, as protocols: deleting conversations, and tagging them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from actors.errors import BatonError
from actors.ids import ConversationId, UserId, WorkspaceId
from actors.log import Origin
from actors.messages import TagsPut
from handlers.ports import ConversationQuery


@dataclass(frozen=True, slots=True)
class By:
    """Who asks for something to be done, and where."""

    workspace_id: WorkspaceId
    user_id: UserId
    origin: Origin


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be deleted: so many conversations, and how many of them left a lead. As of `at`."""

    count: int
    leads: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many are deleted, and how many are still to be looked at, when it takes longer than one waits."""

    count: int
    left: int = 0


class Cleanup(Protocol):
    """Deletes, inside one workspace. Raises UnavailableError when the database is away: nothing is done."""

    async def preview(self, workspace_id: WorkspaceId, query: ConversationQuery) -> Preview:
        """What the list shows, all pages of it."""
        ...

    async def preview_empty(self, workspace_id: WorkspaceId) -> Preview:
        """Those in which no visitor wrote."""
        ...

    async def delete(self, by: By, ids: Sequence[ConversationId]) -> Deleted:
        """These; ids of other workspaces are dropped."""
        ...

    async def delete_matching(self, by: By, query: ConversationQuery, upto: datetime) -> Deleted:
        """All that the list shows, but for those that began after `upto`."""
        ...

    async def delete_empty(self, by: By) -> Deleted:
        """Those in which no visitor wrote, and does not write before they go."""
        ...


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag."""

    id: str
    name: str
    colour: str


class TagRefusedError(BatonError):
    """A tag that can't be so, and why, in words."""


class Tagging(Protocol):
    """Tags, inside one workspace. Raises UnavailableError when the database is away."""

    async def all(self, workspace_id: WorkspaceId) -> Sequence[Tag]:
        """Every tag, by name."""
        ...

    async def make(self, by: By, name: str, colour: str) -> Tag:
        """A new tag. Raises TagRefusedError."""
        ...

    async def change(self, by: By, tag_id: str, name: str | None, colour: str | None) -> Tag | None:
        """Rename or colour one; None when there is none. Raises TagRefusedError."""
        ...

    async def remove(self, by: By, tag_id: str) -> bool:
        """Remove one, from every conversation; false when there is none."""
        ...

    async def put(
        self, by: By, ids: Sequence[ConversationId], add: Sequence[str], remove: Sequence[str]
    ) -> Mapping[ConversationId, TagsPut]:
        """Put tags on conversations and take others off; gives what each bears now. Drops foreign ids."""
        ...
