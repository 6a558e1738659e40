from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from server.store.group_commit import GroupCommit


class Writer:
    """Remembers what it was handed, and writes when let."""

    def __init__(self, *, open_: bool = True) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        if open_:
            self.gate.set()

    async def __call__(self, batch: Sequence[int]) -> None:
        self.batches.append(list(batch))
        await self.gate.wait()


async def test_what_is_added_in_one_turn_is_written_together_in_order():
    writer = Writer()
    commits = GroupCommit(writer)
    for number in range(5):
        commits.add(number)
    await commits.drained()
    assert writer.batches == [[0, 1, 2, 3, 4]]


async def test_what_is_added_during_a_write_waits_for_the_next():
    writer = Writer(open_=False)
    commits = GroupCommit(writer)
    commits.add(0)
    await asyncio.sleep(0)
    for number in range(1, 4):
        commits.add(number)
    await asyncio.sleep(0)
    assert writer.batches == [[0]]
    assert commits.documents == 4
    writer.gate.set()
    await commits.drained()
    assert writer.batches == [[0], [1, 2, 3]]
    assert commits.documents == 0


async def test_a_write_is_bounded_by_documents_and_by_bytes():
    writer = Writer()
    commits = GroupCommit(writer, most_documents=4, most_bytes=100)
    for number in range(6):
        commits.add(number, documents=2, size=10)
    commits.add(6, size=1000)
    commits.add(7, size=90)
    commits.add(8, size=10)
    await commits.drained()
    assert writer.batches == [[0, 1], [2, 3], [4, 5], [6], [7, 8]]
    assert commits.size == 0


async def test_a_batch_that_fails_does_not_stop_the_next(caplog: pytest.LogCaptureFixture):
    done: list[int] = []

    async def write(batch: Sequence[int]) -> None:
        if 0 in batch:
            raise RuntimeError("a bug")
        done.extend(batch)

    commits = GroupCommit(write)
    commits.add(0)
    await commits.drained()
    commits.add(1)
    await commits.drained()
    assert done == [1]
    assert "given up" in caplog.text


async def test_cancelling_ends_the_write_and_drops_the_rest():
    writer = Writer(open_=False)
    commits = GroupCommit(writer)
    commits.add(0)
    await asyncio.sleep(0)
    commits.add(1)
    await commits.cancel()
    assert writer.batches == [[0]]
