from __future__ import annotations

import json
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse

from actors.lead import LeadSource
from handlers.ports import Limits
from tests.support.edge import Edge, running_edge
from tests.support.wire_clients import OperatorClient

SHOP = {"url": "https://shop.example/pricing", "title": "Pricing", "referrer": ""}
HTML = "<img src=x onerror=alert(1)>"


async def post(
    edge: Edge, body: object, key: str = "demo", method: str = "POST", **headers: str
) -> HTTPResponse:
    sent = None if method == "OPTIONS" else (body if isinstance(body, bytes) else json.dumps(body).encode())
    request = HTTPRequest(
        f"{edge.url}/widget/{key}/leads",
        method=method,
        body=sent,
        headers=headers,
        allow_nonstandard_methods=True,
    )
    return await AsyncHTTPClient().fetch(request, raise_error=False)


def fields_of(answer: HTTPResponse) -> dict[str, str]:
    assert answer.code == 422, answer.body
    return json.loads(answer.body)["error"].get("fields", {})


async def test_a_lead_of_a_sites_own_form_belongs_to_the_conversation(edge: Edge) -> None:
    visitor = await edge.visitor()
    body = {"visitor_token": visitor.token, "name": "Zoë", "email": "zoe@example.com", "page": SHOP}
    answer = await post(edge, body, Origin="https://shop.example")
    assert answer.code == 201
    (lead,) = edge.leads.leads
    assert json.loads(answer.body) == {"lead_id": lead.id, "updated": False}
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (lead.conversation_id, lead.source) == (visitor.conversation_id, LeadSource.FORM)
    assert (lead.page.url, lead.consent) == (SHOP["url"], "We use this to answer you, and for nothing else.")
    again = await post(edge, {**body, "phone": "+49 30 901820"})
    assert (again.code, json.loads(again.body)) == (201, {"lead_id": lead.id, "updated": True})
    assert edge.leads.leads[0].phone == "+4930901820"


async def test_without_a_token_it_gets_a_conversation_of_its_own(edge: Edge) -> None:
    answer = await post(edge, {"email": "zoe@example.com"}, Referer="https://shop.example/contact")
    assert answer.code == 201
    (lead,) = edge.leads.leads
    assert lead.page.url == "https://shop.example/contact"
    operator = await edge.operator(connected=False)
    opened = json.loads((await operator.http("GET", f"/app/inbox/{lead.id}")).body)
    assert opened["conversation"]["id"] == lead.conversation_id


async def test_a_token_of_another_workspace_leads_nowhere_near_it(edge: Edge) -> None:
    theirs = await edge.visitor()
    answer = await post(
        edge,
        {"visitor_token": theirs.token, "email": "zoe@example.com"},
        key="other",
        Origin="https://shop.example",
    )
    assert answer.code == 201
    (lead,) = edge.leads.leads
    assert (lead.workspace_id, lead.conversation_id != theirs.conversation_id) == ("other", True)
    demo = await edge.operator(connected=False)
    assert json.loads((await demo.http("GET", "/app/inbox")).body)["leads"] == []


async def test_a_form_names_every_field_that_is_wrong(edge: Edge) -> None:
    wrong = fields_of(
        await post(edge, {"name": "x" * 10_000, "email": "zoe", "phone": "12", "message": "y" * 60_000})
    )
    assert set(wrong) == {"name", "email", "phone", "message"}
    assert wrong["name"] == "This has 10,000 characters, and at most 200 are possible."
    assert set(fields_of(await post(edge, {"name": "Zoë"}))) == {"email"}
    assert edge.leads.leads == []


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\u0085", "\x00"])
async def test_nothing_can_be_put_into_the_head_of_a_mail(edge: Edge, end: str) -> None:
    injected = f"zoe@example.com{end}Bcc: everyone@example.com"
    assert set(fields_of(await post(edge, {"name": f"Zoë{end}Bcc: x@y.example", "email": injected}))) == {
        "name",
        "email",
    }


@pytest.mark.parametrize("value", [1, True, [], {}, {"$gt": ""}, ["zoe@example.com"]], ids=json.dumps)
async def test_what_is_no_text_is_refused(edge: Edge, value: Any) -> None:
    assert set(fields_of(await post(edge, {"email": value}))) == {"email"}


@pytest.mark.parametrize("body", [b"", b"{nope", b"[]", b'"x"', b"null", b'{"email": "\\ud800@x.example"}'])
async def test_what_is_no_form_is_refused(edge: Edge, body: bytes) -> None:
    assert (await post(edge, body)).code == 422
    assert edge.leads.leads == []


