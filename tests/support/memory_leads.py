"""Leads in memory: the ledger that workspaces write to, and the desk that the edge reads from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from actors.errors import Code, Refusal
from actors.ids import LeadId, UserId, WorkspaceId
from actors.lead import Captured, Lead, LeadOutcome
from actors.lead_state import Circumstances, plan
from actors.log import ConversationKey
from handlers.leads.lead_ports import LeadFeed, LeadPage, LeadQuery, LeadRow
from handlers.ports import BadCursorError, UnavailableError
from tests.support.memory_journal import MemoryJournal

PAGE = 3


class MemoryLeads:
    """`actors.ports.LeadLedger` and `handlers.leads.lead_ports.LeadDesk`.

    With `held`, leads wait until `release`; without `available`, they are refused.
    """

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal
        self.leads: list[Lead] = []
        self.read: set[tuple[UserId, LeadId]] = set()
        self.held = False
        self.available = True
        self._waiting: list[tuple[Lead, Callable[[LeadOutcome], None]]] = []

    # The ledger

    def capture(self, draft: Lead, tell: Callable[[LeadOutcome], None]) -> None:
        """Keep a lead, soon."""
        self._waiting.append((draft, tell))
        if not self.held:
            asyncio.get_running_loop().call_soon(self.release)

    def release(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        for draft, tell in waiting:
            tell(self._kept(draft))

    def _kept(self, draft: Lead) -> LeadOutcome:
        if not self.available:
            return Refusal(Code.UNAVAILABLE, "The lead could not be stored just now.")
        stored = self._journal.logs.get(draft.conversation_id)
        if stored is None or stored.conversation.key != draft.key:
            return Refusal(Code.NOT_FOUND, "There is no such conversation.")
        made = plan(draft, Circumstances(previous=self._previous(draft)))
        lead = made.lead if made.updated else replace(made.lead, seq=len(self.leads) + 1)
        self.leads = [each for each in self.leads if each.id != lead.id] + [lead]
        return Captured(lead, made.updated)

    def _previous(self, draft: Lead) -> Lead | None:
        wanted = (draft.key, draft.fields.contact_key)
        return next((lead for lead in self.leads if (lead.key, lead.fields.contact_key) == wanted), None)

    # The desk

    async def page(self, workspace_id: WorkspaceId, query: LeadQuery) -> LeadPage:
        found = [lead for lead in reversed(self._of(workspace_id)) if query.q in f"{lead.fields}"]
        start = self._place(query.after)
        rows = tuple(
            LeadRow(lead, (query.user_id, lead.id) not in self.read) for lead in found[start : start + PAGE]
        )
        more = str(start + PAGE) if len(found) > start + PAGE else None
        return LeadPage(rows, more, any=bool(self._of(workspace_id)))

    async def lead(self, workspace_id: WorkspaceId, lead_id: LeadId) -> Lead | None:
        return next((lead for lead in self._of(workspace_id) if lead.id == lead_id), None)

    async def of_conversation(self, key: ConversationKey) -> Lead | None:
        return next((lead for lead in reversed(self.leads) if lead.key == key), None)

    async def feed(self, workspace_id: WorkspaceId, after: str | None) -> LeadFeed:
        leads = self._of(workspace_id)
        start = len(leads) if after is None else self._place(after)
        return LeadFeed(tuple(leads[start:]), str(len(leads)))

    async def unread(self, workspace_id: WorkspaceId, user_id: UserId) -> int:
        return sum((user_id, lead.id) not in self.read for lead in self._of(workspace_id))

    async def mark_read(self, workspace_id: WorkspaceId, user_id: UserId, lead_id: LeadId) -> bool:
        if await self.lead(workspace_id, lead_id) is None:
            return False
        self.read.add((user_id, lead_id))
        return True

    async def mark_all_read(self, workspace_id: WorkspaceId, user_id: UserId) -> None:
        self.read |= {(user_id, lead.id) for lead in self._of(workspace_id)}

    def _of(self, workspace_id: WorkspaceId) -> list[Lead]:
        if not self.available:
            raise UnavailableError("away")
        return [lead for lead in self.leads if lead.workspace_id == workspace_id]

    def _place(self, cursor: str | None) -> int:
        if cursor is None:
            return 0
        if not cursor.isdigit() or int(cursor) > len(self.leads):
            raise BadCursorError("That page does not exist.")
        return int(cursor)
