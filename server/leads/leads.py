"""The leads of one workspace: pages, search, the feed of what is new."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from actors.ids import ConversationId, LeadId, UserId, WorkspaceId
from actors.lead import Lead
from server.conversations.shortcuts import NO_SHORTCUTS, Shortcuts
from server.leads.documents import lead_of
from server.leads.feed_cursor import FeedCursors
from server.leads.numbers import LeadNumbers, numbered
from server.leads.reads import LeadReads
from server.search.word_store import Hit
from server.store.cursors import Place, decode, encode
from server.store.database import ASCENDING, DESCENDING, Collection, Database, Document
from server.store.newest_first import NewestFirst, Rows, Wanted, by_time

FEED_LEADS = 100
"""The most that one answer of the feed holds; whoever is behind by more asks again at once."""

_MOST_ROWS = 100
_MOST_WORDS = 8
_QUERY_CHARACTERS = 200
_SEARCHED = ("name", "email", "phone", "message")
_NOT_OURS = {"jobs": 0}


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead in a list, and whether the member who asks has read it."""

    lead: Lead
    read: bool = True


@dataclass(frozen=True, slots=True)
class LeadPage:
    """A page of leads, newest first. It may be short while `next` is set; `next` None is the end."""

    rows: tuple[LeadRow, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class LeadFeed:
    """Leads as they came, and the cursor to ask with next; `more` when there are more already."""

    leads: tuple[Lead, ...]
    cursor: str
    more: bool = False


class Leads:
    """Reads leads, only of its workspace. Every method may raise PyMongoError."""

    def __init__(
        self,
        database: Database,
        workspace_id: WorkspaceId,
        cursors: FeedCursors,
        shortcuts: Shortcuts = NO_SHORTCUTS,
    ) -> None:
        self._leads: Collection = database["leads"]
        self._workspace_id = workspace_id
        self._cursors = cursors
        self._shortcuts = shortcuts
        self._numbers = LeadNumbers(database)
        self.reads = LeadReads(database, workspace_id)

    async def page(
        self, q: str = "", after: str | None = None, limit: int = 50, user_id: UserId | None = None
    ) -> LeadPage:
        """A page; with `q`, of the leads that have every one of its words in name, address, number or text.

        Raises CursorError when `after` is not one of our cursors.
        """
        rows = await self._rows(q, decode(after) if after else None, max(1, min(limit, _MOST_ROWS)))
        marks = await self.reads.of(user_id) if user_id else None
        leads = (lead_of(document) for document in rows.documents)
        return LeadPage(
            tuple(LeadRow(lead, marks is None or marks.has(lead)) for lead in leads),
            encode(rows.next) if rows.next else None,
        )

    async def lead(self, lead_id: LeadId) -> Lead | None:
        """One lead; None for one of another workspace."""
        query = {"_id": lead_id, "workspace_id": self._workspace_id}
        document = await self._leads.find_one(query, _NOT_OURS)
        return lead_of(document) if document else None

    async def of_conversation(self, conversation_id: ConversationId) -> Lead | None:
        """The newest lead of a conversation."""
        query = {"conversation_id": conversation_id, "workspace_id": self._workspace_id}
        document = await self._leads.find_one(query, _NOT_OURS, sort=[("captured_at", DESCENDING)])
        return lead_of(document) if document else None

    async def feed(self, after: str | None) -> LeadFeed:
        """What came after a cursor; without one, nothing but the present cursor. Raises CursorError."""
        if after is None:
            newest = await self._numbers.newest(self._workspace_id)
            return LeadFeed((), self._cursors.seal(self._workspace_id, newest))
        seq = self._cursors.open(self._workspace_id, after)
        found = await self._numbered(seq, seq + 2 * FEED_LEADS)
        if not found and await self._numbers.newest(self._workspace_id) > seq + 2 * FEED_LEADS:
            found = await self._numbered(seq)  # many were deleted here
        leads = tuple(lead_of(document) for document in found[:FEED_LEADS])
        last = leads[-1].seq if leads else seq
        return LeadFeed(leads, self._cursors.seal(self._workspace_id, last), len(found) > FEED_LEADS)

    async def _rows(self, q: str, after: Place | None, limit: int) -> Rows:
        search = await self._shortcuts.searching(q)
        if search is None:
            wanted = Wanted({"workspace_id": self._workspace_id}, _matching(q))
            newest = NewestFirst(self._leads, wanted, by_time("captured_at"), self._shortcuts.tops)
            return await newest.page(round(time.time() * 1000), after, limit)
        before = Hit(after.value, after.id) if after else None
        hits = await search.leads(self._workspace_id, q, before, limit)
        query: Document = {"_id": {"$in": [hit.id for hit in hits.found]}, "workspace_id": self._workspace_id}
        there = {each["_id"]: each for each in await self._leads.find(query, _NOT_OURS).to_list(None)}
        documents = [there[hit.id] for hit in hits.found if hit.id in there]
        return Rows(documents, Place(hits.more.at, hits.more.id) if hits.more else None)

    async def _numbered(self, after: int, upto: int | None = None) -> list[Document]:
        query = numbered(self._workspace_id, after, upto)
        most = FEED_LEADS + 1
        found = self._leads.find(query, _NOT_OURS, sort=[("place", ASCENDING)], limit=most)
        return await found.to_list(most)


def _matching(q: str) -> Document:
    words = q[:_QUERY_CHARACTERS].split()[:_MOST_WORDS]
    if not words:
        return {}
    return {
        "$and": [
            {"$or": [{field: {"$regex": re.escape(word), "$options": "i"}} for field in _SEARCHED]}
            for word in words
        ]
    }
