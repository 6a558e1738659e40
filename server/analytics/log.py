"""Events for statistics: written behind all else, many in one write, each stored once."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from itertools import count
from typing import cast

from actors.analytics import EntryEvents, Event
from actors.log import ConversationKey, Entry, standing_of
from actors.messages import Loaded, NotFound
from server.analytics.repair import AnalyticsRepair
from server.conversations.checkpoint import Checkpoint
from server.store.database import DUPLICATE_KEY, BulkWriteError, Collection, Database, Document
from server.store.group_commit import GroupCommit
from server.store.persistence import Persistence

_log = logging.getLogger(__name__)

MOST_WAITING = 20_000

# Statistics never hurry: on the embedded engine 100 events take 45 ms, in which an ack may have to wait, so
# writes are small and rest for longer than they took.
_MOST_AT_ONCE = 100
_PAUSE_S = 0.25
_REST = 3.0


class AnalyticsLog:
    """Takes events at once and writes them later; nobody waits for it.

    What follows from entries of the log is found again at the next start when a crash leaves it unwritten.
    The rest, such as a widget that was loaded, may be lost then, and is dropped when too much waits.
    """

    def __init__(self, database: Database, persistence: Persistence | None = None) -> None:
        self._events: Collection = database["analytics_events"]
        self._repair = AnalyticsRepair(database)
        self._checkpoint = Checkpoint(database)
        self._persistence = persistence or Persistence()
        self._made = EntryEvents()
        self._commits: GroupCommit[tuple[int, Event] | asyncio.Future[None]] = GroupCommit(
            self._write, _MOST_AT_ONCE
        )
        self._pending: dict[int, datetime] = {}
        self._numbers = count()
        self._hurry = asyncio.Event()
        self._marks = 0
        self._storing = asyncio.Lock()
        self._watchers: list[Callable[[Sequence[Event], Sequence[Event]], None]] = []
        self._dropped_at: datetime | None = None
        self.dropped = 0
        """Events that were not taken, since the start."""

    def watch(self, written: Callable[[Sequence[Event], Sequence[Event]], None]) -> None:
        """Call back after each write, with the events that it stored.

        Of a write that failed at first nobody knows what it stored when: then its events come second.
        """
        self._watchers.append(written)

    @asynccontextmanager
    async def still(self) -> AsyncGenerator[None, None]:
        """Nothing is stored within it; who watches has been told of all that is."""
        async with self._storing:
            yield

    async def start(self) -> int:
        """Write what the last run left out; before the journal starts. Raises PyMongoError."""
        missing = await self._repair.missing(await self._checkpoint.since())
        if missing:
            await self._insert(missing)
            _log.warning("wrote %d events after an unclean stop", len(missing))
        return len(missing)

    def note(self, event: Event) -> bool:
        """Have an event written; False when too many wait."""
        if self._commits.documents >= MOST_WAITING:
            self.dropped += 1
            return False
        number = next(self._numbers)
        self._pending[number] = event.at
        self._commits.add((number, event), 1, 200)
        return True

    # server.conversations.follower.Follower

    def committed(self, key: ConversationKey, entries: Sequence[Entry]) -> None:
        """These entries are durable."""
        for event in self._made.of(key, entries):
            if not self.note(event):
                self._dropped_at = min(event.at, self._dropped_at or event.at)

    def loaded(self, key: ConversationKey, log: Loaded | NotFound) -> None:
        """A log was read, and what is committed next follows on it."""
        if isinstance(log, Loaded):
            self._made.recall(key, standing_of(log.conversation, log.entries))

    def oldest(self) -> datetime | None:
        """From when on the next start has to look for entries without their events."""
        dropped = [self._dropped_at] if self._dropped_at else []
        return min([*self._pending.values(), *dropped], default=None)

    # server.cleanup.erasure.Writer

    async def passed(self) -> None:
        """Wait until all that was noted before the call is written."""
        if not self._commits.documents:
            return
        mark: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._marks += 1
        self._commits.add(mark, 0)
        self._hurry.set()
        await mark

    async def close(self, within_s: float = 4.0) -> bool:
        """Write what there is; gives whether all of it was written within the bound."""
        try:
            await asyncio.wait_for(self.passed(), within_s)
        except TimeoutError:
            _log.error("stopped with %d events unwritten", self._commits.documents)
            return False
        finally:
            await self._commits.cancel()
        return True

    async def _write(self, batch: Sequence[tuple[int, Event] | asyncio.Future[None]]) -> None:
        noted = [item for item in batch if isinstance(item, tuple)]
        marks = [item for item in batch if not isinstance(item, tuple)]
        events = [event for _, event in noted]
        began = time.monotonic()
        if events:
            tries = count()
            await self._persistence.until_done(
                "writing events", lambda: self._insert(events, again=next(tries) > 0)
            )
        for number, _ in noted:
            del self._pending[number]
        self._marks -= len(marks)
        for mark in marks:
            if not mark.done():
                mark.set_result(None)
        await self._rest(max(_PAUSE_S, _REST * (time.monotonic() - began)) if events else 0)

    async def _rest(self, for_s: float) -> None:
        """Leave the database to others, unless somebody waits for us."""
        self._hurry.clear()
        if self._marks or not for_s:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), for_s)

    async def _insert(self, events: Sequence[Event], *, again: bool = False) -> None:
        async with self._storing:
            stored = await self._insert_new(events)
            for written in self._watchers:
                written(*(((), events) if again else (stored, ())))

    async def _insert_new(self, events: Sequence[Event]) -> Sequence[Event]:
        """Gives those that were not there yet."""
        try:
            await self._events.insert_many([event_document(event) for event in events], ordered=False)
        except BulkWriteError as error:
            details = cast("Document", error.details or {})
            errors: list[Document] = details.get("writeErrors") or []
            if details.get("writeConcernErrors") or not errors:
                raise
            refused = [each for each in errors if each.get("code") != DUPLICATE_KEY]
            if refused:
                _log.error("the database refused %d events: %s", len(refused), refused[0].get("errmsg"))
            there = {each["index"] for each in errors}
            return [event for index, event in enumerate(events) if index not in there]
        return events


def event_document(event: Event) -> Document:
    """The document of an event."""
    document: Document = {
        "_id": event.id,
        "workspace_id": event.workspace_id,
        "conversation_id": event.conversation_id,
        "type": event.type.value,
        "at": event.at,
    }
    return document if event.waited_s is None else {**document, "waited_s": event.waited_s}