async def test_html_is_kept_as_the_text_it_is(edge: Edge) -> None:
    form = {
        "name": HTML,
        "email": "zoe@example.com",
        "message": f"{HTML}\n</script><script>alert(1)</script>",
    }
    page = {"url": "javascript:alert(1)", "title": HTML, "referrer": "data:text/html,x"}
    assert (await post(edge, {**form, "page": page})).code == 201
    operator = await edge.operator(connected=False)
    listed = json.loads((await operator.http("GET", "/app/inbox")).body)["leads"][0]
    assert (listed["name"], listed["message"]) == (HTML, form["message"])
    assert listed["page"] == {"url": "", "title": HTML, "referrer": ""}
    shown = (await operator.http("GET", f"/app/inbox/{listed['id']}", Accept="text/html")).body.decode()
    assert HTML not in shown
    assert "<script>alert" not in shown


async def test_other_sites_may_not_send(edge: Edge) -> None:
    body = {"email": "zoe@example.com"}
    assert (await post(edge, body, key="other", Origin="https://evil.example")).code == 403
    assert (await post(edge, body, key="none")).code == 404
    preflight = await post(edge, None, method="OPTIONS", Origin="https://shop.example")
    assert (preflight.code, preflight.headers["Access-Control-Allow-Headers"]) == (204, "Content-Type")
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    assert edge.leads.leads == []


async def test_the_answer_waits_for_the_database_and_says_when_it_is_away(edge: Edge) -> None:
    visitor = await edge.visitor()
    edge.leads.available = False
    answer = await post(edge, {"visitor_token": visitor.token, "email": "zoe@example.com"})
    assert answer.code == 503
    assert json.loads(answer.body)["error"]["code"] == "unavailable"
    refused = await visitor.ask({"type": "lead.submit", "email": "zoe@example.com"}, "error")
    assert refused["code"] == "unavailable"


async def test_a_conversation_can_send_so_many_and_no_more() -> None:
    async with running_edge(Limits(lead_burst=3, leads_per_s=0.0001)) as edge:
        visitor = await edge.visitor()
        codes = [
            (await post(edge, {"visitor_token": visitor.token, "email": f"zoe{n}@example.com"})).code
            for n in range(4)
        ]
        assert codes == [201, 201, 201, 429]
        refused = await visitor.ask({"type": "lead.submit", "email": "zoe@example.com"}, "error")
        assert refused["code"] == "too_many"
        assert (await post(edge, {"email": "someone@example.com"})).code == 201


# On the socket


async def test_the_widgets_form_is_answered_with_what_is_wrong_and_then_with_the_lead(edge: Edge) -> None:
    visitor = await edge.visitor()
    form = {"type": "lead.submit", "name": "Zoë\nBcc: x", "email": "zoe@example.com"}
    refused = await visitor.ask(form, "error")
    assert (refused["code"], set(refused["fields"])) == ("invalid", {"name"})
    sent = {**form, "name": "x" * 200, "source": "rule", "rule": "20 s\x00", "page": SHOP}
    taken = await visitor.ask(sent, "lead.ack")
    (lead,) = edge.leads.leads
    assert (taken["lead_id"], taken["updated"]) == (lead.id, False)
    assert (lead.source, lead.rule, lead.page.title) == (LeadSource.RULE, "20 s", "Pricing")
    assert lead.conversation_id == visitor.conversation_id


async def test_a_form_that_does_not_say_where_it_was_was_where_the_visitor_said_hello(edge: Edge) -> None:
    visitor = await edge.visitor()
    await visitor.ask(
        {"type": "lead.submit", "email": "zoe@example.com", "rule": "none opened it"}, "lead.ack"
    )
    (lead,) = edge.leads.leads
    assert (lead.page.url, lead.rule, lead.source) == ("https://shop.example/", "", LeadSource.FORM)


async def test_operators_of_the_workspace_hear_of_it_and_no_others(edge: Edge) -> None:
    visitor = await edge.visitor()
    operator, foreign = await edge.operator("viewer@demo.test"), await edge.operator("owner@other.test")
    for watcher in (operator, foreign):
        await watcher.ask({"type": "subscribe", "channel": "workspace"}, "subscribed")
    await visitor.ask({"type": "lead.submit", "email": "zoe@example.com"}, "lead.ack")
    told = await operator.wait("lead.captured")
    assert (told["lead"]["email"], told["updated"], told["channel"]) == (
        "zoe@example.com",
        False,
        "workspace",
    )
    await foreign.ask({"type": "ping"}, "pong")
    assert foreign.of_type("lead.captured") == []
    assert visitor.of_type("lead.captured") == []


async def test_who_asks_to_be_contacted_is_offered_the_form(edge: Edge) -> None:
    visitor = await edge.visitor()
    assert (await visitor.post("Please call me back", "c-1"))["lead_form"] is True
    assert "lead_form" not in await visitor.post("Do you ship to Norway?", "c-2")


async def test_leads_are_not_read_by_strangers(edge: Edge) -> None:
    await post(edge, {"email": "zoe@example.com"})
    stranger = OperatorClient(edge.url, "nobody@demo.test")
    for path in ("/app/inbox", f"/app/inbox/{edge.leads.leads[0].id}", "/app/leads/feed"):
        assert (await stranger.http("GET", path)).code == 401
