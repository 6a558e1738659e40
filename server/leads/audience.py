"""Who may have to be told of what happens in a workspace: its members, and its webhooks that are on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from actors.ids import UserId, WorkspaceId
from actors.jobs import Endpoint
from actors.recipients import Member
from actors.roles import Role
from server.store.database import Collection, Database, Document


@dataclass(frozen=True, slots=True)
class Audience:
    """Members of every role, pending ones too, and endpoints that are enabled."""

    members: tuple[Member, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()


class Audiences:
    """Reads audiences as they are now: whoever lost their place a moment ago is told nothing."""

    def __init__(self, database: Database) -> None:
        self._members: Collection = database["workspace_users"]
        self._endpoints: Collection = database["webhook_endpoints"]

    async def of(self, workspace_id: WorkspaceId) -> Audience:
        """One workspace's."""
        return (await self.of_all([workspace_id]))[workspace_id]

    async def of_all(self, workspace_ids: Iterable[WorkspaceId]) -> dict[WorkspaceId, Audience]:
        """Several workspaces'."""
        ids = list(dict.fromkeys(workspace_ids))
        query: Document = {"workspace_id": {"$in": ids}}
        members, endpoints = await asyncio.gather(
            self._members.find(query).to_list(None),
            self._endpoints.find({**query, "enabled": True}).to_list(None),
        )
        return {w: Audience(tuple(_members(members, w)), tuple(_endpoints(endpoints, w))) for w in ids}


def _members(documents: Iterable[Document], workspace_id: WorkspaceId) -> Iterable[Member]:
    for document in documents:
        if document["workspace_id"] != workspace_id:
            continue
        with suppress(ValueError):  # a role that somebody made up is none that is told of anything
            yield Member(
                UserId(document["user_id"]),
                Role(document.get("role")),
                document.get("accepted_at"),
                document.get("lead_mail") is not False,
            )


def _endpoints(documents: Iterable[Document], workspace_id: WorkspaceId) -> Iterable[Endpoint]:
    for document in documents:
        if document["workspace_id"] == workspace_id:
            yield Endpoint(document["_id"], frozenset(document.get("events") or ()))
