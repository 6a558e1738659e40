"""The journal: entries of all conversations into the database, many in one write, told of once durable."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from actors.log import ConversationKey, Entry, Standing
from actors.messages import Committed, Fetched, Loaded, NotFound, Refused, Subscribe
from server.audit.audit import AuditLog
from server.conversations.checkpoint import Checkpoint
from server.conversations.entries import entry_document, size_of
from server.conversations.entry_store import EntryStore
from server.conversations.follower import Follower, NoFollower
from server.conversations.lanes import Append, Lane, Report, Tell, broken_by
from server.conversations.log_records import records_of
from server.conversations.log_repair import LogRepair
from server.conversations.summaries import Summaries
from server.store.database import Database, Document, PyMongoError
from server.store.group_commit import GroupCommit
from server.store.persistence import Persistence
from server.webhooks.entry_webhooks import EntryWebhooks

_log = logging.getLogger(__name__)

MOST_ENTRIES = 10_000
MOST_BYTES = 32 * 1024 * 1024

# Whole logs are read together (`server.conversations.log_reads`). Pieces are not: Motor has ten threads on
# two cores, and reads must leave some to the writes.
_LOADS_AT_ONCE = 200
_READS_AT_ONCE = 4

# A claim's audit entry and summary take the embedded engine 3 ms, so that 500 of them would come near the
# five seconds after which the driver gives a write up.
_RECORDED_AT_ONCE = 100

# Telling makes conversations broadcast; the loop has other things to do as well.
_TELLS_AT_ONCE = 50


class Journal:
    """`actors.ports.Journal` on MongoDB.

    An append goes through up to three stages, each with one write in flight:

    - its entries are inserted with those of other conversations;
    - a claim, release or request for a person has its audit entry and summary written before it is told;
    - the summary of a plain message is written behind.

    While the database is away everything waits, up to `most_entries` or `most_bytes`, and nothing is told.
    """

    def __init__(
        self,
        database: Database,
        audit: AuditLog,
        persistence: Persistence | None = None,
        *,
        follower: Follower | None = None,
        webhooks: EntryWebhooks | None = None,
        most_entries: int = MOST_ENTRIES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._persistence = persistence or Persistence()
        self._webhooks = webhooks
        self._entries = EntryStore(database, self._persistence)
        self._summaries = Summaries(database, self._persistence, self._passed)
        self._checkpoint = Checkpoint(database)
        self._repair = LogRepair(database, audit, webhooks)
        self._audit = audit
        self._follower = follower or NoFollower()
        self._most = (most_entries, most_bytes)
        self._lanes: dict[ConversationKey, Lane] = {}
        self._commits: GroupCommit[Append] = GroupCommit(self._commit)
        self._records: GroupCommit[Report] = GroupCommit(self._record, _RECORDED_AT_ONCE)
        self._unreflected: dict[Append, None] = {}
        self._loading = asyncio.Semaphore(_LOADS_AT_ONCE)
        self._reading = asyncio.Semaphore(_READS_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.appended = 0
        """Entries taken since the start."""

    @property
    def waiting(self) -> int:
        """Entries taken and not yet written."""
        return self._commits.documents

    @property
    def available(self) -> bool:
        """Whether the database did what was last asked of it."""
        return self._persistence.available

    def on_availability(self, callback: Callable[[bool], None]) -> None:
        """Call back whenever `available` changes."""
        self._persistence.watch(callback)

    async def start(self) -> int:
        """Repair what the last run left out; gives how many conversations. Raises PyMongoError."""
        repaired = await self._repair.sweep(await self._checkpoint.since())
        await self._checkpoint.advance(None)
        return repaired

    async def settled(self, within_s: float = 1.0) -> None:
        """Wait until the lists show what was told before the call, `within_s` at most."""
        await self._summaries.settled(within_s)

    async def close(self, within_s: float = 8.0) -> bool:
        """Take nothing more, write what there is; gives whether all of it was written within the bound."""
        self._closed = True
        try:
            await asyncio.wait_for(self._finish(), within_s)
        except (TimeoutError, PyMongoError) as error:
            _log.error("stopped with %d entries unwritten: %r", self._commits.documents, error)
            return False
        finally:
            await self._cancel()
        return True

    # For whoever deletes conversations

    async def hold(self, keys: Iterable[ConversationKey]) -> None:
        """Let nothing be written of these until `release` or `drop`; returns once nothing is under way."""
        lanes = [self._lane(key) for key in keys]
        for lane in lanes:
            lane.held = True
        for lane in lanes:
            await lane.quiet()

    def release(self, keys: Iterable[ConversationKey]) -> None:
        """Write what waited."""
        for key in keys:
            lane = self._lane(key)
            lane.held = False
            parked, lane.parked = lane.parked, []
            for entries, standing, tell in parked:
                self.append(key, entries, standing, tell)
            self._forget_idle(lane)

    def drop(self, keys: Iterable[ConversationKey]) -> None:
        """These are deleted: what waited, and what is still appended, is dropped untold until `forget`."""
        for key in keys:
            lane = self._lane(key)
            lane.held = False
            lane.refuse()

    def forget(self, keys: Iterable[ConversationKey]) -> None:
        """Nobody is left who could append to these."""
        for key in keys:
            lane = self._lane(key)
            lane.refused = False
            self._forget_idle(lane)

    # actors.ports.Journal

    def has_room(self) -> bool:
        """Whether more may be appended now."""
        entries, size = self._most
        return self._commits.documents < entries and self._commits.size < size and not self._closed

    def load(self, key: ConversationKey, tell: Callable[[Loaded | NotFound], None]) -> None:
        """Read a whole log, once nothing of it is under way. Nothing is told any more of earlier appends."""
        if self._closed:
            return
        lane = self._lane(key)
        lane.start_anew()
        self._spawn(self._load(lane, tell))

    def append(self, key: ConversationKey, entries: Sequence[Entry], standing: Standing, tell: Tell) -> None:
        """Write entries, then tell `Committed` with the last one's seq, or `Refused`."""
        lane = self._lane(key)
        if lane.refused or self._closed:
            return
        if lane.held:
            lane.parked.append((entries, standing, tell))
            return
        documents = [entry_document(key, entry) for entry in entries]
        append = Append(lane, lane.generation, tuple(entries), documents, standing, tell)
        lane.under_way += 1
        self.appended += len(documents)
        self._unreflected[append] = None
        self._commits.add(append, len(documents), size_of(documents))

    def fetch(
        self, key: ConversationKey, request: Subscribe, upto: int, tell: Callable[[Fetched], None]
    ) -> None:
        """Read the entries with `request.after < seq <= upto`."""
        self._spawn(self._fetch(key, request, upto, tell))

    # The three stages

    async def _commit(self, batch: Sequence[Append]) -> None:
        live = [append for append in batch if append.current]
        for append in batch:
            if not append.current:
                self._finish_one(append)
        if not live:
            return
        refused = await self._entries.write([d for append in live for d in append.documents])
        broken = broken_by(refused, live)
        await self._take_back([d for append in broken for d in append.documents if d["_id"] not in refused])
        for number, append in enumerate(live, 1):
            self._settle(append, broken.get(append), is_broken=append in broken)
            if number % _TELLS_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _settle(self, append: Append, reason: str | None, *, is_broken: bool) -> None:
        lane = append.lane
        if not is_broken:
            self._report(Report(append, Committed(append.entries[-1].seq), append.generation))
        elif append.current and reason is not None:
            lane.refuse()
            self._report(Report(append, Refused(reason), lane.generation))
        else:
            self._finish_one(append)

    def _report(self, report: Report) -> None:
        append, lane = report.append, report.append.lane
        if lane.recording or report.must_be_recorded:
            lane.recording += 1
            self._records.add(report)
            return
        if isinstance(report.outcome, Committed):
            self._summaries.note(lane.key, append.standing, append.entries[0].created_at)
        self._tell(report)

    async def _record(self, batch: Sequence[Report]) -> None:
        committed = [report.append for report in batch if isinstance(report.outcome, Committed)]
        records = [
            (append.lane.key.workspace_id, record)
            for append in committed
            for record in records_of(append.lane.key, append.entries)
        ]
        summaries = {append.lane.key: append.standing for append in committed}
        await asyncio.gather(
            self._audit.append_all(records), self._summaries.write(summaries), self._tell_webhooks(committed)
        )
        for report in batch:
            report.append.lane.recording -= 1
            self._tell(report)

    async def _tell_webhooks(self, committed: Sequence[Append]) -> None:
        if (webhooks := self._webhooks) is None:
            return
        entries = [(append.lane.key, entry) for append in committed for entry in append.entries]
        await self._persistence.until_done("making webhook jobs", lambda: webhooks.follow(entries))

    def _tell(self, report: Report) -> None:
        try:
            report.tell()
        except Exception:  # noqa: BLE001 - the journal serves all: one conversation's failure to listen must not stop it
            _log.exception("a conversation failed on %r", report.outcome)
        if isinstance(report.outcome, Committed):
            self._follower.committed(report.append.lane.key, report.append.entries)
        self._finish_one(report.append)

    async def _passed(self) -> None:
        if self._checkpoint.due:
            with suppress(PyMongoError):  # an older checkpoint only makes the next start look further back
                await self._checkpoint.advance(self._oldest())

    # Inside

    def _lane(self, key: ConversationKey) -> Lane:
        if key not in self._lanes:
            self._lanes[key] = Lane(key)
        return self._lanes[key]

    def _finish_one(self, append: Append) -> None:
        self._unreflected.pop(append, None)
        append.lane.finish_one()
        self._forget_idle(append.lane)

    def _forget_idle(self, lane: Lane) -> None:
        idle = not (lane.under_way or lane.refused or lane.held)
        if idle and self._lanes.get(lane.key) is lane:
            del self._lanes[lane.key]

    async def _take_back(self, documents: Sequence[Document]) -> None:
        if documents:
            await self._entries.take_back(documents)

    async def _load(self, lane: Lane, tell: Callable[[Loaded | NotFound], None]) -> None:
        await lane.quiet()
        async with self._loading:
            work = "loading a conversation"
            loaded = await self._persistence.until_done(work, lambda: self._repair.load(lane.key))
        self._forget_idle(lane)
        self._follower.loaded(lane.key, loaded)
        tell(loaded)

    async def _fetch(
        self, key: ConversationKey, request: Subscribe, upto: int, tell: Callable[[Fetched], None]
    ) -> None:
        async with self._reading:
            work = "reading entries"
            entries = await self._persistence.until_done(
                work, lambda: self._repair.read(key, request.after, upto)
            )
        tell(Fetched(request, entries))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("reading a conversation failed", exc_info=error)

    def _oldest(self) -> datetime | None:
        appended = [append.entries[0].created_at for append in self._unreflected]
        behind = (self._summaries.oldest(), self._follower.oldest())
        return min([*appended, *filter(None, behind)], default=None)

    async def _finish(self) -> None:
        await self._commits.drained()
        await self._records.drained()
        await self._summaries.drained()
        await self._checkpoint.advance(self._oldest())

    async def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(
            self._commits.cancel(),
            self._records.cancel(),
            self._summaries.cancel(),
            *self._tasks,
            return_exceptions=True,
        )
