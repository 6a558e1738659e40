from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest

from actors.analytics import EventType, started
from actors.ids import ConversationId, WorkspaceId
from actors.log import ConversationKey
from handlers.ports import UnavailableError
from server.analytics.log import AnalyticsLog
from server.analytics.overview import StoreAnalytics, zone_of
from server.store.database import Database, Document
from tests.support.faulty_database import FaultyDatabase
from tests.support.waiting import until

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class _Clock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()


def key(conversation_id: str, workspace_id: str = "w1") -> ConversationKey:
    return ConversationKey(WorkspaceId(workspace_id), ConversationId(conversation_id))


class _Desk:
    """The statistics, and a clock to move."""

    def __init__(self, database: FaultyDatabase) -> None:
        self.database, self.clock = database, _Clock()
        self.log = AnalyticsLog(database)
        self.analytics = StoreAnalytics(database, self.log, self.clock, budget_s=60)

    async def began(self, *instants: datetime, workspace_id: str = "w1") -> None:
        for at in instants:
            self.log.note(started(key(f"c-{workspace_id}-{at.timestamp()}", workspace_id), at))
        await self.log.passed()

    async def by_day(self, days: int = 7, workspace_id: str = "w1") -> list[int]:
        overview = await self.analytics.overview(WorkspaceId(workspace_id), days)
        assert overview.complete
        return [day.tally.started for day in overview.days]


@pytest.fixture
async def desk(faults: FaultyDatabase) -> AsyncGenerator[_Desk, None]:
    desk = _Desk(faults)
    yield desk
    faults.away = False
    await desk.log.close()


async def test_days_are_counted_up_to_now(desk: _Desk):
    await desk.began(NOW - HOUR, NOW - DAY, NOW - DAY - HOUR, NOW - 6 * DAY, NOW - 8 * DAY)
    assert await desk.by_day() == [1, 0, 0, 0, 0, 2, 1]
    overview = await desk.analytics.overview(WorkspaceId("w1"), 7)
    assert (overview.before.started, overview.total.started) == (1, 4)


async def test_a_day_that_was_counted_is_not_read_again(desk: _Desk, faults: FaultyDatabase):
    await desk.began(NOW - HOUR, NOW - 2 * DAY)
    first = await desk.by_day()
    faults.calls.clear()
    assert await desk.by_day() == first
    assert faults.calls["analytics_events.find"] == 0
    assert faults.calls["analytics_days.find"] == 1


async def test_an_hour_that_is_not_over_is_read_once_and_counted_on(desk: _Desk, faults: FaultyDatabase):
    minute = timedelta(minutes=1)
    await desk.began(NOW - minute, NOW - HOUR)
    assert (await desk.by_day())[-1] == 2
    faults.calls.clear()
    for _ in range(2):  # the second time they are stored already
        await desk.began(NOW - 2 * minute, NOW - 3 * minute, NOW - minute)
        assert (await desk.by_day())[-1] == 4
    desk.clock.at += 5 * minute
    await desk.began(NOW + minute)
    assert (await desk.by_day())[-1] == 5
    assert faults.calls["analytics_events.find"] == 0
    faults.lose_replies["analytics_events.insert_many"] = 1
    await desk.began(NOW + 2 * minute)
    assert (await desk.by_day())[-1] == 6
    assert faults.calls["analytics_events.find"] == 1


async def test_what_is_just_being_stored_is_counted_once(desk: _Desk, faults: FaultyDatabase):
    gate = faults.gates["analytics_events.insert_many"] = asyncio.Event()
    began = asyncio.create_task(desk.began(NOW - timedelta(minutes=1)))
    await until(lambda: faults.calls["analytics_events.insert_many"] == 1)
    looking = [asyncio.create_task(desk.by_day()) for _ in range(2)]
    await until(lambda: faults.calls["analytics_days.find"] == 2)
    gate.set()
    assert [days[-1] for days in await asyncio.gather(*looking)] == [1, 1]
    await began
    assert (await desk.by_day())[-1] == 1


async def test_what_another_process_stored_is_counted_once_the_hour_is_over(
    desk: _Desk, repository_database: Database
):
    await desk.began(NOW - timedelta(minutes=1))
    assert (await desk.by_day())[-1] == 1
    beside = AnalyticsLog(repository_database)
    beside.note(started(key("beside"), NOW - timedelta(minutes=2)))
    await beside.close()
    desk.clock.at += HOUR
    assert (await desk.by_day())[-1] == 2


