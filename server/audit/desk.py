"""`handlers.management.management_ports.AuditDesk` over the audit log, with the names of whom it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from actors.ids import UserId, WorkspaceId
from handlers.management import management_ports as edge
from server.audit.audit import AuditEntry, AuditFilter, AuditLog
from server.edge import reaching_the_store
from server.people.members import Members

if TYPE_CHECKING:
    from server.store.database import Database


class StoreAuditDesk:
    """Reads; the one writer stays the audit log."""

    def __init__(self, database: Database, audit: AuditLog) -> None:
        self._users = database["users"]
        self._conversations = database["conversations"]
        self._members = Members(database)
        self._audit = audit

    async def page(
        self, workspace_id: WorkspaceId, query: edge.AuditQuery, limit: int = 50
    ) -> edge.AuditRows:
        """A page of entries."""
        wanted = AuditFilter(query.action, query.user_id, query.target_id, query.since, query.until)
        with reaching_the_store():
            page = await self._audit.list(workspace_id, wanted, query.after, limit)
            people = await self._names(page.entries)
            visitors = await self._visitors(workspace_id, page.entries)
        return edge.AuditRows(tuple(_row(each, people, visitors) for each in page.entries), page.next)

    async def verify(self, workspace_id: WorkspaceId, head: str | None = None) -> edge.AuditVerdict:
        """Check the chain."""
        with reaching_the_store():
            found = await self._audit.verify(workspace_id, head)
        return edge.AuditVerdict(found.ok, found.count, found.head_hash, found.bad_id, found.problem)

    async def people(self, workspace_id: WorkspaceId) -> Mapping[UserId, str]:
        """The members, by name."""
        with reaching_the_store():
            found = await self._members.of_workspace(workspace_id)
        return {member.user_id: member.name or member.email for member in found}

    async def _names(self, entries: Iterable[AuditEntry]) -> dict[str, str]:
        """Of everybody who is named in these entries, also who has left since."""
        ids = {str(entry.user_id) for entry in entries if entry.user_id}
        ids |= {entry.target_id for entry in entries if entry.target_type == "user"}
        ids |= {str(entry.details["taken_from"]) for entry in entries if entry.details.get("taken_from")}
        if not ids:
            return {}
        found = self._users.find({"_id": {"$in": sorted(ids)}}, {"name": 1, "email": 1})
        return {user["_id"]: user.get("name") or user["email"] async for user in found}

    async def _visitors(self, workspace_id: WorkspaceId, entries: Iterable[AuditEntry]) -> dict[str, str]:
        ids = {entry.target_id for entry in entries if entry.target_type == "conversation"}
        if not ids:
            return {}
        query = {"_id": {"$in": sorted(ids)}, "workspace_id": workspace_id}
        found = self._conversations.find(query, {"visitor_name": 1})
        return {document["_id"]: document.get("visitor_name") or "Visitor" async for document in found}


def _row(entry: AuditEntry, people: Mapping[str, str], visitors: Mapping[str, str]) -> edge.AuditRow:
    targets = people if entry.target_type == "user" else visitors
    return edge.AuditRow(
        id=entry.id,
        seq=entry.chain_seq,
        at=entry.at,
        user_id=entry.user_id,
        action=entry.action,
        target_type=entry.target_type,
        target_id=entry.target_id,
        ip=entry.ip,
        user_agent=entry.user_agent,
        hash=entry.hash,
        who=people.get(str(entry.user_id)) if entry.user_id else None,
        target=targets.get(entry.target_id) if entry.target_type in {"user", "conversation"} else None,
        taken_from=people.get(str(entry.details.get("taken_from"))),
        details=entry.details,
    )
