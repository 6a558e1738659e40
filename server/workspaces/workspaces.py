"""Workspaces as the database keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from actors.errors import BatonError
from actors.ids import WorkspaceId
from handlers.widget.identity import Identity
from server.store.database import Collection, Database, Document, DuplicateKeyError
from server.store.storable import storable
from server.workspaces.widget_settings import DEFAULTS, WidgetSettings, settings_document, settings_of

ANY_ORIGIN = "*"


class KeyTakenError(BatonError):
    """Another workspace has this slug or widget key."""


@dataclass(frozen=True, slots=True)
class AgentPersona:
    """How the agent presents itself."""

    name: str
    greeting: str
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace. `allowed_origins` are its sites', such as "https://shop.example"; "*" lets any in."""

    id: WorkspaceId
    slug: str
    key: str
    site_title: str
    agent: AgentPersona
    allowed_origins: tuple[str, ...]
    widget: WidgetSettings = DEFAULTS
    identity: Identity = field(default_factory=Identity, repr=False)


class Workspaces:
    """Finds and makes workspaces."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["workspaces"]

    async def workspace(self, workspace_id: WorkspaceId) -> Workspace | None:
        """The workspace of this id."""
        return await self._one({"_id": workspace_id})

    async def by_key(self, key: str) -> Workspace | None:
        """The workspace of this widget key."""
        return await self._one({"key": storable(key)})

    async def by_slug(self, slug: str) -> Workspace | None:
        """The workspace of this slug."""
        return await self._one({"slug": storable(slug)})

    async def all(self) -> tuple[Workspace, ...]:
        """Every workspace, by slug."""
        documents = await self._collection.find({}).to_list(None)
        return tuple(sorted((_workspace(document) for document in documents), key=lambda w: w.slug))

    async def of_ids(self, workspace_ids: list[WorkspaceId]) -> Mapping[WorkspaceId, Workspace]:
        """Those of these ids that exist."""
        documents = await self._collection.find({"_id": {"$in": workspace_ids}}).to_list(None)
        return {workspace.id: workspace for workspace in map(_workspace, documents)}

    async def create(self, workspace: Workspace, now: datetime) -> None:
        """Make a workspace. Raises KeyTakenError."""
        try:
            await self._collection.insert_one(_document(workspace, now))
        except DuplicateKeyError as error:
            raise KeyTakenError(f"There is already a workspace {workspace.slug}.") from error

    async def rename(self, workspace_id: WorkspaceId, site_title: str) -> None:
        """Change the site's title."""
        await self._collection.update_one({"_id": workspace_id}, {"$set": {"site_title": site_title}})

    async def _one(self, query: Mapping[str, Any]) -> Workspace | None:
        document = await self._collection.find_one(query)
        return _workspace(document) if document else None


def identity_of(document: Mapping[str, Any]) -> Identity:
    """How a workspace checks who its visitors are."""
    return Identity(
        document.get("secret") or "",
        document.get("previous") or "",
        document.get("previous_until"),
        bool(document.get("required")),
    )


def _document(workspace: Workspace, now: datetime) -> Document:
    agent = workspace.agent
    return {
        "_id": workspace.id,
        "slug": workspace.slug,
        "key": workspace.key,
        "site_title": workspace.site_title,
        "agent": {"name": agent.name, "greeting": agent.greeting, "avatar_url": agent.avatar_url},
        "allowed_origins": list(workspace.allowed_origins),
        "settings": settings_document(workspace.widget),
        "created_at": now,
    }


def _workspace(document: Document) -> Workspace:
    agent: Mapping[str, Any] = document.get("agent") or {}
    return Workspace(
        id=WorkspaceId(document["_id"]),
        slug=document["slug"],
        key=document["key"],
        site_title=document.get("site_title") or document["slug"],
        agent=AgentPersona(
            agent.get("name") or "Assistant", agent.get("greeting") or "", agent.get("avatar_url") or ""
        ),
        allowed_origins=tuple(document.get("allowed_origins") or ()),
        widget=settings_of(document.get("settings") or {}),
        identity=identity_of(document.get("identity") or {}),
    )
