from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.support.browser_session import BrowserSession
from tests.support.edge import Edge
from tests.support.wire_clients import OperatorClient, VisitorClient


async def got(operator: OperatorClient, path: str) -> tuple[int, Any]:
    response = await operator.http("GET", path)
    return response.code, json.loads(response.body)


async def talked(edge: Edge, messages: int = 1) -> VisitorClient:
    visitor = await edge.visitor()
    for number in range(1, messages + 1):
        await visitor.post(f"message {number}", f"c-{number}")
    return visitor


async def test_the_list_has_what_was_said(edge: Edge) -> None:
    operator = await edge.operator("viewer@demo.test", connected=False)
    status, empty = await got(operator, "/app/conversations")
    assert (status, empty) == (200, {"conversations": [], "next": None, "any": False, "seen_upto": None})
    await edge.visitor("other")
    silent, visitor = await edge.visitor(), await talked(edge)
    _, engaged = await got(operator, "/app/conversations")
    assert [row["id"] for row in engaged["conversations"]] == [visitor.conversation_id]
    _, everything = await got(operator, "/app/conversations?show=all")
    ids = {row["id"] for row in everything["conversations"]}
    assert ids == {silent.conversation_id, visitor.conversation_id}


async def test_an_opened_conversation_has_its_log(edge: Edge) -> None:
    visitor, operator = await talked(edge, 2), await edge.operator(connected=False)
    await operator.act(visitor.conversation_id, "claim")
    status, opened = await got(operator, f"/app/conversations/{visitor.conversation_id}")
    assert status == 200
    assert opened["conversation"]["claimed_by_user_id"] == "u-editor"
    assert opened["conversation"]["seq"] == 3
    assert [entry["type"] for entry in opened["entries"]] == ["message", "message", "claimed"]
    assert [message["text"] for message in opened["messages"]] == ["message 1", "message 2"]
    assert opened["lead"] is None


@pytest.mark.parametrize(
    ("query", "seqs", "more"),
    [
        ("", [1, 2, 3, 4, 5], False),
        ("?after=2", [3, 4, 5], False),
        ("?after=0&limit=2", [1, 2], True),
        ("?after=5", [], False),
        ("?after=99", [], False),
        ("?before=4&limit=2", [2, 3], True),
        ("?before=3", [1, 2], False),
        ("?before=1", [], False),
    ],
)
async def test_the_log_is_read_in_pieces(edge: Edge, query: str, seqs: list[int], more: bool) -> None:
    visitor, operator = await talked(edge, 5), await edge.operator(connected=False)
    status, piece = await got(operator, f"/app/conversations/{visitor.conversation_id}/messages{query}")
    assert status == 200
    assert [entry["seq"] for entry in piece["entries"]] == seqs
    assert piece["more"] is more


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=1.5",
        "after=" + "9" * 30,
        "after=9007199254740992",
        "limit=501",
        "before=٣",
    ],
)
async def test_a_wrong_position_is_refused(edge: Edge, query: str) -> None:
    visitor, operator = await talked(edge), await edge.operator(connected=False)
    response = await operator.http("GET", f"/app/conversations/{visitor.conversation_id}/messages?{query}")
    assert response.code == 422
    assert json.loads(response.body)["error"]["fields"]


@pytest.mark.parametrize("query", ["show=none", "holder=me", "after=forged"])
async def test_a_wrong_filter_is_refused(edge: Edge, query: str) -> None:
    operator = await edge.operator(connected=False)
    status, body = await got(operator, f"/app/conversations?{query}")
    assert (status, body["error"]["code"]) == (422, "invalid")


