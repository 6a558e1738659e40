"""The lists of the console: conversations and leads of one workspace, newest first, page by page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from actors.ids import ConversationId, UserId, WorkspaceId
from handlers.ports import ConversationQuery, HeldBy, Show
from server.conversations.narrow import WORTH_TRYING_S
from server.conversations.rows import ENGAGED_AT, ConversationRow, row_of
from server.conversations.shortcuts import NO_SHORTCUTS, Shortcuts
from server.search.found import Found
from server.search.search import Search
from server.store.batches import batches
from server.store.cursors import CursorError, Place, decode, encode, milliseconds
from server.store.database import Collection, Database, Document
from server.store.newest_first import NewestFirst, Rows, Wanted, by_time, few
from server.store.storable import storable

__all__ = [
    "ConversationList",
    "ConversationPage",
    "ConversationRow",
    "CursorError",
]

_BY_ACTIVITY = by_time("last_activity_at")
_BY_ENGAGEMENT = by_time(ENGAGED_AT)
_BY_WAIT = by_time("waiting_since")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEARCHED = (
    "visitor_name",
    "lead_name",
    "person.name",
    "person.email",
    "preview",
    "claimed_by_name",
    "page.url",
    "page.title",
)
_MOST_SEARCHED = 200


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Rows, and the cursor of the next page; with a cursor a page may be short.

    Newest activity first; those who wait, longest waiting first.
    """

    rows: tuple[ConversationRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Matching:
    """A conversation that would be deleted with others. `has_lead`: a way to reach somebody goes with it."""

    id: ConversationId
    has_lead: bool


class ConversationList:
    """The conversations of a workspace. Whoever wants their newest news awaits `Journal.settled` first."""

    def __init__(
        self, database: Database, workspace_id: WorkspaceId, shortcuts: Shortcuts = NO_SHORTCUTS
    ) -> None:
        self._collection: Collection = database["conversations"]
        self._workspace_id = workspace_id
        self._shortcuts = shortcuts

    async def page(
        self,
        query: ConversationQuery,
        after: str | None = None,
        limit: int = 50,
    ) -> ConversationPage:
        """A page.

        Raises:
            CursorError: `after` is not one of our cursors.
        """
        place = decode(after) if after else None
        search = await self._shortcuts.searching(query.q)
        wanted = self._wanted(query, search)
        engaged = query.show == "engaged"
        if search and query.holder != "waiting":
            found = Found(self._collection, search, self._workspace_id, query.q, engaged=engaged)
            page = await found.page(wanted, place, limit)
        elif query.holder == "waiting":
            page = await self._longest_waiting(wanted, place, limit, (search, query.q) if search else None)
        else:
            page = await self._read(wanted, place, limit, engaged=engaged)
        return ConversationPage(tuple(row_of(document) for document in page.documents), _next(page))

    async def matching(
        self,
        query: ConversationQuery,
        upto: datetime | None = None,
        most: int = 100_000,
    ) -> list[Matching]:
        """All that the list would show, at most so many; `upto` leaves out what began later."""
        search = await self._shortcuts.searching(query.q)
        wanted = self._wanted(query, search)
        clauses = [wanted.scope, wanted.also, {"created_at": {"$lte": upto}} if upto else {}]
        matching: Document = {"$and": [clause for clause in clauses if clause]}
        if search is None:
            return await self._found(matching, most)
        ids = await search.all(self._workspace_id, query.q, engaged=query.show == "engaged")
        found: list[Matching] = []
        for some in batches(ids[:most]):
            found += await self._found({"$and": [{"_id": {"$in": some}}, matching]}, len(some))
        return found

    async def waiting(self, most: int = 1_000) -> tuple[ConversationId, ...]:
        """Those in which a visitor waits for a person, at most so many; one read of the index."""
        query = {"workspace_id": self._workspace_id, **_held("waiting", None)}
        found = await self._collection.find(query, {"_id": 1}, limit=most).to_list(most)
        return tuple(ConversationId(each["_id"]) for each in found)

    async def empty(self, most: int = 100_000) -> list[Matching]:
        """All in which no visitor has written, whoever asked for a person or holds it."""
        return await self._found({"workspace_id": self._workspace_id, "user_message_count": 0}, most)

    async def _found(self, query: Document, most: int) -> list[Matching]:
        found = await self._collection.find(query, {"has_lead": 1}, limit=most).to_list(most)
        return [Matching(ConversationId(each["_id"]), bool(each.get("has_lead"))) for each in found]

    def _wanted(self, query: ConversationQuery, search: Search | None) -> Wanted:
        """What the documents have to say; with a `search` it is that which finds the words."""
        holder, user_id = query.holder, query.user_id
        within = {"workspace_id": self._workspace_id, **_held(holder, user_id)}
        clauses = [_shown(query.show), _searched("" if search else query.q), _also_held(holder, user_id)]
        scope = within
        if query.tag is not None:
            clauses, scope = [within, *clauses], {"tag_ids": storable(query.tag)}
        also: Document = {"$and": wanted} if (wanted := [clause for clause in clauses if clause]) else {}
        return Wanted(scope, also)

    async def _longest_waiting(
        self, wanted: Wanted, after: Place | None, limit: int, searched: tuple[Search, str] | None
    ) -> Rows:
        page = await few(self._collection, wanted, _BY_WAIT, after, limit, oldest_first=True)
        if searched is None:
            return page
        search, q = searched
        ids = await search.among(self._workspace_id, q, [each["_id"] for each in page.documents])
        return Rows([each for each in page.documents if each["_id"] in ids], page.next)

    async def _read(self, wanted: Wanted, after: Place | None, limit: int, *, engaged: bool) -> Rows:
        scope, also, tops = wanted.scope, wanted.also, self._shortcuts.tops
        by = _BY_ENGAGEMENT if engaged and self._shortcuts.engaged_at else _BY_ACTIVITY
        if scope.keys() == {"workspace_id"}:
            return await NewestFirst(self._collection, wanted, by, tops).page(_now(), after, limit)
        if not self._shortcuts.narrow.is_known(scope):
            both: Document = {"$and": [scope, also]} if also else scope
            everything: Document = {"workspace_id": self._workspace_id}
            among = NewestFirst(self._collection, Wanted(everything, both), by, tops)
            page = await among.page(_now(), after, limit, budget_s=WORTH_TRYING_S)
            if len(page.documents) == limit or page.next is None:
                return page
        with self._shortcuts.narrow.timed(scope):
            return await few(self._collection, wanted, _BY_ACTIVITY, after, limit)


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
