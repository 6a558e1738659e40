"""Waiting for the signal to stop."""

from __future__ import annotations

import asyncio
import signal


async def until_told_to_stop() -> signal.Signals:
    """Wait for SIGINT or SIGTERM. A second one ends the process at once, as if we were not here."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[signal.Signals] = loop.create_future()

    def hear(which: signal.Signals) -> None:
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(each)
        told.set_result(which)

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, hear, each)
    return await told
