"""A database that lets no query of ours forget its workspace; a double at the port that repositories use."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from pymongo import DeleteMany, DeleteOne, ReplaceOne, UpdateMany, UpdateOne

from server.store.database import Collection, Database

TENANT_COLLECTIONS = {
    "analytics_days",
    "analytics_events",
    "audit_logs",
    "conversations",
    "invitations",
    "jobs",
    "knowledge_sources",
    "leads",
    "messages",
    "passages",
    "tags",
    "visitors",
    "webhook_deliveries",
    "webhook_endpoints",
    "workspace_users",
}

_DERIVED = "the id, or place, is made from the workspace's own and is no one's to choose"
_START = "a sweep of all workspaces at the start; nobody asks for it or sees what it finds"
_SECRET = "found by a secret that only its owner has, and compared with the workspace that is asked"
_OWN_BATCH = "a batch of our own writes, of several workspaces; compared with each one's afterwards"
_WORKER = "the worker takes the jobs of all workspaces in turn; each names its own"
_PERSON = "which workspaces a person belongs to is the question"
_NARROWED = "its ids go into a query that names the workspace"

MAY_LOOK_EVERYWHERE = {
    "server/analytics/repair.py": _START,
    "server/audit/audit.py:_missing": _OWN_BATCH,
    "server/conversations/entry_store.py:_stored_by_us": _OWN_BATCH,
    "server/people/invitations.py:_one": _SECRET,
    "server/people/invitations.py:drop": _DERIVED,
    "server/people/invitations.py:send": _DERIVED,
    "server/people/invitations.py:use": _SECRET,
    "server/knowledge/knowledge.py:_published": _DERIVED,
    "server/knowledge/knowledge.py:_reserved": _DERIVED,
    "server/leads/audience.py:of_all": "workspaces by name, several at a time, told apart by what is found",
    "server/leads/capture.py:_previous": _OWN_BATCH,
    "server/leads/capture.py:_there": _OWN_BATCH,
    "server/leads/capture.py:_update": _OWN_BATCH,
    "server/leads/follow_up.py": _OWN_BATCH,
    "server/leads/numbers.py:newest": _DERIVED,
    "server/leads/reads.py:unread": _DERIVED,
    "server/leads/leads.py:_numbered": _DERIVED,
    "server/conversations/log_repair.py:_behind": _START,
    "server/conversations/log_repair.py:_touched": _START,
    "server/conversations/log_repair.py:_unrecorded": _START,
    "server/people/members.py:accept": _DERIVED,
    "server/people/members.py:any_of": _PERSON,
    "server/people/members.py:change_role": _DERIVED,
    "server/people/members.py:lead_mail": _DERIVED,
    "server/people/members.py:membership": _DERIVED,
    "server/people/members.py:memberships_of": _PERSON,
    "server/people/members.py:remove": _DERIVED,
    "server/people/members.py:set_lead_mail": _DERIVED,
    "server/store/newest_first.py:_newest": "its second stage names it: the index is by tag alone",
    "server/conversations/orphan_check.py": "`baton doctor` looks at everything, and tells numbers",
    "server/jobs/outbox.py": _WORKER,
    "server/store/persistence.py:until_done": "takes back entries of our own by the id of our write",
    "server/cleanup/purge.py:_visitors": "of conversations that were found in the workspace",
    "server/cleanup/purge.py:written_in": "of conversations that were found in the workspace",
    "server/search/found.py:_read": _NARROWED,
    "server/search/reads.py:_names": _OWN_BATCH,
    "server/search/reads.py:_read": _OWN_BATCH,
    "server/search/reads.py:of_ids": _OWN_BATCH,
    "server/search/reads.py:said_since": _START,
    "server/search/reads.py:told_since": _START,
    "server/search/reads.py:updated_since": _START,
    "server/workspaces/tags.py:_bearers": _NARROWED,
    "server/analytics/tallies.py:_keep": _DERIVED,
    "server/analytics/tallies.py:kept": _DERIVED,
    "server/visitors/visitors.py:_read": _SECRET,
    "server/visitors/visitors.py:_write_sightings": _SECRET,
    "server/webhooks/deliveries.py:_conversation_of": "the lead of a job that names its workspace",
    "server/webhooks/health.py": _WORKER,
}
"""Who may ask without a workspace, a whole file or one function of it, and why."""

_QUERIES = {
    "find", "find_one", "count_documents", "update_one", "update_many", "replace_one", "delete_one",
    "delete_many",
}  # fmt: skip
_WRITES = (UpdateOne, UpdateMany, ReplaceOne, DeleteOne, DeleteMany)
_ROOT = Path(__file__).parents[2]


class ForgottenWorkspaceError(BaseException):
    """A query without a workspace. Not an Exception: no repository may swallow it."""


class GuardedDatabase:
    """Passes on what names a workspace, and whatever tests ask themselves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def name(self) -> str:
        return self._database.name

    async def command(self, command: str) -> Any:
        return await self._database.command(command)

    async def list_collection_names(self) -> list[str]:
        return await self._database.list_collection_names()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def __getitem__(self, name: str) -> Collection:
        found = self._database[name]
        return cast("Collection", _GuardedCollection(found, name)) if name in TENANT_COLLECTIONS else found


class _GuardedCollection:
    def __init__(self, collection: Any, name: str) -> None:
        self._collection = collection
        self._name = name

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._collection, method)
        if method not in {*_QUERIES, "distinct", "bulk_write", "aggregate"}:
            return real

        def call(*arguments: Any, **options: Any) -> Any:
            asker = _asker()
            if asker is not None and not {asker, asker.partition(":")[0]} & MAY_LOOK_EVERYWHERE.keys():
                for query in _queries(method, arguments):
                    if not names_workspace(query):
                        raise ForgottenWorkspaceError(f"{asker}: {self._name}.{method}({query})")
            return real(*arguments, **options)

        return call


def names_workspace(query: Mapping[str, Any]) -> bool:
    """Whether a query stays inside one workspace."""
    wanted = query.get("workspace_id")
    if wanted is not None and not isinstance(wanted, Mapping):
        return True
    return any(names_workspace(each) for each in query.get("$and", ()))


def _queries(method: str, arguments: tuple[Any, ...]) -> Iterable[Mapping[str, Any]]:
    if method in _QUERIES:
        return [arguments[0]]
    if method == "distinct":
        return [arguments[1]]
    if method == "aggregate":
        return [arguments[0][0].get("$match", {})]
    return [write._filter for write in arguments[0] if isinstance(write, _WRITES)]


def _asker() -> str | None:
    """The file and function of ours that asks; None when a test itself does."""
    frame = sys._getframe(2)
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_ROOT / "server"):
            return f"{path.relative_to(_ROOT)}:{frame.f_code.co_name}"
        if path.is_relative_to(_ROOT / "tests") and path.parent.name != "support":
            return None
        frame = frame.f_back
    return None
