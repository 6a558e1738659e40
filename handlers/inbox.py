"""`/app/inbox` and the feed that toasts are made of."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from actors.ids import LeadId
from actors.roles import Role
from handlers.access import Who
from handlers.answers import HttpError
from handlers.base import BaseHandler
from handlers.conversations import ConsoleHandler
from handlers.ports import Lead
from handlers.shapes import Json, instant


class InboxHandler(ConsoleHandler):
    """`GET /app/inbox`."""

    async def get(self) -> None:
        """Every lead, newest first."""
        listed = await self.lead_list()
        if self.wants_json:
            self.answer(listed)
        else:
            self.console("inbox.html", "inbox", listed, None)

    async def lead_list(self) -> Json:
        """The page of leads that the address asks for. Raises BadCursorError."""
        after = self.get_query_argument("after", "") or None
        page = await self.services.reading.leads(self.member.workspace.id, after)
        return {"leads": [lead_json(lead) for lead in page.leads], "next": page.next}


class LeadHandler(InboxHandler):
    """`GET /app/inbox/{lead_id}`."""

    async def get(self, lead_id: str) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """A lead, and the conversation that produced it."""
        lead = await self.services.reading.lead(self.member.workspace.id, LeadId(lead_id))
        if lead is None:
            raise HttpError(HTTPStatus.NOT_FOUND, "not_found", "There is no such lead.")
        conversation = await self.opened(self.conversation_key(lead.conversation_id))
        opened = {**conversation, "lead": lead_json(lead)}
        if self.wants_json:
            self.answer(opened)
        else:
            self.console("inbox.html", "inbox", await self.lead_list(), opened)


class LeadFeedHandler(BaseHandler):
    """`GET /app/leads/feed`."""

    role: ClassVar[Who] = Role.VIEWER

    async def get(self) -> None:
        """What came since `after`; without it nothing, and where we are."""
        after = self.get_query_argument("after", "") or None
        feed = await self.services.reading.lead_feed(self.member.workspace.id, after)
        self.answer({"leads": [lead_json(lead) for lead in feed.leads], "cursor": feed.cursor})


def lead_json(lead: Lead) -> Json:
    """A lead as lists and the feed carry it."""
    return {
        "id": lead.id,
        "conversation_id": lead.conversation_id,
        "name": lead.name,
        "email": lead.email,
        "phone": lead.phone,
        "message": lead.message,
        "source": lead.source,
        "captured_at": instant(lead.captured_at),
    }
