"""Deleting conversations: decided durably, done a few at a time, finished whatever happens."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Protocol, TypeVar

from actors.ids import ConversationId, WorkspaceId
from actors.log import ConversationKey
from actors.messages import CleanupProgress
from server.audit.audit import AuditLog, AuditRecord
from server.cleanup.portions import Doomed, Order, Portion, Portions
from server.cleanup.progress import Meter, Progress
from server.cleanup.purge import Purge
from server.store.batches import batches
from server.store.database import Database
from server.store.persistence import Persistence

_log = logging.getLogger(__name__)

T = TypeVar("T")

# While people write, deleting leaves the database alone for as long as it has used it.
_REST = 1.0
_LOOKS = 200
_LOOK_EVERY_S = 0.005


class Writer(Protocol):
    """Somebody else who writes what points to conversations, after looking whether they are there."""

    async def passed(self) -> None:
        """Wait until what was being written at the call is durable."""
        ...


class Lanes(Protocol):
    """The journal, as far as deleting needs it."""

    @property
    def appended(self) -> int:
        """Entries taken so far."""
        ...

    async def hold(self, keys: Iterable[ConversationKey]) -> None:
        """Let nothing more be written of these."""
        ...

    def release(self, keys: Iterable[ConversationKey]) -> None:
        """Go on."""
        ...

    def drop(self, keys: Iterable[ConversationKey]) -> None:
        """Drop what waited and what still comes."""
        ...

    def forget(self, keys: Iterable[ConversationKey]) -> None:
        """Nothing comes any more."""
        ...


class Live(Protocol):
    """The directory of actors."""

    def erase(self, keys: Iterable[ConversationKey]) -> None:
        """Tell those in memory, and the workspace."""
        ...

    def is_live(self, key: ConversationKey) -> bool:
        """Whether one is in memory."""
        ...

    def show_progress(self, workspace_id: WorkspaceId, progress: CleanupProgress) -> None:
        """Tell the workspace's operators."""
        ...


