from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from actors.ids import ConversationId, LeadId, WorkspaceId
from handlers.ports import Lead
from tests.support.edge import Edge

LEAD = Lead(
    LeadId("l1"),
    ConversationId("c1"),
    "Zoë",
    "zoe@example.com",
    "",
    "Call me",
    "form",
    datetime(2026, 11, 22, tzinfo=UTC),
)


async def test_without_leads_there_is_an_empty_inbox_and_a_cursor(edge: Edge) -> None:
    operator = await edge.operator("viewer@demo.test", connected=False)
    inbox = await operator.http("GET", "/app/inbox")
    assert json.loads(inbox.body) == {"leads": [], "next": None}
    feed = json.loads((await operator.http("GET", "/app/leads/feed")).body)
    assert feed["leads"] == []
    again = await operator.http("GET", f"/app/leads/feed?after={feed['cursor']}")
    assert json.loads(again.body) == feed
    assert (await operator.http("GET", "/app/leads/feed?after=forged")).code == 422
    assert (await operator.http("GET", "/app/inbox", Accept="text/html")).code == 200


async def test_a_lead_opens_its_conversation_and_only_in_its_workspace(edge: Edge) -> None:
    visitor = await edge.visitor()
    await visitor.post("Hello", "c-1")
    lead = replace(LEAD, conversation_id=ConversationId(visitor.conversation_id))
    edge.reading.lead_list = {WorkspaceId("demo"): [lead]}
    operator = await edge.operator(connected=False)
    opened = json.loads((await operator.http("GET", "/app/inbox/l1")).body)
    assert opened["lead"]["email"] == "zoe@example.com"
    assert opened["lead"]["captured_at"] == "2026-11-22T00:00:00.000Z"
    assert opened["messages"][0]["text"] == "Hello"
    foreign = await edge.operator("owner@other.test", connected=False)
    theirs, unknown = [await foreign.http("GET", f"/app/inbox/{lead_id}") for lead_id in ("l1", "l2")]
    assert theirs.code == unknown.code == 404
    assert theirs.body == unknown.body
