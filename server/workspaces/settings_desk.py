"""`SettingsDesk` of `management_ports`: changes of a workspace, recorded, and in force at once."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from handlers.management import management_ports as edge
from handlers.ports import Agent
from handlers.widget.identity import Identity
from server.edge import reaching_the_store
from server.jobs.outbox import now_ms
from server.webhooks.endpoints import OVERLAP
from server.workspaces.widget_settings import WidgetSettings, settings_document
from server.workspaces.workspaces import Workspace, Workspaces

if TYPE_CHECKING:
    from actors.ids import WorkspaceId
    from handlers.doors.people_ports import Doer
    from server.audit.trail import Trail
    from server.store.database import Database, Document

_SECRET_BYTES = 32

Details = dict[str, str | int | bool | None]


class StoreSettings:
    """Reads and writes settings.

    Args:
        model: what words the agent's answers, for people to read.
        changed: forgets what is kept of a workspace, so that the next to ask reads it anew.
    """

    def __init__(
        self, database: Database, trail: Trail, model: str, changed: Callable[[Workspace], None]
    ) -> None:
        self._collection = database["workspaces"]
        self._workspaces = Workspaces(database)
        self._trail = trail
        self._model = model
        self._changed = changed
        # What is recorded as before is what was there when it was written over.
        self._changing = asyncio.Lock()

    async def read(self, workspace_id: WorkspaceId) -> edge.WorkspaceSettings:
        """As they are."""
        return self._of(await self._workspace(workspace_id))

    async def change(
        self,
        doer: Doer,
        section: str,
        change: Callable[[edge.WorkspaceSettings], edge.WorkspaceSettings],
    ) -> edge.WorkspaceSettings:
        """Change what `change` changes of them, and nothing else."""
        async with self._changing:
            workspace = await self._workspace(doer.workspace_id)
            before = self._of(workspace)
            after = change(before)
            old, new = settings_fields(before), settings_fields(after)
            fields = {name: value for name, value in new.items() if value != old[name]}
            if fields:
                with reaching_the_store():
                    await self._collection.update_one({"_id": workspace.id}, {"$set": fields})
                    self._changed(workspace)
                    await self._note(doer, section, {name: old[name] for name in fields}, fields)
        return after

    async def identity(self, workspace_id: WorkspaceId) -> Identity:
        """How visitors' identities are checked."""
        return (await self._workspace(workspace_id)).identity

    async def renew_identity(self, doer: Doer) -> Identity:
        """Make a secret; the record says that there is another, never which."""
        made = secrets.token_hex(_SECRET_BYTES)
        async with self._changing:
            workspace = await self._workspace(doer.workspace_id)
            old = workspace.identity.secret
            fields: Document = {"identity.secret": made, "identity.previous": old}
            fields["identity.previous_until"] = now_ms() + OVERLAP if old else None
            before, after = {"secret": "hidden" if old else ""}, {"secret": "hidden, a new one"}
            return await self._set_identity(doer, workspace, fields, before, after)

    async def require_identity(self, doer: Doer, *, on: bool) -> Identity:
        """Whether a hash is needed."""
        async with self._changing:
            workspace = await self._workspace(doer.workspace_id)
            if workspace.identity.required == on:
                return workspace.identity
            fields: Document = {"identity.required": on}
            return await self._set_identity(doer, workspace, fields, {"required": not on}, {"required": on})

    async def _set_identity(
        self, doer: Doer, workspace: Workspace, fields: Document, before: Document, after: Document
    ) -> Identity:
        with reaching_the_store():
            await self._collection.update_one({"_id": workspace.id}, {"$set": fields})
            self._changed(workspace)
            await self._note(doer, "identity", before, after)
        return await self.identity(workspace.id)

    async def _note(self, doer: Doer, section: str, before: Document, after: Document) -> None:
        details: Details = {"section": section}
        for name in sorted(after):
            plain = name.rpartition(".")[2]
            details[f"{plain}_before"], details[f"{plain}_after"] = _told(before[name]), _told(after[name])
        target = ("workspace", doer.workspace_id)
        await self._trail.note_on(doer, "settings.changed", target, details)

    async def _workspace(self, workspace_id: WorkspaceId) -> Workspace:
        with reaching_the_store():
            found = await self._workspaces.workspace(workspace_id)
        if found is None:  # deleted in the database, under somebody who works in it
            raise LookupError(workspace_id)
        return found

    def _of(self, workspace: Workspace) -> edge.WorkspaceSettings:
        agent = workspace.agent
        return edge.WorkspaceSettings(
            site_title=workspace.site_title,
            agent=Agent(agent.name, agent.greeting, agent.avatar_url),
            allowed_origins=workspace.allowed_origins,
            lead_form=workspace.widget.lead_form,
            rules=workspace.widget.rules,
            appearance=workspace.widget.appearance,
            language=workspace.widget.language,
            model=self._model,
        )


def settings_fields(settings: edge.WorkspaceSettings) -> Document:
    """The fields of a workspace's document, by their path in it."""
    agent = settings.agent
    widget = settings_document(
        WidgetSettings(settings.lead_form, settings.rules, settings.appearance, settings.language)
    )
    return {
        "site_title": settings.site_title,
        "agent.name": agent.name,
        "agent.greeting": agent.greeting,
        "agent.avatar_url": agent.avatar_url,
        "allowed_origins": list(settings.allowed_origins),
        **{f"settings.{name}": value for name, value in widget.items()},
    }


def _told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
