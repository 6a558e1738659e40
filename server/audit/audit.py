"""The audit log: who did what, once each, in a chain of hashes that shows every later change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from actors.ids import UserId, WorkspaceId
from server.audit.chain import Head, VerifyReport, check, head_after, linked
from server.audit.heads import AuditHeads
from server.audit.queries import AuditEntry, AuditFilter, AuditPage, AuditQueries
from server.store.database import AutoReconnect, BulkWriteError, Collection, Database, Document
from server.store.group_commit import GroupCommit
from server.store.persistence import Persistence
from server.store.storable import storable

__all__ = ["AuditEntry", "AuditFilter", "AuditLog", "AuditPage", "AuditRecord", "VerifyReport"]

_MOST_CHARACTERS = 1000
_MOST_IN_A_DETAIL = 10_000  # all of a workspace's rules, before or after they were changed


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """What is to be recorded, once per `id`. `details` hold ids and settings, never what people typed."""

    id: str
    at: datetime
    user_id: UserId | None
    action: str
    target_type: str
    target_id: str
    ip: str = ""
    user_agent: str = ""
    details: Mapping[str, str | int | bool | None] = field(default_factory=dict[str, str | int | bool | None])


@dataclass(frozen=True, slots=True)
class _Wanted:
    documents: Sequence[Document]
    durable: asyncio.Future[None]


class AuditLog:
    """The one writer of `audit_logs`, and their reader."""

    def __init__(self, database: Database, persistence: Persistence | None = None) -> None:
        self._collection: Collection = database["audit_logs"]
        self._persistence = persistence or Persistence()
        self._heads = AuditHeads(database)
        self._commits: GroupCommit[_Wanted] = GroupCommit(self._write)
        self._queries = AuditQueries(self._collection)

    async def append(self, workspace_id: WorkspaceId, record: AuditRecord) -> None:
        """Record, durable on return; the same id again changes nothing. Tries until the database has it."""
        await self.append_all([(workspace_id, record)])

    async def append_all(self, records: Sequence[tuple[WorkspaceId, AuditRecord]]) -> None:
        """Record several, in this order, durable on return."""
        if not records:
            return
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        documents = [_document(workspace_id, record) for workspace_id, record in records]
        self._commits.add(_Wanted(documents, durable), len(documents))
        await durable

    async def verify(self, workspace_id: WorkspaceId, exported_head: str | None = None) -> VerifyReport:
        """Check a workspace's chain. `exported_head`: a hash noted earlier, which must still be in it."""
        return await check(workspace_id, self._queries.chain(workspace_id), exported_head)

    async def list(
        self,
        workspace_id: WorkspaceId,
        wanted: AuditFilter | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> AuditPage:
        """A page of entries, newest first. Raises CursorError when `after` is not one of our cursors."""
        newest = 0 if after else (await self._heads.of(workspace_id)).chain_seq
        return await self._queries.page(workspace_id, wanted or AuditFilter(), newest, after, limit)

    async def drained(self) -> None:
        """Wait until all that was asked for is durable."""
        await self._commits.drained()

    async def close(self) -> None:
        """Stop; what is not yet durable is not recorded, and nobody was told that it is."""
        await self._commits.cancel()

    async def _write(self, batch: Sequence[_Wanted]) -> None:
        documents = {document["_id"]: document for wanted in batch for document in wanted.documents}
        await self._persistence.until_done("writing the audit log", lambda: self._insert(documents))
        for wanted in batch:
            if not wanted.durable.done():
                wanted.durable.set_result(None)

    async def _insert(self, documents: Mapping[str, Document]) -> None:
        new = await self._missing(documents)
        heads = {w: await self._heads.of(w) for w in {document["workspace_id"] for document in new}}
        chained: list[Document] = []
        for document in new:
            placed = linked(document, heads[document["workspace_id"]])
            heads[document["workspace_id"]] = head_after(placed)
            chained.append(placed)
        if chained:
            await self._insert_in_order(chained, heads)

    async def _insert_in_order(self, chained: Sequence[Document], heads: Mapping[str, Head]) -> None:
        # In order: what a failure leaves unwritten is the end of a chain, never a link in it.
        self._heads.forget(heads)
        try:
            await self._collection.insert_many(chained, ordered=True)
        except BulkWriteError as error:  # another process wrote to this chain: read its head anew
            raise AutoReconnect("the audit chain has moved on") from error
        await self._heads.moved(heads)

    async def _missing(self, documents: Mapping[str, Document]) -> list[Document]:
        found = await self._collection.find({"_id": {"$in": list(documents)}}, {"_id": 1}).to_list(None)
        stored = {document["_id"] for document in found}
        return [document for identity, document in documents.items() if identity not in stored]


def _document(workspace_id: WorkspaceId, record: AuditRecord) -> Document:
    return {
        "_id": record.id,
        "workspace_id": workspace_id,
        "at": record.at.replace(microsecond=record.at.microsecond // 1000 * 1000),
        "user_id": record.user_id,
        "action": record.action,
        "target_type": record.target_type,
        "target_id": storable(record.target_id),
        "ip": storable(record.ip)[:_MOST_CHARACTERS],
        "user_agent": storable(record.user_agent)[:_MOST_CHARACTERS],
        "details": {
            name: storable(value)[:_MOST_IN_A_DETAIL] if isinstance(value, str) else value
            for name, value in record.details.items()
        },
    }
