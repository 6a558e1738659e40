"""The lists of the console: conversations and leads of one workspace, newest first, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from actors.ids import ConversationId, LeadId, UserId, WorkspaceId
from server.conversation_rows import ConversationRow, row_of
from server.cursors import CursorError, decode, encode, milliseconds
from server.database import Collection, Database, Document
from server.newest_first import NewestFirst, Rows, all_at_once, by_time

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
        clauses = [_shown(show), _searched(q), _held(holder, user_id)]
        query: Document = {"workspace_id": self._workspace_id}
        if wanted := [clause for clause in clauses if clause]:
            query["$and"] = wanted
        # Few conversations wait or are held at a time, and an index finds them.
        scale = by_time if holder in {None, "bot"} else all_at_once
        page = await _page(NewestFirst(self._collection, query, scale("last_activity_at")), after, limit)
        return ConversationPage(tuple(row_of(document) for document in page.documents), _next(page))


class LeadList:
    """The leads of a workspace."""

    def __init__(self, database: Database, workspace_id: WorkspaceId) -> None:
        self._collection: Collection = database["leads"]
        self._workspace_id = workspace_id

    async def page(self, after: str | None = None, limit: int = 50) -> LeadPage:
        """A page. Raises CursorError."""
        query = {"workspace_id": self._workspace_id}
        page = await _page(NewestFirst(self._collection, query, by_time("captured_at")), after, limit)
        return LeadPage(tuple(_lead(document) for document in page.documents), _next(page))

    async def lead(self, lead_id: LeadId) -> LeadRow | None:
        """One lead, or None when there is none of this id in the workspace."""
        document = await self._collection.find_one({"_id": lead_id, "workspace_id": self._workspace_id})
        return _lead(document) if document else None


async def _page(rows: NewestFirst, after: str | None, limit: int) -> Rows:
    place = decode(after) if after else None
    return await rows.page(milliseconds(datetime.now(UTC)), place, limit)


def _next(page: Rows) -> str | None:
    return encode(page.next) if page.next else None


def _shown(show: Show) -> Document | None:
    if show == "all":
        return None
    # Who asks for a person before writing anything is engaged too.
    return {"$or": [{"user_message_count": {"$gt": 0}}, {"waiting_since": {"$gt": _EPOCH}}]}


def _searched(q: str) -> Document | None:
    words = q.strip()[:_MOST_SEARCHED]
    if not words:
        return None
    pattern = {"$regex": re.escape(words), "$options": "i"}
    return {"$or": [{field: pattern} for field in _SEARCHED]}


def _held(holder: HeldBy | None, user_id: UserId | None) -> Document | None:
    match holder:
        case None:
            return None
        case "bot":
            return {"claimed_by_user_id": None, "waiting_since": None}
        case "waiting":
            return {"waiting_since": {"$gt": _EPOCH}}
        case "mine":
            return {"claimed_by_user_id": user_id or ""}
        case "others":
            return {"claimed_by_user_id": {"$gt": "", "$ne": user_id}}


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
