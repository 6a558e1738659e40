"""Summaries of logs in the conversation documents: written behind the log, many at a time, coalesced."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from actors.log import ConversationKey, Standing
from server.conversations.rows import key_query, summary_of
from server.store.database import Collection, Database, UpdateOne
from server.store.persistence import Persistence

# On the embedded engine a summary takes 1 to 4 ms, as much as eight entries of a batch, and no less when many
# are written together; entries beside them take twice as long (22 to 56 ms for 40). So few are written at a
# time, that no ack waits for long, and the writer works a tenth of the time at most: a conversation that goes
# on meanwhile is written once for all of it, and the lists have those in memory from their actors.
_MOST = 20
_PAUSE_S = 0.1
_REST = 9.0


@dataclass(slots=True)
class _Pending:
    standing: Standing
    since: datetime  # when the oldest entry that it reflects was made


class Summaries:
    """Keeps the conversation documents up with the logs; a document never goes back to an older seq."""

    def __init__(
        self, database: Database, persistence: Persistence, after_write: Callable[[], Awaitable[None]]
    ) -> None:
        self._conversations: Collection = database["conversations"]
        self._persistence = persistence
        self._after_write = after_write
        self._pending: dict[ConversationKey, _Pending] = {}
        self._in_flight: dict[ConversationKey, _Pending] = {}
        self._noted = 0
        self._done = 0
        self._waiters: list[tuple[int, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._next_at = 0.0

    def note(self, key: ConversationKey, standing: Standing, since: datetime) -> None:
        """Have the summary written soon. `since` is when the first entry that it is about was made."""
        pending = self._pending.get(key)
        if pending is None:
            self._pending[key] = _Pending(standing, since)
            self._noted += 1
        elif standing.seq > pending.standing.seq:
            pending.standing = standing
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def write(self, standings: Mapping[ConversationKey, Standing]) -> None:
        """Have summaries durable on return."""
        if not standings:
            return
        updates = [_update(key, standing) for key, standing in standings.items()]
        await self._persistence.until_done(
            "writing summaries", lambda: self._conversations.bulk_write(updates, ordered=False)
        )

    async def settled(self, within_s: float) -> None:
        """Wait until what was noted before the call is written, `within_s` at most."""
        if self._done == self._noted:
            return
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((self._noted, written))
        self._hurry.set()
        await asyncio.wait({written}, timeout=within_s)

    def oldest(self) -> datetime | None:
        """When the oldest entry was made that no document reflects yet."""
        outstanding = (*self._pending.values(), *self._in_flight.values())
        return min((pending.since for pending in outstanding), default=None)

    async def drained(self) -> None:
        """Wait until everything is written, without pauses."""
        while self._task is not None:
            self._hurry.set()
            await asyncio.wait({self._task}, timeout=0.05)

    async def cancel(self) -> None:
        """Stop; what is not written is found at the next start."""
        self._pending.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self) -> None:
        try:
            while self._pending:
                await self._pause()
                await self._write_next()
        finally:
            self._task = None

    async def _pause(self) -> None:
        left = self._next_at - time.monotonic()
        if left > 0 and not self._waiters:
            self._hurry.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), left)

    async def _write_next(self) -> None:
        self._in_flight = {key: self._pending.pop(key) for key in list(self._pending)[:_MOST]}
        began = time.monotonic()
        await self.write({key: pending.standing for key, pending in self._in_flight.items()})
        ended = time.monotonic()
        self._next_at = ended + max(_PAUSE_S, _REST * (ended - began))
        self._done += len(self._in_flight)
        self._in_flight = {}
        self._wake()
        await self._after_write()

    def _wake(self) -> None:
        # First noted is first written, so that a count tells what is done.
        for awaited, written in self._waiters:
            if awaited <= self._done and not written.done():
                written.set_result(None)
        self._waiters = [waiter for waiter in self._waiters if not waiter[1].done()]


def _update(key: ConversationKey, standing: Standing) -> UpdateOne:
    return UpdateOne({**key_query(key), "seq": {"$lt": standing.seq}}, {"$set": summary_of(standing)})