async def test_what_is_no_text_at_all_is_no_request(edge: Edge) -> None:
    operator = await edge.operator(connected=False)
    status, body = await got(operator, "/app/conversations?q=%FF")
    assert (status, body["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize("path", ["/app/conversations/{}", "/app/conversations/{}/messages"])
async def test_foreign_and_unknown_answer_the_same(edge: Edge, path: str) -> None:
    foreign = await edge.visitor("other")
    operator = await edge.operator("owner@demo.test", connected=False)
    for accept in ("application/json", "text/html"):
        unknown, theirs = [
            await operator.http("GET", path.format(conversation_id), Accept=accept)
            for conversation_id in ("nobody", foreign.conversation_id)
        ]
        assert unknown.code == theirs.code == 404
        assert _without_tokens(unknown.body) == _without_tokens(theirs.body)


async def test_a_page_carries_what_its_scripts_need_and_nothing_that_runs(edge: Edge) -> None:
    visitor = await edge.visitor()
    attack = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    await visitor.post(attack, "c-1")
    browser = BrowserSession(edge.url)
    await browser.sign_in("admin@demo.test")
    page = await browser.get(f"/app/conversations/{visitor.conversation_id}?show=all&q={attack[:20]}")
    html = page.body.decode()
    assert attack not in html
    assert "<img src=x" not in html
    data = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert data is not None
    page_data = json.loads(data[1])
    assert page_data["open"]["entries"][0]["text"] == attack
    assert page_data["list"]["show"] == "all"
    assert page_data["me"]["may"] == ["look", "claim", "take", "tag", "delete", "manage_tags", "manage"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    assert "onclick=" not in html
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Vary"] == "Accept"
    assert page.headers["Cache-Control"] == "no-store"


async def test_reading_while_the_database_is_away(edge: Edge) -> None:
    operator = await edge.operator(connected=False)
    edge.reading.available = False
    status, body = await got(operator, "/app/conversations")
    assert (status, body["error"]["code"]) == (503, "unavailable")


async def test_who_waits_is_told_on_every_page_and_only_of_ones_workspace(edge: Edge) -> None:
    visitor, foreign = await edge.visitor(), await edge.visitor("other")
    for each in (visitor, foreign):
        await each.ask({"type": "person.request", "ref": "p"}, "person.ack")
    viewer = await edge.operator("viewer@demo.test", connected=False)
    assert await got(viewer, "/app/waiting") == (200, {"waiting": [visitor.conversation_id]})
    for path in ("/app/inbox", "/app/conversations", "/app/overview"):
        page = await viewer.http("GET", path, Accept="text/html")
        data = re.search(
            r'<script type="application/json"[^>]*>(.*?)</script>', page.body.decode(), re.DOTALL
        )
        assert data is not None
        assert json.loads(data[1])["waiting"] == [visitor.conversation_id]


def _without_tokens(body: bytes) -> str:
    """Nor the instant at which it was answered."""
    return re.sub(r'"[^"]*\|[^"]*"|"\d{4}-[^"]*Z"', "", body.decode())


async def read(operator: OperatorClient, conversation_id: str, body: Any) -> tuple[int, Any]:
    response = await operator.http("POST", f"/app/conversations/{conversation_id}/read", body)
    return response.code, json.loads(response.body)


async def test_what_one_has_read_everybody_learns_by_the_row(edge: Edge) -> None:
    visitor = await talked(edge, 2)
    viewer, editor = await edge.operator("viewer@demo.test", connected=False), await edge.operator()
    await editor.ask({"type": "subscribe", "channel": "workspace"}, "subscribed")
    assert await read(viewer, visitor.conversation_id, {"seq": 1}) == (200, {"seen": 1})
    # Nobody has read what was not written yet, and nobody unreads.
    assert await read(viewer, visitor.conversation_id, {"seq": 99}) == (200, {"seen": 2})
    assert await read(viewer, visitor.conversation_id, {"seq": 1}) == (200, {"seen": 2})
    frame = await editor.wait(
        lambda f: f["type"] == "conversation.changed" and f["conversation"]["seen"] == {"u-viewer": 2}
    )
    assert frame["conversation"]["last_user_seq"] == 2
    _, listed = await got(editor, "/app/conversations")
    assert listed["conversations"][0]["seen"] == {"u-viewer": 2}


async def test_all_is_read_for_one_member_whose_windows_learn_it(edge: Edge) -> None:
    await talked(edge, 2)
    viewer, editor = await edge.operator("viewer@demo.test"), await edge.operator()
    for each in (viewer, editor):
        await each.ask({"type": "subscribe", "channel": "workspace"}, "subscribed")
    answer = await viewer.http("POST", "/app/conversations/read")
    upto = json.loads(answer.body)["seen_upto"]
    frame = {"type": "conversations.seen", "channel": "workspace", "user_id": "u-viewer", "upto": upto}
    assert await viewer.wait("conversations.seen") == frame
    _, listed = await got(viewer, "/app/conversations")
    assert listed["seen_upto"] == upto >= listed["conversations"][0]["last_user_at"]
    _, listed = await got(editor, "/app/conversations")
    assert listed["seen_upto"] is None


@pytest.mark.parametrize("body", [{}, {"seq": -1}, {"seq": "1"}, {"seq": True}, []])
async def test_a_wrong_place_is_refused(edge: Edge, body: Any) -> None:
    visitor, viewer = await talked(edge), await edge.operator("viewer@demo.test", connected=False)
    assert (await read(viewer, visitor.conversation_id, body))[0] == 422


async def test_another_page_of_the_visitor_is_seen_live_and_when_it_is_opened(edge: Edge) -> None:
    visitor, operator = await talked(edge), await edge.operator()
    subscribed = await operator.subscribe(visitor.conversation_id)
    assert [page["url"] for page in subscribed["pages"]] == ["https://shop.example/"]
    visitor.page = {"url": "https://shop.example/help", "title": "Help", "referrer": ""}
    await visitor.hello()
    frame = await operator.wait("page.visited")
    assert (frame["page"]["url"], frame["page"]["title"]) == ("https://shop.example/help", "Help")
    _, opened = await got(operator, f"/app/conversations/{visitor.conversation_id}")
    assert opened["pages"][0] == frame["page"]
    assert opened["visitor"]["device"] == "Firefox on Linux"
    assert opened["visitor"]["visits"] == 1
    assert not visitor.of_type("page.visited")
