from __future__ import annotations

import asyncio
import time

from server.metrics import LoopLag, Metrics
from tests.support.waiting import until


def test_numbers_are_read_when_asked_for() -> None:
    counts = [41]
    metrics = Metrics()
    metrics.gauge("baton_connections", "Open sockets.", lambda: counts[0])
    metrics.counter("baton_entries_total", "Entries.", lambda: 12_345_678)
    counts[0] += 1
    assert metrics.text() == (
        "# HELP baton_connections Open sockets.\n# TYPE baton_connections gauge\nbaton_connections 42\n"
        "# HELP baton_entries_total Entries.\n# TYPE baton_entries_total counter\n"
        "baton_entries_total 12345678\n"
    )


async def test_a_blocked_loop_shows() -> None:
    lag = LoopLag()
    task = asyncio.create_task(lag.run())
    await asyncio.sleep(0)
    time.sleep(0.7)
    await until(lambda: lag.worst_s > 0.1)
    assert lag.take() > 0.1
    assert lag.take() == 0
    task.cancel()
