"""`/app/inbox`: the leads, each with its conversation; and the feed that toasts are made of."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from actors.ids import LeadId
from actors.lead import Lead
from actors.roles import Role
from handlers.access import Who
from handlers.answers import HttpError
from handlers.base import BaseHandler
from handlers.conversations.conversations import MOST_SEARCHED, ConsoleHandler
from handlers.leads.lead_ports import LeadQuery, LeadRow
from handlers.shapes import Json, lead_json


class InboxHandler(ConsoleHandler):
    """`GET /app/inbox`."""

    async def get(self) -> None:
        """Every lead, newest first."""
        listed = await self.lead_list()
        if self.wants_json:
            self.answer(listed)
        else:
            await self.console("inbox.html", "inbox", self.with_search(listed), None)

    async def lead_list(self) -> Json:
        """The page of leads that the address asks for. Raises BadCursorError."""
        after = self.get_query_argument("after", "") or None
        query = LeadQuery(self.member.account.user_id, self._searched, after)
        page = await self.services.leads.page(self.member.workspace.id, query)
        return {"leads": [row_json(row) for row in page.rows], "next": page.next, "any": page.any}

    def with_search(self, listed: Json) -> Json:
        """The list with the search that it was made by, which the page shows."""
        return {**listed, "q": self._searched}

    @property
    def _searched(self) -> str:
        return self.get_query_argument("q", "")[:MOST_SEARCHED]


class LeadHandler(InboxHandler):
    """`GET /app/inbox/{lead_id}`."""

    async def get(self, lead_id: str) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """A lead, and the conversation that produced it."""
        lead = await self.services.leads.lead(self.member.workspace.id, LeadId(lead_id))
        if lead is None:
            raise _no_such_lead()
        opened = await self._with_conversation(lead)
        if self.wants_json:
            self.answer(opened)
        else:
            await self.console("inbox.html", "inbox", self.with_search(await self.lead_list()), opened)

    async def _with_conversation(self, lead: Lead) -> Json:
        conversation = await self.opened(self.conversation_key(lead.conversation_id))
        return {**conversation, "lead": lead_json(lead)}


class LeadReadHandler(BaseHandler):
    """`POST /app/inbox/{lead_id}/read`."""

    role: ClassVar[Who] = Role.VIEWER

    async def post(self, lead_id: str) -> None:
        """The member has opened it; gives how many they still have not."""
        workspace_id, user_id = self.member.workspace.id, self.member.account.user_id
        if not await self.services.leads.mark_read(workspace_id, user_id, LeadId(lead_id)):
            raise _no_such_lead()
        self.answer({"unread": await self.services.leads.unread(workspace_id, user_id)})


class AllReadHandler(BaseHandler):
    """`POST /app/inbox/read`."""

    role: ClassVar[Who] = Role.VIEWER

    async def post(self) -> None:
        """The member has seen all there are."""
        await self.services.leads.mark_all_read(self.member.workspace.id, self.member.account.user_id)
        self.answer({"unread": 0})


class LeadFeedHandler(BaseHandler):
    """`GET /app/leads/feed`."""

    role: ClassVar[Who] = Role.VIEWER

    async def get(self) -> None:
        """What came since `after`; without it nothing, and where we are."""
        after = self.get_query_argument("after", "") or None
        workspace_id = self.member.workspace.id
        feed = await self.services.leads.feed(workspace_id, after)
        self.answer(
            {
                "leads": [lead_json(lead) for lead in feed.leads],
                "cursor": feed.cursor,
                "more": feed.more,
                "unread": await self.services.leads.unread(workspace_id, self.member.account.user_id),
            }
        )


def row_json(row: LeadRow) -> Json:
    """A lead in the list."""
    return {**lead_json(row.lead), "unread": row.unread}


def _no_such_lead() -> HttpError:
    return HttpError(HTTPStatus.NOT_FOUND, "not_found", "There is no such lead.")
