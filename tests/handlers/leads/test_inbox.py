from __future__ import annotations

import json
from typing import Any

from tests.support.edge import Edge
from tests.support.wire_clients import OperatorClient, VisitorClient

FORM = {"type": "lead.submit", "name": "Zoë", "email": "zoe@example.com", "message": "Call me"}


async def left_by(visitor: VisitorClient, **fields: str) -> str:
    answer = await visitor.ask({**FORM, **fields}, "lead.ack")
    return answer["lead_id"]


async def read(operator: OperatorClient, path: str) -> dict[str, Any]:
    answer = await operator.http("GET", path)
    assert answer.code == 200, answer.body
    return json.loads(answer.body)


async def test_without_leads_there_is_an_empty_inbox_and_a_cursor(edge: Edge) -> None:
    operator = await edge.operator("viewer@demo.test", connected=False)
    assert await read(operator, "/app/inbox") == {"leads": [], "next": None, "any": False}
    feed = await read(operator, "/app/leads/feed")
    assert feed["leads"] == []
    assert await read(operator, f"/app/leads/feed?after={feed['cursor']}") == feed
    assert (await operator.http("GET", "/app/leads/feed?after=forged")).code == 422
    assert (await operator.http("GET", "/app/inbox", Accept="text/html")).code == 200


async def test_a_lead_opens_its_conversation_and_only_in_its_workspace(edge: Edge) -> None:
    visitor = await edge.visitor()
    await visitor.post("Hello", "c-1")
    lead_id = await left_by(visitor)
    operator = await edge.operator(connected=False)
    opened = await read(operator, f"/app/inbox/{lead_id}")
    assert opened["lead"]["email"] == "zoe@example.com"
    assert opened["lead"]["source"] == "form"
    assert opened["messages"][0]["text"] == "Hello"
    assert opened["conversation"]["has_lead"]
    conversation = await read(operator, f"/app/conversations/{visitor.conversation_id}")
    assert conversation["lead"] == opened["lead"]

    foreign = await edge.operator("owner@other.test", connected=False)
    for path in ("/app/inbox/{}", "/app/inbox/{}/read"):
        method = "POST" if path.endswith("read") else "GET"
        theirs, unknown = [await foreign.http(method, path.format(i), {}) for i in (lead_id, "none")]
        assert theirs.code == unknown.code == 404
        assert theirs.body == unknown.body
    assert await read(foreign, "/app/inbox") == {"leads": [], "next": None, "any": False}


async def test_the_feed_brings_each_lead_once(edge: Edge) -> None:
    operator = await edge.operator("viewer@demo.test", connected=False)
    cursor = (await read(operator, "/app/leads/feed"))["cursor"]
    lead_id = await left_by(await edge.visitor())
    feed = await read(operator, f"/app/leads/feed?after={cursor}")
    assert [lead["id"] for lead in feed["leads"]] == [lead_id]
    assert feed["unread"] == 1
    assert (await read(operator, f"/app/leads/feed?after={feed['cursor']}"))["leads"] == []


async def test_what_one_has_opened_is_unread_for_the_others(edge: Edge) -> None:
    lead_ids = [await left_by(await edge.visitor()) for _ in range(2)]
    viewer = await edge.operator("viewer@demo.test", connected=False)
    editor = await edge.operator(connected=False)
    answer = await viewer.http("POST", f"/app/inbox/{lead_ids[0]}/read", {})
    assert json.loads(answer.body) == {"unread": 1}
    listed = (await read(viewer, "/app/inbox"))["leads"]
    assert [(lead["id"], lead["unread"]) for lead in listed] == [(lead_ids[1], True), (lead_ids[0], False)]
    assert (await read(editor, "/app/leads/feed"))["unread"] == 2
    assert json.loads((await editor.http("POST", "/app/inbox/read", {})).body) == {"unread": 0}
    assert (await read(editor, "/app/leads/feed"))["unread"] == 0
    assert (await read(viewer, "/app/leads/feed"))["unread"] == 1


async def test_the_inbox_is_searched_and_paged(edge: Edge) -> None:
    visitor = await edge.visitor()
    for number in range(5):
        await left_by(visitor, email=f"zoe{number}@example.com")
    operator = await edge.operator("viewer@demo.test", connected=False)
    first = await read(operator, "/app/inbox")
    second = await read(operator, f"/app/inbox?after={first['next']}")
    emails = [lead["email"] for lead in first["leads"] + second["leads"]]
    assert emails == [f"zoe{number}@example.com" for number in (4, 3, 2, 1, 0)]
    assert second["next"] is None
    assert [lead["email"] for lead in (await read(operator, "/app/inbox?q=zoe3"))["leads"]] == [
        "zoe3@example.com"
    ]
    nothing = await read(operator, "/app/inbox?q=nobody")
    assert (nothing["leads"], nothing["any"]) == ([], True)
    assert (await operator.http("GET", "/app/inbox?after=forged")).code == 422


async def test_who_is_not_signed_in_sees_no_leads(edge: Edge) -> None:
    stranger = OperatorClient(edge.url, "nobody@demo.test")
    for path in ("/app/inbox", "/app/inbox/l1", "/app/leads/feed"):
        assert (await stranger.http("GET", path)).code == 401
