from __future__ import annotations

import json
import logging

import pytest

from tests.support.browser_session import BrowserSession
from tests.support.edge import Edge

JSON = {"Accept": "application/json"}


async def test_every_answer_is_guarded(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    for path in ("/login", "/healthz", "/nope", "/app/me", "/widget.js"):
        headers = (await browser.get(path)).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Tornado" not in headers["Server"]


async def test_a_wrong_address_is_a_page_or_json(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    page = await browser.get("/nope/<script>")
    assert (page.code, b"Nothing is here" in page.body) == (404, True)
    answer = await browser.get("/nope", **JSON)
    assert json.loads(answer.body) == {"error": {"code": "not_found", "message": "There is nothing here."}}
    assert (await browser.request("DELETE", "/login", None, **JSON)).code == 405
    assert (await browser.request("BREW", "/login", None, **JSON)).code == 405


async def test_who_is_signed_in_keeps_the_console_around_a_wrong_address(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    await browser.sign_in("viewer@demo.test")
    rail = b'aria-label="Console"'
    nowhere, forbidden = await browser.get("/nope"), await browser.get("/app/audit")
    assert (nowhere.code, rail in nowhere.body, b"Nothing is here" in nowhere.body) == (404, True, True)
    assert (forbidden.code, rail in forbidden.body) == (403, True)
    assert b"You may not do that" in forbidden.body
    stranger = await BrowserSession(edge.url).get("/nope")
    assert rail not in stranger.body


async def test_while_the_database_is_away_pages_say_so_and_how_to_go_on(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    await browser.sign_in("editor@demo.test")
    edge.gate.available = False
    page = await browser.get("/app/conversations?q=a%22b")
    assert (page.code, b"cannot reach its database" in page.body) == (503, True)
    assert b'href="/app/conversations?q=a%22b">Try again' in page.body
    assert b'aria-label="Console"' not in page.body
    assert (await browser.get("/nope")).code == 404
    assert (
        json.loads((await browser.get("/app/conversations", **JSON)).body)["error"]["code"] == "unavailable"
    )


async def test_what_breaks_says_nothing_about_itself(
    edge: Edge, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    browser = BrowserSession(edge.url)
    await browser.sign_in("editor@demo.test")
    monkeypatch.setattr(edge.reading, "conversations", broken)
    with caplog.at_level(logging.ERROR):
        page = await browser.get("/app/conversations")
        answer = await browser.get("/app/conversations", **JSON)
    assert (page.code, answer.code) == (500, 500)
    assert b"secret" not in page.body + answer.body
    assert b"Traceback" not in page.body + answer.body
    assert json.loads(answer.body)["error"]["code"] == "internal"
    assert "secret of the inside" in caplog.text
    request_id = next(r for r in caplog.records if "failed (request" in r.message).args[-1]  # type: ignore[index]
    assert str(request_id).encode() in page.body


async def test_the_forgery_token_is_asked_for_where_a_cookie_acts(edge: Edge) -> None:
    visitor = await edge.visitor()
    browser = BrowserSession(edge.url)
    path = f"/app/conversations/{visitor.conversation_id}/claim"
    assert (await browser.request("POST", path, b"{}")).code == 401
    await browser.sign_in("editor@demo.test")
    without = await browser.request("POST", path, b"{}")
    assert (without.code, json.loads(without.body)["error"]["code"]) == (403, "forbidden")
    wrong = await browser.request("POST", path, b"{}", **{"X-XSRFToken": "2|00000000|00|0"})
    assert wrong.code == 403
    right = await browser.request("POST", path, b"{}", **{"X-XSRFToken": browser.cookies["_xsrf"]})
    assert right.code == 200


async def test_who_is_not_signed_in(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    for path in ("/app/me", "/app/conversations", "/app/inbox", "/app/leads/feed", "/app/conversations/c1"):
        answer = await browser.get(path, **JSON)
        assert (answer.code, json.loads(answer.body)["error"]["code"]) == (401, "unauthenticated")


async def test_a_made_up_cookie_is_no_trouble(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    for value in ("x" * 4000, "a%00b", '"{}"', "é".encode().decode("latin-1")):
        browser.cookies = {"baton_session": value, "baton_workspace": value}
        assert (await browser.get("/app/me", **JSON)).code == 401
