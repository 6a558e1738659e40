"""What was counted in a workspace, by day: finished days are kept, only what is new is read."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from actors.analytics import Event
from actors.ids import WorkspaceId
from actors.overview import COUNTED, Tally, tally_of, together
from server.analytics.running_hours import RunningHours, Window
from server.store.database import Collection, Database, Document

# The embedded engine takes 40 ms for 1,150 events in a range and 800 ms for 7,900: never read many at once.
_WINDOW = timedelta(hours=1)
# Every zone's offset, and so the start of every window, is a multiple of this.
_STEP = timedelta(minutes=15)
# An event is stored within this time of happening, but for rare ones, which make its day be counted anew.
_SETTLED = timedelta(minutes=5)
_MOST_WINDOWS = 5_000
_PAUSE_S = 0.01


class Tallies:
    """Counts days. A day is kept in `analytics_days` once it is over, the hours of today in memory.

    `written` must be told of every event that is stored: what was counted without it is counted anew, or on.
    `still` is as `RunningHours` has it.
    """

    def __init__(self, database: Database, still: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._events: Collection = database["analytics_events"]
        self._days: Collection = database["analytics_days"]
        self._kept: OrderedDict[tuple[WorkspaceId, datetime], Tally] = OrderedDict()
        self._running = RunningHours(self._read, still)
        self._late: set[tuple[WorkspaceId, date]] = set()
        self._generation = 0
        self._written_since: dict[int, list[Event]] = {}

    def written(self, stored: Sequence[Event], doubtful: Sequence[Event]) -> None:
        """These events are stored now, and these are by now, as `AnalyticsLog.watch` tells it."""
        self._running.written(stored, doubtful)
        events = [*stored, *doubtful]
        for counting in self._written_since.values():
            counting.extend(events)
        settled = datetime.now(UTC) - _SETTLED
        for event in events:
            for start in _starts(event.at):
                self._kept.pop((event.workspace_id, start), None)
            if event.at < settled:
                self._late.add((event.workspace_id, event.at.date()))

    async def kept(
        self, workspace_id: WorkspaceId, zone: ZoneInfo, days: Sequence[date]
    ) -> dict[date, Tally]:
        """Those of these days, which must follow one another, that have been counted for good."""
        await self._forget_late()
        query = {"_id": {"$gte": _id(workspace_id, zone, days[0]), "$lte": _id(workspace_id, zone, days[-1])}}
        found = await self._days.find(query).to_list(None)
        return {date.fromisoformat(document["day"]): _tally(document) for document in found}

    async def count(self, workspace_id: WorkspaceId, zone: ZoneInfo, day: date, now: datetime) -> Tally:
        """Count a day, an hour at a time, and keep it if it is over."""
        self._generation += 1
        mine = self._generation
        meanwhile = self._written_since[mine] = []
        try:
            windows = _windows(workspace_id, zone, day, now)
            tally = together([await self._window(window, now, meanwhile) for window in windows])
            end = _midnight(day + timedelta(days=1), zone)
            whole = Window(workspace_id, _midnight(day, zone), end)
            if end + _SETTLED <= now and not any(whole.has(event) for event in meanwhile):
                await self._keep(workspace_id, zone, day, tally)
        finally:
            del self._written_since[mine]
        return tally

    async def _window(self, window: Window, now: datetime, meanwhile: Sequence[Event]) -> Tally:
        place = (window.workspace_id, window.start)
        if place in self._kept:
            self._kept.move_to_end(place)
            return self._kept[place]
        if window.end > now:
            return await self._running.count(window, now)
        tally = await self._read(window)
        if not any(window.has(event) for event in meanwhile):
            self._kept[place] = tally
            if len(self._kept) > _MOST_WINDOWS:
                self._kept.popitem(last=False)
        return tally

    async def _read(self, window: Window) -> Tally:
        query = {"workspace_id": window.workspace_id, "at": {"$gte": window.start, "$lt": window.end}}
        found = await self._events.find(query, {"_id": 0, "type": 1, "waited_s": 1}).to_list(None)
        await asyncio.sleep(_PAUSE_S if found else 0)  # acks go first
        return tally_of((document["type"], document.get("waited_s")) for document in found)

    async def _keep(self, workspace_id: WorkspaceId, zone: ZoneInfo, day: date, tally: Tally) -> None:
        document = {
            "workspace_id": workspace_id,
            "time_zone": zone.key,
            "day": day.isoformat(),
            **{name: getattr(tally, name) for name in COUNTED},
            "waits": [[seconds, times] for seconds, times in sorted(tally.waits.items())],
        }
        await self._days.replace_one({"_id": _id(workspace_id, zone, day)}, document, upsert=True)

    async def _forget_late(self) -> None:
        """Events came to days that had been counted: those days, and their neighbours elsewhere, are not."""
        while self._late:
            workspace_id, day = next(iter(self._late))
            around = [(day + timedelta(days=shift)).isoformat() for shift in (-1, 0, 1)]
            await self._days.delete_many({"workspace_id": workspace_id, "day": {"$in": around}})
            self._late.discard((workspace_id, day))


def _windows(workspace_id: WorkspaceId, zone: ZoneInfo, day: date, now: datetime) -> list[Window]:
    start, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    windows: list[Window] = []
    while start < min(now, end):
        windows.append(Window(workspace_id, start, min(start + _WINDOW, end)))
        start += _WINDOW
    return windows


def _starts(at: datetime) -> list[datetime]:
    """When the windows that an instant may be in begin."""
    last = at - timedelta(seconds=at.timestamp() % _STEP.total_seconds())
    return [last - back * _STEP for back in range(_WINDOW // _STEP)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _id(workspace_id: WorkspaceId, zone: ZoneInfo, day: date) -> str:
    return f"{workspace_id}:{zone.key}:{day.isoformat()}"


def _tally(document: Document) -> Tally:
    counts = {name: int(document.get(name) or 0) for name in COUNTED}
    return Tally(**counts, waits=Counter({int(seconds): int(times) for seconds, times in document["waits"]}))