class Erasure:
    """Deletes conversations with all that belongs to them.

    An order is written down first, so that it is carried out to its end even if we are killed. Then, for a
    few conversations at a time: their logs are held still, so that no write under way brings one back and one
    in which a visitor has just written is seen; they are noted as going; their documents are deleted, by
    which each is gone, whole; who is live is told; and what pointed to them is deleted. At the next start
    what was noted is finished before anybody is let in.

    Args:
        database: all of it.
        journal: which writes their logs.
        audit: where each deletion is recorded.
        live: the actors.
        forget: called for each, by what remembers it: its visitor, who gets a new one; its words.
        writers: others who write what points to conversations.
    """

    def __init__(
        self,
        database: Database,
        journal: Lanes,
        audit: AuditLog,
        live: Live,
        *,
        forget: Sequence[Callable[[ConversationId], object]] = (),
        writers: Sequence[Writer] = (),
        persistence: Persistence | None = None,
    ) -> None:
        self._database = database
        self._journal = journal
        self._audit = audit
        self._live = live
        self._forget = forget
        self._writers = writers
        self._persistence = persistence or Persistence()
        self._portions = Portions(database)
        self._progress = Progress(live.show_progress)
        self._turn = asyncio.Lock()
        self._tasks: dict[asyncio.Task[int], Meter] = {}

    async def start(self) -> int:
        """Finish what was going when the last run ended, and go on with the rest; gives how many are left."""
        portions = await self._portions.all()
        for portion in portions:
            if portion.doomed.conversations:
                await Purge(self._database, portion.order.workspace_id).conversations(portion.doomed)
                self._forget_all(portion.doomed)
                await self._finish(portion)
        for order, group in groupby(portions, key=lambda portion: portion.order):
            _log.warning("going on with the clean-up that %s asked for", order.user_id)
            self._spawn(order, list(group))
        return sum(len(portion.ids) for portion in portions)

    async def erase(self, order: Order, ids: Sequence[ConversationId]) -> asyncio.Task[int]:
        """Begin to delete; the task gives how many there were. Raises PyMongoError: nothing begun."""
        portions = await self._portions.add(order, list(dict.fromkeys(ids)))
        return self._spawn(order, portions)

    def so_far(self, task: asyncio.Task[int]) -> tuple[int, int]:
        """How many one that is not done has deleted, and how many it has still to look at."""
        meter = self._tasks[task]
        return meter.deleted, meter.left

    async def idle(self) -> None:
        """Wait until nothing is being deleted."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Stop; the next start goes on."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # An order

    def _spawn(self, order: Order, portions: Sequence[Portion]) -> asyncio.Task[int]:
        meter = self._progress.begin(order.workspace_id, sum(len(portion.ids) for portion in portions))
        task = asyncio.get_running_loop().create_task(self._carry_out(portions, meter))
        self._tasks[task] = meter
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[int]) -> None:
        self._tasks.pop(task, None)
        if not task.cancelled() and (error := task.exception()):
            _log.error("a clean-up stopped; the next start goes on with it", exc_info=error)

    async def _carry_out(self, portions: Sequence[Portion], meter: Meter) -> int:
        try:
            for portion in portions:
                # About 75 ms each on the embedded engine, in which no ack has to wait long.
                for some in batches(portion.ids):
                    meter.did(len(some), await self._in_turn(portion, some))
                await self._until_done("finishing a clean-up", lambda done=portion: self._portions.done(done))
        finally:
            meter.end()
        return meter.deleted

    async def _in_turn(self, portion: Portion, ids: Sequence[ConversationId]) -> int:
        async with self._turn:
            appended, began = self._journal.appended, time.monotonic()
            deleted = await self._some(portion, ids)
            took_s = time.monotonic() - began
        busy = self._journal.appended != appended
        await asyncio.sleep(_REST * took_s if busy and deleted else 0)
        return deleted

    async def _some(self, portion: Portion, ids: Sequence[ConversationId]) -> int:
        order = portion.order
        purge = Purge(self._database, order.workspace_id)
        doomed = await self._until_done(
            "reading what is to be deleted", lambda: purge.doomed(ids, only_empty=order.only_empty)
        )
        if not doomed.conversations:
            return 0
        going = await self._delete(portion, purge, doomed)
        if going.doomed.conversations:
            await self._finish(going)
            await self._until_left(_keys(going))
        return len(going.doomed.conversations)

    async def _delete(self, portion: Portion, purge: Purge, doomed: Doomed) -> Portion:
        """The conversations themselves, with their logs held still; gives what went."""
        held = set(_keys(replace(portion, doomed=doomed)))
        await self._journal.hold(held)
        try:
            if portion.order.only_empty:
                doomed = await self._spare_written(purge, doomed)
            gone = set(_keys(replace(portion, doomed=doomed)))
            self._journal.release(held - gone)
            held = gone
            noted = await self._until_done("noting deletions", lambda: self._portions.note(portion, doomed))
            await self._until_done("deleting conversations", lambda: purge.conversations(doomed))
            self._forget_all(doomed)
            self._live.erase(gone)
        finally:  # also when we are stopped meanwhile: what may have been noted will go at the next start
            self._journal.drop(held)
        return noted

    def _forget_all(self, doomed: Doomed) -> None:
        for conversation_id in doomed.conversations:
            for forget in self._forget:
                forget(conversation_id)

    async def _spare_written(self, purge: Purge, doomed: Doomed) -> Doomed:
        written = await self._until_done(
            "looking for messages", lambda: purge.written_in(doomed.conversations)
        )
        return _without(doomed, written)

    async def _finish(self, portion: Portion) -> None:
        """All that follows once the conversations have gone; may be repeated."""
        purge = Purge(self._database, portion.order.workspace_id)
        await self._audit.append_all([(portion.order.workspace_id, record) for record in _records(portion)])
        await self._passed()
        leads = await self._until_done("reading leads", lambda: purge.leads(portion.doomed))
        if leads:
            doomed = replace(portion.doomed, leads=leads)
            portion = await self._until_done("noting leads", lambda: self._portions.note(portion, doomed))
        await self._until_done("deleting what belongs to it", lambda: purge.belongings(portion.doomed))
        if leads:
            await self._passed()  # who was still making jobs of these leads
            await self._until_done("deleting jobs", lambda: purge.jobs(portion.doomed))

    async def _passed(self) -> None:
        for writer in self._writers:
            await writer.passed()

    async def _until_left(self, keys: Sequence[ConversationKey]) -> None:
        """Actors have been told; until they have left, they might append."""
        for _ in range(_LOOKS):
            if not any(map(self._live.is_live, keys)):
                break
            await asyncio.sleep(_LOOK_EVERY_S)
        self._journal.forget(keys)

    async def _until_done(self, what: str, work: Callable[[], Awaitable[T]]) -> T:
        return await self._persistence.until_done(what, work)


def _keys(portion: Portion) -> list[ConversationKey]:
    return [ConversationKey(portion.order.workspace_id, each) for each in portion.doomed.conversations]


def _without(doomed: Doomed, spared: set[str]) -> Doomed:
    pairs = zip(doomed.conversations, doomed.visitors, strict=True)
    left = [(conversation, visitor) for conversation, visitor in pairs if conversation not in spared]
    return Doomed(tuple(c for c, _ in left), tuple(v for _, v in left))


def _records(portion: Portion) -> list[AuditRecord]:
    order = portion.order
    return [
        AuditRecord(
            id=f"{conversation_id}:deleted",
            at=order.at,
            user_id=order.user_id,
            action="conversation.deleted",
            target_type="conversation",
            target_id=conversation_id,
            ip=order.origin.ip,
            user_agent=order.origin.user_agent,
            details={"order": order.id, "only_empty": order.only_empty},
        )
        for conversation_id in portion.doomed.conversations
    ]