async def test_what_is_stored_later_is_counted_too(desk: _Desk):
    await desk.began(NOW - DAY)
    assert await desk.by_day() == [0, 0, 0, 0, 0, 1, 0]
    await desk.began(NOW - DAY + HOUR, NOW - 3 * HOUR, NOW - timedelta(minutes=1))
    assert await desk.by_day() == [0, 0, 0, 0, 0, 2, 2]


async def test_days_begin_where_the_workspace_is(desk: _Desk, repository_database: Database):
    await repository_database["workspaces"].insert_one(_workspace("w1", "Asia/Kathmandu"))
    # 18:10 UTC is 23:55 in Kathmandu, which is 5:45 ahead; 18:20 is the day after.
    evening = datetime(2026, 11, 20, 18, 10, tzinfo=UTC)
    await desk.began(evening, evening + timedelta(minutes=10))
    assert await desk.by_day() == [0, 0, 0, 0, 1, 1, 0]
    overview = await desk.analytics.overview(WorkspaceId("w1"), 7)
    assert overview.time_zone == "Asia/Kathmandu"


async def test_the_day_when_clocks_change_has_all_its_hours(desk: _Desk, repository_database: Database):
    await repository_database["workspaces"].insert_one(_workspace("w1", "Europe/Berlin"))
    desk.clock.at = datetime(2026, 10, 27, 12, tzinfo=UTC)
    midnight = datetime(2026, 10, 24, 22, tzinfo=UTC)
    await desk.began(midnight, midnight + 24 * HOUR + timedelta(minutes=59), midnight + 25 * HOUR)
    assert await desk.by_day() == [0, 0, 0, 0, 2, 1, 0]


async def test_workspaces_are_apart(desk: _Desk):
    await desk.began(NOW - HOUR)
    await desk.began(NOW - HOUR, NOW - 2 * HOUR, workspace_id="w2")
    assert (await desk.by_day())[-1] == 1
    assert (await desk.by_day(workspace_id="w2"))[-1] == 2
    assert (await desk.by_day(workspace_id="w3"))[-1] == 0


async def test_finished_days_are_counted_ahead(desk: _Desk, faults: FaultyDatabase):
    # Old enough for the two weeks that are looked at, and no older: every hour of a day is asked for.
    began = {**_workspace("w1"), "created_at": NOW - 14 * DAY}
    await faults["workspaces"].insert_one(began)
    await desk.began(NOW - 2 * DAY)
    await desk.analytics.count_finished()
    faults.calls.clear()
    assert await desk.by_day() == [0, 0, 0, 0, 1, 0, 0]
    assert faults.calls["analytics_events.find"] <= 11  # the hours of today


async def test_days_before_there_was_the_workspace_are_not_looked_at(desk: _Desk, faults: FaultyDatabase):
    began = {**_workspace("w1"), "created_at": NOW - 2 * DAY}
    await faults["workspaces"].insert_one(began)
    await desk.began(NOW - 2 * DAY, NOW - HOUR)
    faults.calls.clear()
    await desk.analytics.count_finished()
    assert faults.calls["analytics_events.find"] <= 2 * 24  # the hours of the two days that are over
    assert await desk.by_day() == [0, 0, 0, 0, 1, 0, 1]


async def test_a_deleted_conversation_still_counts(desk: _Desk, repository_database: Database):
    await desk.began(NOW - HOUR)
    events = repository_database["analytics_events"]
    await events.update_many({}, {"$set": {"conversation_id": None}})
    assert (await desk.by_day())[-1] == 1


async def test_a_loaded_widget_is_counted_once_a_minute(desk: _Desk, repository_database: Database):
    for _ in range(3):
        desk.analytics.loaded(key("c1"))
    desk.clock.at += timedelta(minutes=1)
    desk.analytics.loaded(key("c1"))
    await desk.log.passed()
    found = await repository_database["analytics_events"].find({}).to_list(None)
    assert [document["type"] for document in found] == [EventType.LOADED] * 2


async def test_without_the_database_it_says_so(desk: _Desk, faults: FaultyDatabase):
    faults.away = True
    with pytest.raises(UnavailableError):
        await desk.by_day()


@pytest.mark.parametrize("name", [None, "", "Nowhere/Land", "../../etc/passwd", 7])
def test_an_unknown_zone_is_utc(name: object):
    assert zone_of(name).key == "UTC"


def _workspace(workspace_id: str, time_zone: str | None = None) -> Document:
    return {"_id": workspace_id, "slug": workspace_id, "key": workspace_id, "time_zone": time_zone}
