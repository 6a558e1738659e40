from __future__ import annotations

import asyncio

import pytest

from actors.ids import WorkspaceId
from server.bot.indexes import MOST_INDEXES, PassageIndexes
from server.bot.retrieval import Indexed
from tests.support.known_passages import KnownPassages
from tests.support.manual_time import ManualTime

SHOP = WorkspaceId("shop")


@pytest.fixture
def time() -> ManualTime:
    return ManualTime()


@pytest.fixture
def known() -> KnownPassages:
    return KnownPassages()


@pytest.fixture
def indexes(known: KnownPassages, time: ManualTime) -> PassageIndexes:
    return PassageIndexes(known.of, time.monotonic)


async def test_an_index_is_loaded_once_for_all_who_ask(indexes: PassageIndexes, known: KnownPassages):
    first, *others = await asyncio.gather(*(indexes.get(SHOP) for _ in range(20)))
    assert all(other is first for other in others)
    assert len(first) == 2
    assert (known.loads, known.checks) == (1, 1)


async def test_it_is_loaded_anew_only_when_the_knowledge_changed(
    indexes: PassageIndexes, known: KnownPassages, time: ManualTime
):
    first = await indexes.get(SHOP)
    time.advance(6)
    assert await indexes.get(SHOP) is first
    known.known.append(Indexed("3", "s", "New", "Something new."))
    assert await indexes.get(SHOP) is first
    time.advance(6)
    assert len(await indexes.get(SHOP)) == 3
    assert known.loads == 2


async def test_a_change_told_is_seen_at_once(indexes: PassageIndexes, known: KnownPassages):
    await indexes.get(SHOP)
    known.known.clear()
    indexes.invalidate(SHOP)
    indexes.invalidate(WorkspaceId("unknown"))
    assert len(await indexes.get(SHOP)) == 0


async def test_without_a_database_the_one_in_memory_goes_on(
    indexes: PassageIndexes, known: KnownPassages, time: ManualTime
):
    first = await indexes.get(SHOP)
    known.away = True
    time.advance(6)
    assert await indexes.get(SHOP) is first
    with pytest.raises(ConnectionError):
        await indexes.get(WorkspaceId("other"))
    known.away = False
    assert len(await indexes.get(WorkspaceId("other"))) == 2


async def test_the_longest_unused_is_forgotten(indexes: PassageIndexes, known: KnownPassages):
    for number in range(MOST_INDEXES + 1):
        await indexes.get(WorkspaceId(f"w{number}"))
    loads = known.loads
    await indexes.get(WorkspaceId("w1"))
    assert known.loads == loads
    await indexes.get(WorkspaceId("w0"))
    assert known.loads == loads + 1
