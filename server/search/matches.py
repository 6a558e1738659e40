"""Why a search found the conversations of a page: what each has that begins like a searched word."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from actors.ids import ConversationId, WorkspaceId
from actors.log import ConversationKey, EntryType, Speaker
from handlers.ports import Match, Place
from server.conversations.rows import ConversationRow
from server.search.excerpt import excerpt, plain
from server.search.words import words_asked
from server.store.batches import IDS_AT_ONCE
from server.store.database import Collection, Database, Document

_AT_ONCE = 200
"""Entries of one conversation: those of longer ones are read by themselves, from the newest back."""

_READ_AT_ONCE = 500
"""Entries in one query, about: 40 ms on the embedded engine. Most pages have fewer in all."""

BUDGET_S = 0.3
"""What comes after it is not looked at, nor further back in long conversations: it has no line."""

_ENTRY = {"conversation_id": 1, "seq": 1, "type": 1, "role": 1, "text": 1, "note": 1, "author_name": 1}
_LEAD = {"conversation_id": 1, "name": 1, "email": 1, "phone": 1}

_OF_PEOPLE: tuple[Place, ...] = ("name", "email", "phone")

_Candidate: TypeAlias = tuple[Place, Speaker | None, str]


class Matches:
    """Looks for the words of `q` in conversations of a workspace. Raises PyMongoError."""

    def __init__(
        self, database: Database, workspace_id: WorkspaceId, q: str, budget_s: float = BUDGET_S
    ) -> None:
        self._messages: Collection = database["messages"]
        self._leads: Collection = database["leads"]
        self._workspace_id = workspace_id
        self._words = words_asked(q)
        self._budget_s = budget_s

    async def of(self, rows: Sequence[ConversationRow]) -> Mapping[ConversationKey, Match]:
        """For each the line that has most of the words; what was said last goes before what is known."""
        matches: dict[ConversationKey, Match] = {}
        if not self._words:
            return matches
        until = time.monotonic() + self._budget_s
        for some in _portions(rows):
            leads = await self._of(self._leads, [_id(row) for row in some], _LEAD)
            short = [_id(row) for row in some if row.standing.seq <= _AT_ONCE]
            logs = await self._of(self._messages, short, _ENTRY)
            for row in some:
                known = _known(row, leads.get(_id(row), ()))
                log = logs.get(_id(row), [])
                if row.standing.seq > _AT_ONCE:
                    log = await self._end_of(row, until if self._best(known) is None else None)
                if match := self._best(chain(_said(log), known, _spoke(log))):
                    matches[row.conversation.key] = match
                await asyncio.sleep(0)  # looking through two hundred entries takes a millisecond
            if time.monotonic() > until:
                break
        return matches

    async def _of(
        self, collection: Collection, ids: list[ConversationId], fields: Document
    ) -> dict[str, list[Document]]:
        query: Document = {"conversation_id": {"$in": ids}, "workspace_id": self._workspace_id}
        found: dict[str, list[Document]] = {}
        for document in await collection.find(query, fields).to_list(None) if ids else ():
            found.setdefault(document["conversation_id"], []).append(document)
        return found

    async def _end_of(self, row: ConversationRow, until: float | None) -> list[Document]:
        """The newest entries of a long one; `until` then those before them, while none has a word."""
        above = row.standing.seq - _AT_ONCE
        log = await self._between(row, {"$gt": above})
        while above > 0 and until and time.monotonic() < until and self._best(_said(log)) is None:
            upto, above = above, max(0, above - _AT_ONCE)
            log = await self._between(row, {"$gt": above, "$lte": upto})
        return log

    async def _between(self, row: ConversationRow, seq: Document) -> list[Document]:
        key = row.conversation.key
        query: Document = {
            "conversation_id": key.conversation_id,
            "workspace_id": self._workspace_id,
            "seq": seq,
        }
        return await self._messages.find(query, _ENTRY).to_list(None)

    def _best(self, candidates: Iterable[_Candidate]) -> Match | None:
        best: tuple[int, Match] | None = None
        for place, role, text in candidates:
            found = excerpt(text, self._words) if text else None
            if found is not None and (best is None or found.words > best[0]):
                best = found.words, Match(place, found.pieces, role)
                if found.words == len(self._words):
                    break
        return best[1] if best else None


def _portions(rows: Sequence[ConversationRow]) -> Iterator[list[ConversationRow]]:
    portion: list[ConversationRow] = []
    entries = 0
    for row in rows:
        more = min(row.standing.seq, _AT_ONCE)
        if portion and (entries + more > _READ_AT_ONCE or len(portion) == IDS_AT_ONCE):
            yield portion
            portion, entries = [], 0
        portion.append(row)
        entries += more
    if portion:
        yield portion


def _id(row: ConversationRow) -> ConversationId:
    return row.conversation.key.conversation_id


def _said(log: Iterable[Document]) -> Iterator[_Candidate]:
    """Messages and notes, the newest first: as they show, and then what does not show as it was written."""
    newest_first = sorted(log, key=lambda entry: entry["seq"], reverse=True)
    hidden: list[_Candidate] = []
    for entry in newest_first:
        role = Speaker(entry["role"]) if entry.get("role") else None
        text: str = entry.get("text") or ""
        shown = text if role is Speaker.VISITOR else plain(text)
        yield "message", role, shown
        yield "note", None, entry.get("note") or ""
        if shown != text:
            hidden.append(("message", role, text))
    yield from hidden


def _known(row: ConversationRow, leads: Iterable[Document]) -> list[_Candidate]:
    """Who the visitor is, and where the conversation began."""
    conversation = row.conversation
    people = [(lead.get("name"), lead.get("email"), lead.get("phone")) for lead in leads]
    if person := conversation.person:
        people.append((person.name, person.email, None))
    people.append((conversation.visitor_name, None, None))
    fields: list[_Candidate] = []
    for index, place in enumerate(_OF_PEOPLE):
        fields.extend((place, None, each[index] or "") for each in people)
    page = conversation.page
    addresses = (page.url.partition("://")[2], page.url)
    return [*fields, *(("page", None, text) for text in (page.title, *addresses))]


def _spoke(log: Iterable[Document]) -> Iterator[_Candidate]:
    """Who of the team was there."""
    for name in {entry.get("author_name"): None for entry in log if _is_by_member(entry)}:
        yield "member", None, name or ""


def _is_by_member(entry: Document) -> bool:
    return entry.get("role") == Speaker.HUMAN or entry["type"] in {EntryType.CLAIMED, EntryType.RELEASED}
