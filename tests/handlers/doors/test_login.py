from __future__ import annotations

import json

import pytest

from handlers.doors.login import local_path
from tests.support.browser_session import BrowserSession
from tests.support.edge import Edge, running_edge
from tests.support.wire_clients import OperatorClient

JSON = {"Accept": "application/json", "Content-Type": "application/json"}


def credentials(email: str = "editor@demo.test", password: str = "baton-demo") -> bytes:
    return json.dumps({"email": email, "password": password}).encode()


async def test_signing_in_by_json_needs_no_token_and_gives_one(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    response = await browser.request("POST", "/login", credentials(), **JSON)
    assert response.code == 200
    assert json.loads(response.body) == {
        "user": {"id": "u-editor", "name": "Editor", "email": "editor@demo.test"},
        "workspaces": [{"id": "demo", "name": "Demo", "slug": "demo", "role": "editor"}],
    }
    assert browser.cookies["_xsrf"]
    response = await browser.request(
        "POST", "/logout", b"", **{"X-XSRFToken": browser.cookies["_xsrf"], **JSON}
    )
    assert response.code == 204
    assert (await browser.get("/app/me", **JSON)).code == 401


async def test_signing_in_by_the_form_goes_on_to_where_one_was(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    sent = await browser.get("/app/conversations?show=all&q=a%26b")
    assert (sent.code, sent.headers["Location"]) == (
        302,
        "/login?next=%2Fapp%2Fconversations%3Fshow%3Dall%26q%3Da%2526b",
    )
    response = await browser.sign_in("editor@demo.test", after="/app/conversations?show=all")
    assert (response.code, response.headers["Location"]) == (303, "/app/conversations?show=all")
    assert (await browser.get("/app/conversations?show=all")).code == 200
    assert (await browser.get("/login?next=/app/inbox")).headers["Location"] == "/app/inbox"


async def test_the_cookie_is_for_us_alone(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    await browser.sign_in("editor@demo.test")
    cookie = next(c for c in browser.set_cookies if c.startswith("baton_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    async with running_edge(base_url="https://chat.example.com") as secure:
        browser = BrowserSession(secure.url)
        await browser.request("POST", "/login", credentials(), **JSON)
        assert all("Secure" in c for c in browser.set_cookies if not c.startswith("baton_workspace"))


async def test_unknown_and_wrong_answer_the_same(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    answers = [
        await browser.request("POST", "/login", credentials(email, password), **JSON)
        for email, password in (("editor@demo.test", "wrong"), ("nobody@demo.test", "wrong"))
    ]
    assert [answer.code for answer in answers] == [401, 401]
    assert answers[0].body == answers[1].body
    page = await browser.sign_in('"><script>alert(1)</script>', "wrong")
    assert page.code == 401
    assert b"do not match an account" in page.body
    assert b"<script>alert(1)" not in page.body


async def test_guessing_is_slowed(edge: Edge) -> None:
    edge.gate.locked_for_s = 95
    browser = BrowserSession(edge.url)
    response = await browser.request("POST", "/login", credentials(), **JSON)
    assert (response.code, response.headers["Retry-After"]) == (429, "95")
    assert (
        json.loads(response.body)["error"]["message"] == "Too many attempts. Wait 2 minutes, then try again."
    )
    page = await browser.sign_in("editor@demo.test")
    assert (page.code, b"Wait 2 minutes" in page.body) == (429, True)


async def test_a_form_of_another_site_signs_nobody_in(edge: Edge) -> None:
    fields = {"email": "editor@demo.test", "password": "baton-demo"}
    browser = BrowserSession(edge.url)
    page = await browser.submit("/login", fields)
    assert (page.code, b"open for too long" in page.body) == (403, True)
    assert "baton_session" not in browser.cookies
    # A form can send JSON as plain text, and an Accept header is not asked for leave either.
    plain = {"Content-Type": "text/plain", "Accept": "application/json"}
    assert (await browser.request("POST", "/login", credentials(), **plain)).code == 403


async def test_a_session_is_never_carried_over(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    browser.cookies["baton_session"] = "planted"
    await browser.request("POST", "/login", credentials(), **JSON)
    first = browser.cookies["baton_session"]
    assert first != "planted"
    await browser.request("POST", "/login", credentials("admin@demo.test"), **JSON)
    assert browser.cookies["baton_session"] != first
    assert first not in edge.gate.sessions


async def test_signing_out_needs_the_token(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    await browser.sign_in("editor@demo.test")
    assert (await browser.request("POST", "/logout", b"", **JSON)).code == 403
    assert (await browser.get("/app/me", **JSON)).code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"{", b'{"email": {"$gt": ""}, "password": {"$gt": ""}}', b'{"email": "a@b.c"}',
     json.dumps({"email": "x" * 400, "password": "y"}).encode(),
     json.dumps({"email": "a@b.c", "password": "y" * 2000}).encode()],
)  # fmt: skip
async def test_bad_credentials_are_refused_in_words(edge: Edge, body: bytes) -> None:
    response = await BrowserSession(edge.url).request("POST", "/login", body, **JSON)
    assert response.code == 422
    assert json.loads(response.body)["error"]["code"] == "invalid"


async def test_without_the_database_the_form_is_there_and_signing_in_is_not(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    browser.cookies["baton_session"] = "t1"
    edge.gate.available = False
    assert (await browser.get("/login")).code == 200
    response = await browser.request("POST", "/login", credentials(), **JSON)
    assert (response.code, json.loads(response.body)["error"]["code"]) == (503, "unavailable")
    page = await browser.get("/app/conversations")
    assert (page.code, b"cannot reach its database" in page.body) == (503, True)


async def test_who_is_no_member_signs_in_to_nothing(edge: Edge) -> None:
    client = OperatorClient(edge.url, "pending@demo.test")
    assert (await client.sign_in())["workspaces"] == []
    assert (await client.http("GET", "/app/me")).code == 403
    assert (await client.http("POST", "/logout")).code == 204


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/app/inbox?a=1#x", "/app/inbox?a=1#x"),
        ("", "/app"),
        ("//evil.test", "/app"),
        ("/\\evil.test", "/app"),
        ("\\\\evil.test", "/app"),
        ("https://evil.test", "/app"),
        ("javascript:alert(1)", "/app"),
        ("app", "/app"),
        ("/app\r\nSet-Cookie: a=b", "/app"),
        ("/\t/evil.test", "/app"),
        (" /evil", "/app"),
    ],
)
def test_one_goes_on_to_a_path_of_ours(wanted: str, path: str) -> None:
    assert local_path(wanted) == path


async def test_who_is_a_member_nowhere_is_told_so_and_can_sign_out(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    assert (await browser.sign_in("pending@demo.test")).headers["Location"] == "/app"
    page = await browser.get("/app/conversations")
    assert (page.code, b"You are a member of no workspace" in page.body) == (403, True)
    token = page.body.decode().split('name="_xsrf" value="')[1].split('"')[0]
    left = await browser.submit("/logout", {"_xsrf": token})
    assert (left.code, left.headers["Location"]) == (303, "/login?signed_out=1")
    assert (await browser.get("/app/me", **JSON)).code == 401
