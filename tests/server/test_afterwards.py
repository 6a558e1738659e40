from __future__ import annotations

import asyncio

from server.afterwards import Afterwards
from server.store.database import AutoReconnect
from tests.support.waiting import until


async def test_it_begins_after_whoever_asked_went_on():
    done: list[str] = []

    async def work() -> None:
        done.append("work")

    afterwards = Afterwards()
    afterwards.do("working", work)
    done.append("answer")
    await until(lambda: len(done) == 2)
    assert done == ["answer", "work"]


async def test_too_much_is_left_undone_and_the_end_ends_it(caplog):
    waiting, begun = asyncio.Event(), 0

    async def work() -> None:
        nonlocal begun
        begun += 1
        await waiting.wait()

    afterwards = Afterwards()
    for _ in range(1001):
        afterwards.do("working", work)
    await until(lambda: begun == 1000)
    assert "working was left undone" in caplog.text
    async with asyncio.timeout(5):
        await afterwards.close()


async def test_a_database_that_is_away_is_told_in_the_log(caplog):
    async def work() -> None:
        raise AutoReconnect("gone")

    Afterwards().do("writing that down", work)
    await until(lambda: "writing that down was left undone: gone" in caplog.text)
