"""Reading the audit log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actors.ids import UserId, WorkspaceId
from server.store.cursors import decode, encode
from server.store.database import ASCENDING, Collection, Document
from server.store.newest_first import NewestFirst, Wanted, by_count

_STRIDE = 500


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry of the audit log, with its place in the chain."""

    id: str
    workspace_id: WorkspaceId
    at: datetime
    user_id: UserId | None
    action: str
    target_type: str
    target_id: str
    ip: str
    user_agent: str
    chain_seq: int
    prev_hash: str
    hash: str
    details: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; what is None does not matter. `since <= at < until`."""

    action: str | None = None
    user_id: UserId | None = None
    target_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first, and the cursor of the next page, None at the end."""

    entries: tuple[AuditEntry, ...]
    next: str | None


class AuditQueries:
    """Pages of a workspace's entries, and its whole chain."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def page(
        self, workspace_id: WorkspaceId, wanted: AuditFilter, newest: int, after: str | None, limit: int
    ) -> AuditPage:
        """A page, newest first; `newest` is about where the chain ends. Raises CursorError."""
        place = decode(after) if after else None
        rows = NewestFirst(
            self._collection, Wanted({"workspace_id": workspace_id}, _query(wanted)), by_count("chain_seq")
        )
        page = await rows.page(newest + 1, place, limit)
        entries = tuple(_entry(document) for document in page.documents)
        return AuditPage(entries, encode(page.next) if page.next else None)

    async def chain(self, workspace_id: WorkspaceId) -> AsyncIterator[Document]:
        """Every entry by `chain_seq`, then those that somebody put there without one."""
        lower = 1
        while documents := await self._stride(workspace_id, lower):
            for document in documents:
                yield document
            lower = int(documents[-1]["chain_seq"]) + 1
        strangers = {"workspace_id": workspace_id, "chain_seq": {"$not": {"$gte": 1}}}
        for document in await self._collection.find(strangers).to_list(1):
            yield document

    async def _stride(self, workspace_id: WorkspaceId, lower: int) -> list[Document]:
        # Windows, because the embedded engine would sort the whole chain for each page of it.
        within = {"workspace_id": workspace_id, "chain_seq": {"$gte": lower, "$lt": lower + _STRIDE}}
        documents = await self._sorted(within)
        return documents or await self._sorted({"workspace_id": workspace_id, "chain_seq": {"$gte": lower}})

    async def _sorted(self, query: Document) -> list[Document]:
        sort = [("chain_seq", ASCENDING)]
        return await self._collection.find(query, sort=sort, limit=_STRIDE).to_list(_STRIDE)


def _query(wanted: AuditFilter) -> Document:
    named = {"action": wanted.action, "user_id": wanted.user_id, "target_id": wanted.target_id}
    query: Document = {name: value for name, value in named.items() if value is not None}
    between = {"$gte": wanted.since, "$lt": wanted.until}
    bounds = {name: value for name, value in between.items() if value is not None}
    return query | ({"at": bounds} if bounds else {})


def _entry(document: Document) -> AuditEntry:
    return AuditEntry(
        id=document["_id"],
        workspace_id=WorkspaceId(document["workspace_id"]),
        at=document["at"],
        user_id=document.get("user_id"),
        action=document["action"],
        target_type=document.get("target_type") or "",
        target_id=document.get("target_id") or "",
        ip=document.get("ip") or "",
        user_agent=document.get("user_agent") or "",
        chain_seq=int(document.get("chain_seq") or 0),
        prev_hash=document.get("prev_hash") or "",
        hash=document.get("hash") or "",
        details=document.get("details") or {},
    )
