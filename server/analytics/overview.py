"""`handlers.overview.overview_ports.Analytics` over the events and what was counted of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from actors.analytics import loaded
from actors.ids import WorkspaceId
from actors.log import ConversationKey
from actors.overview import Day, Overview, Tally, together
from actors.ports import Clock
from server.analytics.log import AnalyticsLog
from server.analytics.tallies import Tallies
from server.edge import reaching_the_store
from server.store.database import Database, Document, PyMongoError

MOST_DAYS = 90
COUNT_EVERY_S = 3600.0
BUDGET_S = 1.0
_UTC = "UTC"
_FIELDS = {"time_zone": 1, "created_at": 1}

_log = logging.getLogger(__name__)


class StoreAnalytics:
    """Counts for whoever looks, and once an hour for all workspaces, so that looking costs little.

    A workspace's days begin at midnight of its `time_zone`, an IANA name; UTC when it has none.
    """

    def __init__(
        self, database: Database, log: AnalyticsLog, clock: Clock, *, budget_s: float = BUDGET_S
    ) -> None:
        self._budget_s = budget_s
        self._workspaces = database["workspaces"]
        self._log = log
        self._clock = clock
        self._tallies = Tallies(database, log.still)
        log.watch(self._tallies.written)

    def loaded(self, key: ConversationKey) -> None:
        """Note that the widget was loaded."""
        self._log.note(loaded(key, self._clock.now()))

    async def overview(self, workspace_id: WorkspaceId, days: int) -> Overview:
        """The last days, and the sum of those before. Days that were never counted take a second at most."""
        with reaching_the_store():
            return await self._overview(workspace_id, min(days, MOST_DAYS))

    async def run(self) -> None:
        """Count finished days of all workspaces, now and every hour, until cancelled."""
        while True:
            try:
                await self.count_finished()
            except PyMongoError as error:
                _log.warning("days could not be counted, trying again later: %s", error)
            await asyncio.sleep(COUNT_EVERY_S)

    async def count_finished(self) -> None:
        """Count the finished days that have not been. Raises PyMongoError."""
        for document in await self._workspaces.find({}, _FIELDS).to_list(None):
            zone, now = zone_of(document.get("time_zone")), self._clock.now()
            began = _first_day(document, zone)
            days = [day for day in _days(now.astimezone(zone).date(), 2 * MOST_DAYS)[:-1] if day >= began]
            if not days:
                continue
            counted = await self._tallies.kept(document["_id"], zone, days)
            for day in reversed(days):
                if day not in counted:
                    await self._tallies.count(document["_id"], zone, day, now)

    async def _overview(self, workspace_id: WorkspaceId, days: int) -> Overview:
        workspace = await self._workspaces.find_one({"_id": workspace_id}, _FIELDS) or {}
        zone, now = zone_of(workspace.get("time_zone")), self._clock.now()
        wanted = _days(now.astimezone(zone).date(), 2 * days)
        counted = await self._tallies.kept(workspace_id, zone, wanted)
        began = _first_day(workspace, zone)
        counted = {day: Tally() for day in wanted if day < began} | counted
        until = time.monotonic() + self._budget_s
        for day in reversed(wanted):  # the newest first: they are looked at most
            if day not in counted and time.monotonic() < until:
                counted[day] = await self._tallies.count(workspace_id, zone, day, now)
        shown = [Day(day, counted.get(day) or Tally()) for day in wanted[days:]]
        before = together(counted[day] for day in wanted[:days] if day in counted)
        return Overview(shown, before, zone.key, complete=len(counted) == len(wanted))


def zone_of(name: object) -> ZoneInfo:
    """The time zone of this name; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name) if isinstance(name, str) and name else ZoneInfo(_UTC)
    except (OSError, ValueError, KeyError):
        return ZoneInfo(_UTC)


def _first_day(workspace: Document, zone: ZoneInfo) -> date:
    """When there came to be a workspace: before it there is nothing to be counted."""
    began: datetime | None = workspace.get("created_at")
    return began.astimezone(zone).date() if began else date.min


def _days(last: date, how_many: int) -> Sequence[date]:
    return [last - timedelta(days=back) for back in range(how_many - 1, -1, -1)]
