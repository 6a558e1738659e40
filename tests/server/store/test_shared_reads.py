from __future__ import annotations

import asyncio

import pytest

from server.store.shared_reads import SharedReads


class Shelf:
    """What is read: a value that changes, and reads that take as long as the test wants."""

    def __init__(self) -> None:
        self.value = 1
        self.reads: list[str] = []
        self.gates: list[asyncio.Future[None]] = []
        self.error: Exception | None = None

    async def read(self, key: str) -> int:
        self.reads.append(key)
        found = self.value
        gate = asyncio.get_running_loop().create_future()
        self.gates.append(gate)
        await gate
        if self.error is not None:
            raise self.error
        return found


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_those_who_ask_at_once_share_a_read():
    shelf = Shelf()
    shared = SharedReads(shelf.read)
    asked = [asyncio.create_task(shared.get("a")) for _ in range(100)]
    await turns()
    assert shelf.reads == ["a"]
    shelf.gates[0].set_result(None)
    assert await asyncio.gather(*asked) == [1] * 100


async def test_who_asks_during_a_read_gets_the_next_one_and_what_is_true_by_then():
    shelf = Shelf()
    shared = SharedReads(shelf.read)
    early = asyncio.create_task(shared.get("a"))
    await turns()
    shelf.value = 2
    late = [asyncio.create_task(shared.get("a")) for _ in range(10)]
    await turns()
    assert shelf.reads == ["a"]
    shelf.gates[0].set_result(None)
    assert await early == 1
    await turns()
    assert shelf.reads == ["a", "a"]
    shelf.gates[1].set_result(None)
    assert await asyncio.gather(*late) == [2] * 10


async def test_keys_do_not_wait_for_each_other():
    shelf = Shelf()
    shared = SharedReads(shelf.read)
    one, other = asyncio.create_task(shared.get("a")), asyncio.create_task(shared.get("b"))
    await turns()
    shelf.gates[1].set_result(None)
    assert await other == 1
    assert not one.done()
    shelf.gates[0].set_result(None)
    assert await one == 1


async def test_an_error_goes_to_all_who_share_it_and_the_next_try_is_a_new_read():
    shelf = Shelf()
    shared = SharedReads(shelf.read)
    shelf.error = ConnectionError("away")
    asked = [asyncio.create_task(shared.get("a")) for _ in range(3)]
    await turns()
    shelf.gates[0].set_result(None)
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionError] * 3
    shelf.error = None
    again = asyncio.create_task(shared.get("a"))
    await turns()
    shelf.gates[1].set_result(None)
    assert await again == 1


async def test_one_who_gives_up_disturbs_no_other():
    shelf = Shelf()
    shared = SharedReads(shelf.read)
    leaves, stays = asyncio.create_task(shared.get("a")), asyncio.create_task(shared.get("a"))
    await turns()
    leaves.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaves
    shelf.gates[0].set_result(None)
    assert await stays == 1
