"""The lists of the console: conversations and leads of one workspace, newest first, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from actors.ids import ConversationId, LeadId, UserId, WorkspaceId
from server.conversation_rows import ConversationRow, row_of
from server.cursors import CursorError, Place, decode, encode, milliseconds
from server.database import Collection, Database, Document
from server.entries import storable
from server.newest_first import NewestFirst, Rows, Wanted, by_time, few

__all__ = [
    "ConversationList",
    "ConversationPage",
    "ConversationRow",
    "CursorError",
    "HeldBy",
    "LeadList",
    "LeadPage",
    "LeadRow",
    "Show",
]

Show: TypeAlias = Literal["engaged", "all"]
HeldBy: TypeAlias = Literal["bot", "waiting", "mine", "others"]

_BY_ACTIVITY = by_time("last_activity_at")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEARCHED = ("visitor_name", "preview", "claimed_by_name", "page.url", "page.title")
_MOST_SEARCHED = 200


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Rows, newest activity first, and the cursor of the next page; with a cursor a page may be short."""

    rows: tuple[ConversationRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead as the inbox lists it."""

    id: LeadId
    conversation_id: ConversationId
    name: str
    email: str
    phone: str
    message: str
    source: str
    captured_at: datetime


@dataclass(frozen=True, slots=True)
class LeadPage:
    """Leads, newest first, and the cursor of the next page."""

    rows: tuple[LeadRow, ...]
    next: str | None


class ConversationList:
    """The conversations of a workspace. Whoever wants their newest news awaits `Journal.settled` first."""

    def __init__(self, database: Database, workspace_id: WorkspaceId) -> None:
        self._collection: Collection = database["conversations"]
        self._workspace_id = workspace_id

    async def page(
        self,
        show: Show = "engaged",
        *,
        q: str = "",
        holder: HeldBy | None = None,
        user_id: UserId | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> ConversationPage:
        """A page. `user_id` is who looks, for "mine" and "others".

        Raises:
            CursorError: `after` is not one of our cursors.
        """
        clauses = [_shown(show), _searched(q), _also_held(holder, user_id)]
        also: Document = {"$and": wanted} if (wanted := [clause for clause in clauses if clause]) else {}
        scope = {"workspace_id": self._workspace_id, **_held(holder, user_id)}
        page = await self._read(Wanted(scope, also), decode(after) if after else None, limit)
        return ConversationPage(tuple(row_of(document) for document in page.documents), _next(page))

    async def _read(self, wanted: Wanted, after: Place | None, limit: int) -> Rows:
        if len(wanted.scope) > 1:  # few conversations wait or are held at a time, and an index finds them
            return await few(self._collection, wanted, _BY_ACTIVITY, after, limit)
        return await NewestFirst(self._collection, wanted, _BY_ACTIVITY).page(_now(), after, limit)


class LeadList:
    """The leads of a workspace."""

    def __init__(self, database: Database, workspace_id: WorkspaceId) -> None:
        self._collection: Collection = database["leads"]
        self._workspace_id = workspace_id

    async def page(self, after: str | None = None, limit: int = 50) -> LeadPage:
        """A page. Raises CursorError."""
        rows = NewestFirst(
            self._collection, Wanted({"workspace_id": self._workspace_id}), by_time("captured_at")
        )
        page = await rows.page(_now(), decode(after) if after else None, limit)
        return LeadPage(tuple(_lead(document) for document in page.documents), _next(page))

    async def lead(self, lead_id: LeadId) -> LeadRow | None:
        """One lead, or None when there is none of this id in the workspace."""
        document = await self._collection.find_one(
            {"_id": storable(lead_id), "workspace_id": self._workspace_id}
        )
        return _lead(document) if document else None


def _now() -> int:
    return milliseconds(datetime.now(UTC))


def _next(page: Rows) -> str | None:
    return encode(page.next) if page.next else None


def _shown(show: Show) -> Document | None:
    if show == "all":
        return None
    # Who asks for a person before writing anything is engaged too.
    return {"$or": [{"user_message_count": {"$gt": 0}}, {"waiting_since": {"$gt": _EPOCH}}]}


def _searched(q: str) -> Document | None:
    words = storable(q.strip())[:_MOST_SEARCHED]
    if not words:
        return None
    pattern = {"$regex": re.escape(words), "$options": "i"}
    return {"$or": [{field: pattern} for field in _SEARCHED]}


def _held(holder: HeldBy | None, user_id: UserId | None) -> Document:
    match holder:
        case "waiting":
            return {"waiting_since": {"$gt": _EPOCH}}
        case "mine":
            return {"claimed_by_user_id": user_id or ""}
        case "others":
            return {"claimed_by_user_id": {"$gt": ""}}
        case None | "bot":
            return {}


def _also_held(holder: HeldBy | None, user_id: UserId | None) -> Document | None:
    if holder == "others":
        return {"claimed_by_user_id": {"$ne": user_id}}
    return {"claimed_by_user_id": None, "waiting_since": None} if holder == "bot" else None


def _lead(document: Document) -> LeadRow:
    return LeadRow(
        id=LeadId(document["_id"]),
        conversation_id=ConversationId(document.get("conversation_id") or ""),
        name=document.get("name") or "",
        email=document.get("email") or "",
        phone=document.get("phone") or "",
        message=document.get("message") or "",
        source=document.get("source") or "",
        captured_at=document["captured_at"],
    )
