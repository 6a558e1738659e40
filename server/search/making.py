"""Making the file that is searched from all there is, beside a server that works."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from actors.ids import ConversationId, WorkspaceId
from server.search.reads import SearchReads, Some
from server.search.word_store import Item, WordStore
from server.store.cursors import Place
from server.store.persistence import Persistence

_MOST_ITEMS = 5_000  # written together: at 100,000 conversations a sixth of the time that 500 take
_REST = 1.0  # the database is left alone for as long as it was used
_CLOCKS = timedelta(hours=1)  # that others may be ahead of ours


class InThread(Protocol):
    """Does blocking work elsewhere."""

    async def __call__(self, work: Callable[[], None], /) -> None:
        """Wait until it is done."""
        ...


class SearchMaking:
    """Reads every conversation and lead, newest first.

    `touched` are conversations that somebody wrote in meanwhile: moved to the top, they may be passed by, and
    are read again at the end. `gone` are those that were deleted, which must not come back.
    """

    def __init__(
        self, reads: SearchReads, store: WordStore, in_thread: InThread, persistence: Persistence
    ) -> None:
        self._reads = reads
        self._store = store
        self._in_thread = in_thread
        self._persistence = persistence
        self.touched: set[ConversationId] = set()
        self.gone: set[ConversationId] = set()

    async def make(self, passed: Callable[[], Awaitable[None]]) -> None:
        """Read all; `passed` waits for what is written beside us."""
        newest = datetime.now(UTC) + _CLOCKS
        for workspace_id in await self._persistence.until_done("reading workspaces", self._reads.workspaces):
            for kind in (self._reads.conversations, self._reads.leads):
                await self._read_all(kind, workspace_id, newest)
        await passed()
        while self.touched:
            touched, self.touched = self.touched, set()
            read = partial(self._reads.of_ids, list(touched))
            found = await self._persistence.until_done("reading what to search", read)
            await self._write([each.item for each in found])
            await passed()

    async def _read_all(
        self,
        kind: Callable[[WorkspaceId, datetime, Place | None], Awaitable[Some]],
        workspace_id: WorkspaceId,
        newest: datetime,
    ) -> None:
        after: Place | None = None
        items: list[Item] = []
        while True:
            began = time.monotonic()
            read = partial(kind, workspace_id, newest, after)
            some = await self._persistence.until_done("reading what to search", read)
            items += some.items
            after = some.next
            if after is None or len(items) >= _MOST_ITEMS:
                await self._write(items)
                items = []
            if after is None:
                return
            await asyncio.sleep(_REST * (time.monotonic() - began))

    async def _write(self, items: list[Item]) -> None:
        def write() -> None:
            self._store.write([item for item in items if item.owner not in self.gone], (), {})

        await self._in_thread(write)
