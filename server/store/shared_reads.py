"""Reads that many ask for at once: one for all who asked before it began."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class SharedReads(Generic[K, T]):
    """Reads by key. Whoever asks while a read of that key is under way gets the next one.

    So nothing is ever older than the question: a session that was ended before a request came is over for it.
    A thousand claims by twenty members ask for twenty sessions twice, not a thousand times; without this the
    last of them waited for longer than the database's clients may.
    """

    def __init__(self, read: Callable[[K], Awaitable[T]]) -> None:
        self._read = read
        self._running: dict[K, asyncio.Task[T]] = {}
        self._next: dict[K, asyncio.Task[T]] = {}

    async def get(self, key: K) -> T:
        """What a read gives that begins after this call, or what it raises."""
        reading = self._next.get(key)
        if reading is None:
            reading = self._start(key, self._read_after(key, self._running.get(key)))
        return await asyncio.shield(reading)  # one who gives up disturbs no other

    def _start(self, key: K, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = self._next[key] = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(lambda done: self._end(key, done))
        return task

    async def _read_after(self, key: K, before: asyncio.Task[T] | None) -> T:
        if before is not None:
            await asyncio.wait({before})
        self._running[key] = self._next.pop(key)
        return await self._read(key)

    def _end(self, key: K, task: asyncio.Task[T]) -> None:
        if not task.cancelled():
            task.exception()  # nobody may be left to hear of it
        for tasks in (self._running, self._next):
            if tasks.get(key) is task:
                del tasks[key]
