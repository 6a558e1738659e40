from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.store.cursors import milliseconds
from server.store.database import Collection, Database, Document
from server.store.newest_first import NewestFirst, Wanted, by_time
from server.store.tops import KNOWN_FOR_S, Tops

LIMIT = 5
WANTED = Wanted({"workspace_id": "w"})
START = datetime(2026, 11, 1, tzinfo=UTC)
NOW = START + timedelta(days=10)


class Counted:
    """A collection that counts how often it is read."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.reads = 0

    def __getattr__(self, name: str) -> Any:
        self.reads += name == "aggregate"
        return getattr(self._collection, name)


class Rows:
    """Rows of one workspace, and its list as it is and as it is read."""

    def __init__(self, database: Database, tops: Tops | None) -> None:
        self.counted: Any = Counted(database["conversations"])
        self.tops = tops
        self.at: dict[str, datetime] = {}

    async def put(self, name: str, at: datetime) -> None:
        self.at[name] = at
        row: Document = {"workspace_id": "w", "last_activity_at": at}
        await self.counted.update_one({"_id": name, "workspace_id": "w"}, {"$set": row}, upsert=True)

    async def drop(self, name: str) -> None:
        del self.at[name]
        await self.counted.delete_one({"_id": name, "workspace_id": "w"})

    def newest(self) -> list[str]:
        return sorted(self.at, key=lambda name: (self.at[name], name), reverse=True)

    async def page(self, now: datetime) -> list[str]:
        rows = NewestFirst(self.counted, WANTED, by_time("last_activity_at"), self.tops)
        page = await rows.page(milliseconds(now), None, LIMIT)
        assert (page.next is None) == (len(self.at) <= LIMIT)
        return [str(document["_id"]) for document in page.documents]

    async def reads(self, now: datetime) -> int:
        before = self.counted.reads
        assert await self.page(now) == self.newest()[:LIMIT]
        return self.counted.reads - before


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
async def rows(repository_database: Database, clock: list[float]) -> Rows:
    rows = Rows(repository_database, Tops(lambda: clock[0]))
    for number in range(20):
        await rows.put(f"c{number:02}", START - timedelta(minutes=number))
    return rows


async def test_after_a_silence_the_second_reader_asks_once(rows: Rows, clock: list[float]):
    assert await rows.reads(NOW) > 5
    assert await rows.reads(NOW) == 1
    clock[0] = KNOWN_FOR_S
    assert await rows.reads(NOW) > 5, "a busy hour may have passed"


async def test_what_came_since_and_what_moved_is_there(rows: Rows):
    await rows.page(NOW)
    await rows.put("new", NOW)
    await rows.put("c19", NOW - timedelta(hours=1))
    assert await rows.reads(NOW) == 1
    assert (await rows.page(NOW))[:2] == ["new", "c19"]


async def test_a_list_that_fits_a_page_is_read_at_once(repository_database: Database):
    rows = Rows(repository_database, Tops())
    for number in range(LIMIT):
        await rows.put(str(number), START - timedelta(days=100 * number))
    assert await rows.reads(NOW) > 1
    assert await rows.reads(NOW) == 1
    await rows.put("old", START - timedelta(days=3_000))
    assert await rows.reads(NOW) == 1


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_between_two_pages_they_are_what_is_there(rows: Rows, seed: int):
    chance, now = random.Random(seed), NOW
    for number in range(60):
        now += timedelta(seconds=chance.choice((1, 60, 20_000)))
        what = chance.choice(("new", "moved", "gone", "late", "read"))
        if what == "new" or not rows.at:
            await rows.put(f"n{number}", now)
        elif what == "moved":
            await rows.put(chance.choice(list(rows.at)), now)
        elif what == "gone":
            await rows.drop(chance.choice(list(rows.at)))
        elif what == "late":  # written long after it was decided
            await rows.put(f"l{number}", now - timedelta(days=chance.randrange(20)))
        assert await rows.page(now) == rows.newest()[:LIMIT]
