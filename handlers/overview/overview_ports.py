"""What the overview needs from inside."""

from __future__ import annotations

from typing import Protocol

from actors.ids import WorkspaceId
from actors.log import ConversationKey
from actors.overview import Overview


class Analytics(Protocol):
    """What is counted, each call inside one workspace."""

    def loaded(self, key: ConversationKey) -> None:
        """A visitor's page has loaded the widget."""
        ...

    async def overview(self, workspace_id: WorkspaceId, days: int) -> Overview:
        """The last days, up to now. Raises UnavailableError."""
        ...
