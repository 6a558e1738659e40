from __future__ import annotations

import json
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from handlers.ports import Limits
from tests.support.browser_session import BrowserSession
from tests.support.edge import Edge, running_edge


async def boot(edge: Edge, body: Any, key: str = "demo", **headers: str) -> HTTPResponse:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    plain = {"Content-Type": "text/plain;charset=UTF-8", **headers}
    return await BrowserSession(edge.url).request("POST", f"/widget/{key}/boot", raw, **plain)


async def test_the_first_request_makes_a_conversation(edge: Edge) -> None:
    page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
    response = await boot(edge, {"token": None, "page": page}, Origin="https://shop.example")
    booted = json.loads(response.body)
    assert response.code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert booted == {
        "token": "token-1",
        "conversation_id": "c1",
        "seq": 0,
        "holder": None,
        "agent": {"name": "Nora", "greeting": "Hi!", "avatar_url": ""},
        "lead_form": {
            "fields": ["name", "email", "phone", "message"],
            "required": [],
            "consent": "We use this to answer you, and for nothing else.",
        },
        "rules": [],
        "team_online": False,
        "appearance": {"style": "", "theme": "auto", "position": "end", "face": "picture", "questions": []},
        "panel": edge.services.assets.url("widget/panel.en.js"),
        "language": "en",
        "words": dict(edge.services.speech.launcher("en")),
    }
    assert edge.widgets.pages[0].title == "Shop"
    panel = await BrowserSession(edge.url).get(booted["panel"])
    assert (panel.code, panel.headers["Access-Control-Allow-Origin"]) == (200, "*")


async def test_a_visitor_who_comes_back_learns_where_things_stand(edge: Edge) -> None:
    visitor = await edge.visitor()
    await visitor.post("Hello", "c-1")
    operator = await edge.operator(connected=False)
    await operator.act(visitor.conversation_id, "claim")
    booted = json.loads((await boot(edge, {"token": visitor.token})).body)
    assert booted["conversation_id"] == visitor.conversation_id
    assert booted["seq"] == 2
    assert booted["holder"]["name"] == "Editor"
    assert "user_id" not in booted["holder"]


@pytest.mark.parametrize(
    ("origin", "welcome"),
    [
        ("https://shop.example", True),
        ("https://evil.test", False),
        ("null", False),
        ("http://shop.example", False),
    ],
)
async def test_only_allowed_sites_are_answered(edge: Edge, origin: str, welcome: bool) -> None:
    response = await boot(edge, {}, "other", Origin=origin)
    assert response.code == (200 if welcome else 403)
    assert response.headers.get("Access-Control-Allow-Origin") == (origin if welcome else None)
    asked = await BrowserSession(edge.url).request("OPTIONS", "/widget/other/boot", Origin=origin)
    assert asked.code == (204 if welcome else 403)
    if welcome:
        assert asked.headers["Access-Control-Allow-Headers"] == "Content-Type"
        assert asked.headers["Vary"] == "Origin"


async def test_an_unknown_widget_is_404(edge: Edge) -> None:
    assert (await boot(edge, {}, "nobody")).code == 404


@pytest.mark.parametrize(
    "body", [b"{", b"[]", {"token": 5}, {"page": 1}, {"token": "x" * 513}, b"\xff", b"[" * 99_999]
)
async def test_a_bad_body_is_refused_in_words(edge: Edge, body: Any) -> None:
    response = await boot(edge, body)
    assert (response.code, json.loads(response.body)["error"]["code"]) == (422, "invalid")
    assert response.headers["Content-Type"].startswith("application/json")


async def test_an_address_has_so_many_new_visitors() -> None:
    limits = Limits(new_visitors_burst=2, new_visitors_per_s=0.001)
    async with running_edge(limits, trusted=("127.0.0.1",)) as strict:
        theirs = {"X-Forwarded-For": "203.0.113.7"}
        codes = [(await boot(strict, {}, **theirs)).code for _ in range(3)]
        assert codes == [200, 200, 429]
        assert (await boot(strict, {}, **{"X-Forwarded-For": "203.0.113.8"})).code == 200


async def test_the_database_away_is_503(edge: Edge) -> None:
    edge.widgets.available = False
    response = await boot(edge, {}, Origin="https://shop.example")
    assert (response.code, json.loads(response.body)["error"]["code"]) == (503, "unavailable")


async def test_the_loader_is_cached_for_minutes(edge: Edge) -> None:
    response = await BrowserSession(edge.url).get("/widget.js")
    assert response.code == 200
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "public, max-age=300"
