"""Waiting for a condition instead of for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable


async def until(condition: Callable[[], bool | Awaitable[bool]], within_s: float = 10.0) -> None:
    """Wait until the condition holds; fails when it does not in time."""
    async with asyncio.timeout(within_s):
        while True:
            holds = condition()
            if isawaitable(holds):
                holds = await holds
            if holds:
                return
            await asyncio.sleep(0.005)
