"""Clean-up as the edge wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from actors.ids import ConversationId, WorkspaceId, new_id
from actors.ports import Clock
from handlers.conversations.cleanup_ports import By, Deleted, Preview
from handlers.ports import ConversationQuery
from server.cleanup.erasure import Erasure
from server.cleanup.portions import Order
from server.conversations.inbox_queries import ConversationList, Matching
from server.conversations.journal import Journal
from server.conversations.shortcuts import NO_SHORTCUTS, Shortcuts
from server.edge import reaching_the_store
from server.store.database import Database

WAIT_S = 70.0
"""How long an answer waits for a clean-up, which goes on after it: our nginx gives up after 75 s."""


class StoreCleanup:
    """`handlers.conversations.cleanup_ports.Cleanup` over lists and the erasure."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        erasure: Erasure,
        clock: Clock,
        shortcuts: Shortcuts = NO_SHORTCUTS,
    ) -> None:
        self._shortcuts = shortcuts
        self._database = database
        self._journal = journal
        self._erasure = erasure
        self._clock = clock

    async def preview(self, workspace_id: WorkspaceId, query: ConversationQuery) -> Preview:
        """What the list shows."""
        at = self._clock.now()
        with reaching_the_store():
            await self._journal.settled()
            return _preview(await self._list(workspace_id).matching(query, at), at)

    async def preview_empty(self, workspace_id: WorkspaceId) -> Preview:
        """Those in which no visitor wrote."""
        at = self._clock.now()
        with reaching_the_store():
            await self._journal.settled()
            return _preview(await self._list(workspace_id).empty(), at)

    async def delete(self, by: By, ids: Sequence[ConversationId]) -> Deleted:
        """These."""
        return await self._erase(by, ids)

    async def delete_matching(self, by: By, query: ConversationQuery, upto: datetime) -> Deleted:
        """All that the list shows, and showed then."""
        with reaching_the_store():
            await self._journal.settled()
            found = await self._list(by.workspace_id).matching(query, upto)
        return await self._erase(by, [each.id for each in found])

    async def delete_empty(self, by: By) -> Deleted:
        """Those in which no visitor wrote."""
        with reaching_the_store():
            await self._journal.settled()
            found = await self._list(by.workspace_id).empty()
        return await self._erase(by, [each.id for each in found], only_empty=True)

    async def _erase(self, by: By, ids: Sequence[ConversationId], *, only_empty: bool = False) -> Deleted:
        if not ids:
            return Deleted(0)
        order = Order(new_id(), by.workspace_id, by.user_id, self._clock.now(), by.origin, only_empty)
        with reaching_the_store():
            task = await self._erasure.erase(order, ids)
        await asyncio.wait({task}, timeout=WAIT_S)
        if task.done():
            return Deleted(task.result())
        return Deleted(*self._erasure.so_far(task))

    def _list(self, workspace_id: WorkspaceId) -> ConversationList:
        return ConversationList(self._database, workspace_id, self._shortcuts)


def _preview(found: Sequence[Matching], at: datetime) -> Preview:
    return Preview(len(found), sum(each.has_lead for each in found), at)
