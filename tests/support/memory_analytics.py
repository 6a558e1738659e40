"""What is counted, in memory."""

from __future__ import annotations

from datetime import date, timedelta

from actors.ids import WorkspaceId
from actors.log import ConversationKey
from actors.overview import Day, Overview, Tally
from handlers.ports import UnavailableError


class MemoryAnalytics:
    """`handlers.overview.overview_ports.Analytics`: tallies by workspace and day, put there by tests."""

    LAST = date(2026, 11, 22)

    def __init__(self) -> None:
        self.available = True
        self.tallies: dict[tuple[str, date], Tally] = {}
        self.pages: list[ConversationKey] = []

    def loaded(self, key: ConversationKey) -> None:
        self.pages.append(key)

    async def overview(self, workspace_id: WorkspaceId, days: int) -> Overview:
        if not self.available:
            raise UnavailableError("away")
        wanted = [self.LAST - timedelta(days=back) for back in range(days - 1, -1, -1)]
        shown = [Day(day, self.tallies.get((workspace_id, day), Tally())) for day in wanted]
        return Overview(shown, Tally(), "UTC")
