"""Searching conversations and leads by any of their words, at a cost that does not grow with their number."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import ParamSpec, TypeAlias, TypeVar

from actors.ids import ConversationId, WorkspaceId, new_id
from actors.lead import Lead
from actors.log import ConversationKey, Entry, Person
from actors.messages import Loaded, NotFound
from server.conversations.checkpoint import Checkpoint
from server.search.making import SearchMaking
from server.search.reads import Said, SearchReads, lead_item, leads_of, left, named, said, spoken
from server.search.word_store import Asked, Hit, Hits, WordStore
from server.search.words import words_asked
from server.store.database import Database, DuplicateKeyError
from server.store.group_commit import MOST_DOCUMENTS, GroupCommit
from server.store.persistence import Persistence

_log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_FILE = "search.sqlite"
_PAUSE_S = 0.2
"""Between two writes, so that more comes together."""

_MOST_WAITING = 2_000
_SLACK = timedelta(seconds=60)
_BUILT, _UNTIL, _OF = "built", "until", "of"


class Search:
    """Keeps words beside the database, in a file of the data directory, written behind everything else.

    The file follows from the database: what a crash left out is found at the next start, from the mark in the
    file on, and a file that is missing, damaged, or of another database is made anew in the background. Until
    that is done `ready` is False, and lists look for themselves. A deleted conversation's words are deleted.
    """

    def __init__(
        self,
        database: Database,
        data_dir: Path,
        persistence: Persistence | None = None,
        pause_s: float = _PAUSE_S,
    ) -> None:
        self._meta = database["meta"]
        self._reads = SearchReads(database)
        self._checkpoint = Checkpoint(database)
        self._path = data_dir / _FILE
        self._persistence = persistence or Persistence()
        self._commits: GroupCommit[_Numbered | asyncio.Future[None]] = GroupCommit(self._write)
        self._pause_s = pause_s
        self._pending: dict[int, datetime] = {}
        self._numbers = count()
        self._writing, self._reading = ThreadPoolExecutor(1, "words"), ThreadPoolExecutor(1, "search")
        self._store: WordStore | None = None
        self._making: SearchMaking | None = None
        self._since: datetime | None = None
        self._hurry = asyncio.Event()
        self._marks = 0
        self.ready = False
        """Whether searches find everything."""

    async def start(self) -> None:
        """Open the file; before the journal starts. Raises PyMongoError."""
        of, checked = await self._identity(), await self._checkpoint.since()
        try:
            store = await self._write_by(WordStore, self._path)
            if await self._write_by(store.mark, _OF) != of:
                await self._write_by(store.clear)
                await self._write_by(store.write, (), (), {_OF: of})
            until = await self._write_by(store.mark, _UNTIL)
            self.ready = bool(await self._write_by(store.mark, _BUILT)) and until is not None
        except (sqlite3.Error, OSError) as error:
            _log.error("%s cannot be used, so that searches take longer: %s", self._path, error)
            return
        self._store = store
        if not self.ready:
            self._making = SearchMaking(self._reads, store, self._write_by, self._persistence)
        noted = datetime.fromtimestamp(float(until), UTC) - _SLACK if until else None
        self._since = min(filter(None, (noted, checked)), default=None)

    async def run(self) -> None:
        """Find what the last run left out, or make the file."""
        if self._store is None:
            return
        if self._making is None:
            await self._catch_up()
            return
        began = datetime.now(UTC)
        _log.info("making %s; until it is done searches take longer", self._path.name)
        await self._making.make(self.passed)
        await self._write_by(self._store.write, (), (), {_BUILT: "1", _UNTIL: str(began.timestamp())})
        self._making, self.ready = None, True
        _log.info("%s is made, in %.0f s", self._path.name, (datetime.now(UTC) - began).total_seconds())

    async def close(self, within_s: float = 4.0) -> None:
        """Write what there is."""
        try:
            await asyncio.wait_for(self.passed(), within_s)
        except TimeoutError:
            _log.warning("stopped before all could be searched; the next start finds the rest")
        await self._commits.cancel()
        if self._store is not None:
            await self._write_by(self._store.close)
        self._writing.shutdown(wait=False)
        self._reading.shutdown(wait=False)

    # What there is to find

    def committed(self, key: ConversationKey, entries: Sequence[Entry]) -> None:
        """`server.conversations.follower.Follower`: these entries are durable."""
        self._note(said(key, entries), entries[0].created_at)

    def loaded(self, key: ConversationKey, log: Loaded | NotFound) -> None:
        """`server.conversations.follower.Follower`: nothing follows from this."""

    def oldest(self) -> datetime | None:
        """`server.conversations.follower.Follower`: from when on the next start has to look."""
        return min(self._pending.values(), default=None)

    def began(self, key: ConversationKey, at: datetime) -> None:
        """A conversation is durable that has no entries yet."""
        self._note(Said(key, at), at)

    def named(self, key: ConversationKey, at: datetime, person: Person) -> None:
        """The site has said who the visitor of a conversation is."""
        self._note(named(key, at, person), at)

    def captured(self, leads: Iterable[Lead]) -> None:
        """These leads are durable."""
        for lead in leads:
            self._note(lead, lead.updated_at or lead.captured_at)

    def forget(self, conversation_id: ConversationId) -> None:
        """A conversation was deleted, and its leads."""
        if self._making is not None:
            self._making.gone.add(conversation_id)
        self._note(conversation_id, datetime.now(UTC))

    async def passed(self) -> None:
        """Wait until all that was noted before the call can be found, or no more."""
        if not self._commits.documents or self._store is None:
            return
        mark: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._marks += 1
        self._commits.add(mark)
        self._hurry.set()
        await mark

    # Finding it. Every method needs `ready`.

    async def conversations(
        self, workspace_id: WorkspaceId, q: str, before: Hit | None, limit: int, *, engaged: bool
    ) -> Hits:
        """Conversations in which something begins with each word of `q`, newest activity first."""
        return await self._page(Asked(workspace_id, words_asked(q), engaged), before, limit)

    async def leads(self, workspace_id: WorkspaceId, q: str, before: Hit | None, limit: int) -> Hits:
        """Leads in which something begins with each word of `q`, newest first."""
        return await self._page(Asked(leads_of(workspace_id), words_asked(q)), before, limit)

    async def all(self, workspace_id: WorkspaceId, q: str, *, engaged: bool) -> list[str]:
        """The ids of all such conversations."""
        asked = Asked(workspace_id, words_asked(q), engaged)
        return await self._find_by(self._open.all, asked) if asked.words else []

    async def among(self, workspace_id: WorkspaceId, q: str, ids: Sequence[str]) -> set[str]:
        """Those of these conversations that have such words."""
        asked = Asked(workspace_id, words_asked(q))
        return await self._find_by(self._open.among, asked, ids) if asked.words else set()

    async def _page(self, asked: Asked, before: Hit | None, limit: int) -> Hits:
        if not asked.words:
            return Hits((), None)
        return await self._find_by(self._open.page, asked, before, limit)

    # Writing

    def _note(self, note: _Note, at: datetime) -> None:
        if self._store is None:
            return
        number = next(self._numbers)
        self._pending[number] = at
        self._commits.add((number, note))

    async def _write(self, batch: Sequence[_Numbered | asyncio.Future[None]]) -> None:
        numbered = [each for each in batch if isinstance(each, tuple)]
        marks = [each for each in batch if isinstance(each, asyncio.Future)]
        try:
            if numbered and self._store is not None:
                await self._write_notes(self._store, dict(numbered))
        except sqlite3.Error as error:
            # What the file has is not all any more; the next start goes on from its last mark.
            _log.error("%s cannot be written, so that searches take longer: %s", self._path, error)
            self._store, self.ready = None, False
        for number, _ in numbered:
            del self._pending[number]
        self._marks -= len(marks)
        for mark in marks:
            if not mark.done():
                mark.set_result(None)
        if self._commits.documents - len(batch) < MOST_DOCUMENTS:
            await self._rest()

    async def _rest(self) -> None:
        """Let more come together, unless somebody waits."""
        self._hurry.clear()
        if not self._marks:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), self._pause_s)

    async def _write_notes(self, store: WordStore, notes: dict[int, _Note]) -> None:
        began = datetime.now(UTC)
        leads = [note for note in notes.values() if isinstance(note, Lead)]
        spoke = [*(note for note in notes.values() if isinstance(note, Said)), *map(left, leads)]
        gone = [note for note in notes.values() if isinstance(note, str)]
        ids = list({note.key.conversation_id for note in spoke})
        new = set(await self._write_by(store.unknown, ids))
        # One that is not known is read whole: the file may be younger than it is.
        whole = await self._until_done(lambda: self._reads.of_ids([each for each in ids if each in new]))
        if self._making is not None:
            self._making.touched.update(ids)
        known = [note for note in spoke if note.key.conversation_id not in new]
        waiting = [at for number, at in self._pending.items() if number not in notes]
        until = min([began, *waiting])

        def write() -> None:
            items = [*map(spoken, known), *(each.item for each in whole), *map(lead_item, leads)]
            # While it is being made there is no time until which it has all.
            store.write(items, gone, {_UNTIL: str(until.timestamp())} if self.ready else {})

        await self._write_by(write)

    async def _catch_up(self) -> None:
        since = self._since
        if since is None:
            return
        for anywhere in (self._reads.said_since, self._reads.told_since, self._reads.updated_since):
            await self._note_all(await self._until_done(partial(anywhere, since)), since)
        for workspace_id in await self._until_done(self._reads.workspaces):
            read = partial(self._reads.begun_since, workspace_id, since)
            await self._note_all(await self._until_done(read), since)
            read = partial(self._reads.captured_since, workspace_id, since)
            await self._note_all(await self._until_done(read), since)

    async def _note_all(self, notes: Sequence[Said | Lead], at: datetime) -> None:
        for start in range(0, len(notes), _MOST_WAITING):
            for note in notes[start : start + _MOST_WAITING]:
                self._note(note, at)
            await self.passed()

    async def _identity(self) -> str:
        """Which database this is: a data directory may come to be used with another one."""
        found = await self._meta.find_one({"_id": _FILE})
        if found is None:
            with suppress(DuplicateKeyError):
                await self._meta.insert_one({"_id": _FILE, "of": new_id()})
            found = await self._meta.find_one({"_id": _FILE}) or {}
        return str(found.get("of"))

    @property
    def _open(self) -> WordStore:
        if self._store is None:
            raise sqlite3.OperationalError("there is no file to search")
        return self._store

    async def _write_by(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writing, partial(work, *arguments, **named))

    async def _find_by(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reading, partial(work, *arguments, **named))

    async def _until_done(self, work: Callable[[], Awaitable[T]]) -> T:
        return await self._persistence.until_done("reading what to search", work)


_Note: TypeAlias = Said | Lead | ConversationId
_Numbered: TypeAlias = tuple[int, _Note]
