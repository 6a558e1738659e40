"""Group commit: while one write is in flight, what is added collects; the next write takes it all."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_log = logging.getLogger(__name__)

T = TypeVar("T")

# With 200 writers on the embedded engine: 1,292-1,374 documents/s and p99 186-215 ms,
# against 119/s and 1,766 ms when each is written alone.
MOST_DOCUMENTS = 500
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Added(Generic[T]):
    item: T
    documents: int
    size: int


class GroupCommit(Generic[T]):
    """Hands what is added to `write`, in order, many at a time, one call in flight, without a timer.

    `write` deals with its own failures; what it raises is logged and its items count as done.
    """

    def __init__(
        self,
        write: Callable[[Sequence[T]], Awaitable[None]],
        most_documents: int = MOST_DOCUMENTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._write = write
        self._most_documents = most_documents
        self._most_bytes = most_bytes
        self._queue: deque[_Added[T]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._in_flight: asyncio.Future[None] | None = None
        self.documents = 0
        """Documents added and not yet done, those in flight too."""
        self.size = 0
        """Their bytes, about."""

    def add(self, item: T, documents: int = 1, size: int = 0) -> None:
        """Have the item written: at once when nothing is in flight, else with the next write."""
        self._queue.append(_Added(item, documents, size))
        self.documents += documents
        self.size += size
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def drained(self) -> None:
        """Wait until nothing is waiting and nothing in flight."""
        while self._task is not None:
            await asyncio.wait({self._task})

    async def passed(self) -> None:
        """Wait until what was in flight at the call is done."""
        if self._in_flight is not None:
            await asyncio.wait({self._in_flight})

    async def cancel(self) -> None:
        """Stop, leaving what is not yet written unwritten."""
        self._queue.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        try:
            while self._queue:
                await self._write_next()
        finally:
            self._task = None

    async def _write_next(self) -> None:
        batch = self._take()
        self._in_flight = asyncio.get_running_loop().create_future()
        try:
            await self._write([added.item for added in batch])
        except Exception:  # noqa: BLE001 - this loop serves every conversation: it survives whatever one batch does
            _log.exception("a batch of %d was given up", len(batch))
        finally:
            self.documents -= sum(added.documents for added in batch)
            self.size -= sum(added.size for added in batch)
            self._in_flight.set_result(None)
            self._in_flight = None

    def _take(self) -> list[_Added[T]]:
        batch: list[_Added[T]] = []
        documents = size = 0
        while self._queue:
            added = self._queue[0]
            documents, size = documents + added.documents, size + added.size
            if batch and (documents > self._most_documents or size > self._most_bytes):
                break
            batch.append(self._queue.popleft())
        return batch
