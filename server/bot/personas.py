"""The names of the workspaces' agents, kept for a while: every answer needs one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from actors.ids import WorkspaceId
from server.workspaces.workspaces import Workspace

KEEP_S = 10.0  # how long an agent may go on under its old name


class _Workspaces(Protocol):
    async def workspace(self, workspace_id: WorkspaceId) -> Workspace | None: ...


class Personas:
    """Looks agents' names up."""

    def __init__(self, workspaces: _Workspaces, clock: Callable[[], float] = time.monotonic) -> None:
        self._workspaces = workspaces
        self._clock = clock
        self._names: dict[WorkspaceId, tuple[str, float]] = {}

    def forget(self, workspace_id: WorkspaceId) -> None:
        """Look again: the name may have changed."""
        self._names.pop(workspace_id, None)

    async def name(self, workspace_id: WorkspaceId) -> str:
        """The agent's name, or nothing when there is no such workspace."""
        name, looked_at = self._names.get(workspace_id, ("", float("-inf")))
        if self._clock() - looked_at < KEEP_S:
            return name
        workspace = await self._workspaces.workspace(workspace_id)
        name = workspace.agent.name if workspace else ""
        self._names[workspace_id] = (name, self._clock())
        return name
