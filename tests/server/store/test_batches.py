from __future__ import annotations

import pytest

from server.store.batches import IDS_AT_ONCE, batches


@pytest.mark.parametrize("count", [1, IDS_AT_ONCE - 1, IDS_AT_ONCE, IDS_AT_ONCE + 1, 3 * IDS_AT_ONCE + 7])
def test_each_comes_once_in_its_place_and_none_are_more_than_one_query_asks_for(count: int):
    ids = tuple(f"c{number}" for number in range(count))
    found = list(batches(ids))
    assert [each for some in found for each in some] == list(ids)
    assert all(0 < len(some) <= IDS_AT_ONCE for some in found)
    assert len(found) == -(-count // IDS_AT_ONCE)


def test_none_ask_for_nothing():
    assert list(batches([])) == []
