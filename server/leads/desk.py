"""`handlers.leads.lead_ports.LeadDesk` over the leads and what has been read of them."""

from __future__ import annotations

from actors.ids import LeadId, UserId, WorkspaceId
from actors.lead import Lead
from actors.log import ConversationKey
from handlers.leads import lead_ports as edge
from server.conversations.shortcuts import NO_SHORTCUTS, Shortcuts
from server.edge import reaching_the_store
from server.leads.feed_cursor import FeedCursors
from server.leads.leads import Leads
from server.leads.numbers import LeadNumbers
from server.leads.reads import LeadReads
from server.store.database import Database


class StoreLeadDesk:
    """Leads, each call inside one workspace.

    Args:
        secret_key: seals the cursors of the feed.
        shortcuts: what makes searches quick.
    """

    def __init__(self, database: Database, secret_key: str, shortcuts: Shortcuts = NO_SHORTCUTS) -> None:
        self._database = database
        self._shortcuts = shortcuts
        self._cursors = FeedCursors(secret_key)
        self._numbers = LeadNumbers(database)

    async def page(self, workspace_id: WorkspaceId, query: edge.LeadQuery) -> edge.LeadPage:
        """A page of the inbox."""
        leads = self._leads(workspace_id)
        with reaching_the_store():
            page = await leads.page(query.q, query.after, user_id=query.user_id)
            any_ = bool(page.rows) or bool((await leads.page(limit=1)).rows)
        rows = tuple(edge.LeadRow(row.lead, not row.read) for row in page.rows)
        return edge.LeadPage(rows, page.next, any_)

    async def lead(self, workspace_id: WorkspaceId, lead_id: LeadId) -> Lead | None:
        """One lead."""
        with reaching_the_store():
            return await self._leads(workspace_id).lead(lead_id)

    async def of_conversation(self, key: ConversationKey) -> Lead | None:
        """The newest that came from a conversation."""
        with reaching_the_store():
            return await self._leads(key.workspace_id).of_conversation(key.conversation_id)

    async def feed(self, workspace_id: WorkspaceId, after: str | None) -> edge.LeadFeed:
        """What is new."""
        with reaching_the_store():
            feed = await self._leads(workspace_id).feed(after)
        return edge.LeadFeed(feed.leads, feed.cursor, feed.more)

    async def unread(self, workspace_id: WorkspaceId, user_id: UserId) -> int:
        """How many somebody has not opened."""
        with reaching_the_store():
            return await self._reads(workspace_id).unread(user_id)

    async def mark_read(self, workspace_id: WorkspaceId, user_id: UserId, lead_id: LeadId) -> bool:
        """Note that somebody has opened a lead."""
        lead = await self.lead(workspace_id, lead_id)
        if lead is None:
            return False
        with reaching_the_store():
            await self._reads(workspace_id).mark(user_id, lead)
        return True

    async def mark_all_read(self, workspace_id: WorkspaceId, user_id: UserId) -> None:
        """Note that somebody has seen all there are."""
        with reaching_the_store():
            newest = await self._numbers.newest(workspace_id)
            await self._reads(workspace_id).mark_all(user_id, newest)

    def _leads(self, workspace_id: WorkspaceId) -> Leads:
        return Leads(self._database, workspace_id, self._cursors, self._shortcuts)

    def _reads(self, workspace_id: WorkspaceId) -> LeadReads:
        return LeadReads(self._database, workspace_id)
