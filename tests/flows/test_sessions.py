"""Who is let in, and what of it another site, a planted cookie or a patient guesser could use."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher, extract_parameters

from server.audit.trail import SERVER_CHAIN
from server.people.passwords import Passwords
from tests.support.browser_session import BrowserSession
from tests.support.desk import Desk, running_desk, said
from tests.support.waiting import until

EDITOR = "editor@demo.test"
JSON = {"Accept": "application/json", "Content-Type": "application/json"}
NEW = {"name": "Nina Berg", "password": "a long password"}


@pytest.fixture
async def desk(mongo_uri, tmp_path):
    async with running_desk(mongo_uri, tmp_path) as desk:
        yield desk


async def form_token(browser: BrowserSession, path: str) -> str:
    page = await browser.get(path)
    token = re.search(r'name="_xsrf" value="([^"]+)"', page.body.decode())
    assert token is not None, page.body
    return token[1]


# Session fixation


async def test_a_session_that_was_there_before_is_never_signed_in(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "nina@example.com")
    # Eve's own session, planted in the browser that Nina joins with.
    eve = await desk.member("viewer@demo.test")
    browser = BrowserSession(desk.url)
    browser.cookies = dict(eve._cookies)
    xsrf = await form_token(browser, f"/invite/{token}")
    joined = await browser.submit(f"/invite/{token}", {"_xsrf": xsrf, **NEW})
    assert joined.code == 303
    assert browser.cookies["baton_session"] != eve._cookies["baton_session"]
    me = said((await browser.get("/app/me", Accept="application/json")).body)
    assert me["user"]["email"] == "nina@example.com"
    assert (await eve.http("GET", "/app/me")).code == 401


async def test_a_planted_session_does_not_join_in_somebodys_name(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "owner@other.test")
    eve = BrowserSession(desk.url)
    eve.cookies = dict((await desk.member("viewer@demo.test"))._cookies)
    xsrf = await form_token(eve, f"/invite/{token}")
    assert (await eve.submit(f"/invite/{token}", {"_xsrf": xsrf})).code == 403
    switched = await eve.submit(f"/invite/{token}", {"_xsrf": xsrf, "switch": "1"})
    assert switched.code == 303
    assert switched.headers["Location"].startswith("/login?next=%2Finvite%2F")
    assert (await eve.get("/app/me", **JSON)).code == 401


# Cookies


async def test_every_way_in_sets_the_cookie_for_us_alone(mongo_uri, tmp_path):
    base_url = "https://chat.example.com"
    async with running_desk(mongo_uri, tmp_path / "a", base_url=base_url) as desk:
        admin = await desk.member("admin@demo.test")
        token = await desk.invite(admin, "nina@example.com")
        joined = await desk.stranger().http("POST", f"/invite/{token}", NEW)
        credentials = {"email": EDITOR, "password": "baton-demo"}
        signed_in = await desk.stranger().http("POST", "/login", credentials)
    async with running_desk(mongo_uri, tmp_path / "b", empty=True, base_url=base_url) as desk:
        founder = {"email": "a@b.example", "site_title": "Shop", **NEW}
        founded = await desk.stranger().http("POST", "/setup", founder)
    for answer in (joined, signed_in, founded):
        cookies = {c.partition("=")[0]: c for c in answer.headers.get_list("Set-Cookie")}
        for flag in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/"):
            assert flag in cookies["baton_session"]
        assert "Domain" not in cookies["baton_session"]
        # Scripts echo this one, so they must read it; another site must not send it.
        assert "Secure" in cookies["_xsrf"]
        assert "SameSite=Lax" in cookies["_xsrf"]
        assert "HttpOnly" not in cookies["_xsrf"]


# Requests of another site

CHANGES = [
    ("POST", "/logout"),
    ("POST", "/app/workspace"),
    ("POST", "/app/settings/team/invitations"),
    ("POST", "/app/settings/team/{editor}/role"),
    ("POST", "/app/settings/team/{pending}/resend"),
    ("DELETE", "/app/settings/team/{editor}"),
    ("POST", "/app/account/name"),
    ("POST", "/app/account/password"),
    ("POST", "/app/account/notifications"),
    ("DELETE", "/app/account/sessions"),
    ("DELETE", "/app/account/sessions/{session}"),
    ("DELETE", "/app/workspaces/demo"),
]


async def test_nothing_is_changed_without_the_token(desk: Desk):
    browser = BrowserSession(desk.url)
    await browser.sign_in("owner@demo.test")
    other = BrowserSession(desk.url)
    foreign = await form_token(other, "/login")
    ids = {name: await desk.user_id(f"{name}@demo.test") for name in ("editor", "pending")}
    session = await desk.database["sessions"].find_one({})
    assert session is not None
    before = await _state(desk)
    for method, path in CHANGES:
        address = path.format(**ids, session=session["_id"])
        for headers in ({}, {"X-XSRFToken": ""}, {"X-XSRFToken": "0" * 32}, {"X-XSRFToken": foreign}):
            answer = await browser.request(method, address, b"{}", **JSON, **headers)
            assert (answer.code, said(answer.body)["error"]["code"]) == (403, "forbidden"), (path, headers)
    assert await _state(desk) == before
    assert await desk.audit() == []


async def _state(desk: Desk) -> list[Any]:
    names = ("users", "workspace_users", "sessions", "invitations", "jobs")
    return [await desk.database[name].find({}, sort=[("_id", 1)]).to_list() for name in names]


async def test_forms_of_another_site_are_refused(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "nina@example.com")
    for path, fields in (
        (f"/invite/{token}", NEW),
        ("/forgot", {"email": EDITOR}),
        ("/login", {"email": EDITOR}),
    ):
        for extra in ({}, {"_xsrf": "0" * 32}):
            page = await BrowserSession(desk.url).submit(path, {**fields, **extra})
            assert (page.code, b"open for too long" in page.body) == (403, True), path
    # What a form of another site can send and looks like JSON is not taken for it.
    plain = {"Content-Type": "text/plain", "Accept": "application/json"}
    answer = await BrowserSession(desk.url).request("POST", f"/invite/{token}", b"{}", **plain)
    assert answer.code == 403


# Clickjacking


async def test_no_page_can_be_framed_and_none_runs_what_is_not_ours(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "nina@example.com")
    browser = BrowserSession(desk.url)
    await browser.sign_in("owner@demo.test")
    signed_in = [
        "/app/conversations",
        "/app/inbox",
        "/app/settings/team",
        "/app/account",
        "/app/conversations/none",
    ]
    public = [
        "/login",
        "/forgot",
        "/setup",
        f"/invite/{token}",
        "/invite/unknown-unknown-unknown",
        "/nowhere",
    ]
    pages = [await browser.get(path) for path in signed_in]
    pages += [await BrowserSession(desk.url).get(path) for path in public]
    for page in pages:
        policy = page.headers["Content-Security-Policy"]
        assert page.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "form-action 'self'" in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Cache-Control"] == "no-store"
    assert pages[8].headers["Referrer-Policy"] == "no-referrer"


# Going on to another site


@pytest.mark.parametrize(
    "wanted", ["//evil.test", "https://evil.test", "/\\evil.test", "/\t/evil.test", "javascript:alert(1)"]
)
async def test_signing_in_leads_to_no_other_site(desk: Desk, wanted: str):
    browser = BrowserSession(desk.url)
    assert (await browser.sign_in(EDITOR, after=wanted)).headers["Location"] == "/app"
    again = await browser.get(f"/login?{urlencode({'next': wanted})}")
    assert again.headers["Location"] == "/app"


async def test_joining_and_resetting_lead_to_addresses_of_ours_whatever_is_sent_along(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "nina@example.com")
    browser = BrowserSession(desk.url)
    xsrf = await form_token(browser, f"/invite/{token}?next=https://evil.test")
    fields = {"_xsrf": xsrf, "next": "https://evil.test", **NEW}
    assert (await browser.submit(f"/invite/{token}?next=//evil.test", fields)).headers["Location"] == "/app"


# Guessing


class CountingHasher(PasswordHasher):
    """Notes how costly each check was."""

    def __init__(self, inner: PasswordHasher) -> None:
        super().__init__(inner.time_cost, inner.memory_cost, inner.parallelism)
        self.costs: list[tuple[int, int]] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002
        parameters = extract_parameters(hash if isinstance(hash, str) else hash.decode())
        self.costs.append((parameters.memory_cost, parameters.time_cost))
        return super().verify(hash, password)


async def test_an_unknown_account_costs_as_much_work_as_a_known_one(desk: Desk, monkeypatch):
    hashers: list[CountingHasher] = []
    verify = Passwords._verify

    def counted(self: Passwords, stored_hash: str | None, password: bytes):
        if not isinstance(self._hasher, CountingHasher):
            self._hasher = CountingHasher(self._hasher)
            hashers.append(self._hasher)
        return verify(self, stored_hash, password)

    monkeypatch.setattr(Passwords, "_verify", counted)
    await desk.member(EDITOR)
    (hasher,) = hashers
    hasher.costs.clear()
    admin = await desk.member("admin@demo.test")
    await desk.invite(admin, "nina@example.com")
    hasher.costs.clear()
    wrong = [
        {"email": email, "password": "wrong"} for email in (EDITOR, "nobody@demo.test", "nina@example.com")
    ]
    answers = [await desk.stranger().http("POST", "/login", body) for body in wrong]
    assert len(hasher.costs) == 3
    assert len(set(hasher.costs)) == 1
    assert {(answer.code, answer.body) for answer in answers} == {(401, answers[0].body)}


async def test_failed_sign_ins_are_recorded_without_the_address(desk: Desk):
    tries = [
        (EDITOR, "demo"),
        ("Nobody@Demo.test", SERVER_CHAIN),
        ("nobody@demo.test", SERVER_CHAIN),
        ("pending@demo.test", SERVER_CHAIN),
    ]
    for email, _ in tries:
        await desk.stranger().http("POST", "/login", {"email": email, "password": "wrong-word"})
    await until(lambda: _failures(desk, len(tries)))
    entries = await desk.audit("sign_in.failed")
    by_target = {entry["target_id"]: entry for entry in entries}
    assert sorted(entry["workspace_id"] for entry in entries) == sorted(chain for _, chain in tries)
    assert by_target[await desk.user_id(EDITOR)]["target_type"] == "user"
    # One address, however it is written, is one target; and nothing tells which.
    unknown = [entry for entry in entries if entry["target_type"] == "address"]
    assert len({entry["target_id"] for entry in unknown}) == 1
    told = str(entries).lower()
    assert "@demo.test" not in told
    assert "wrong-word" not in told
    assert all(entry["user_id"] is None and entry["ip"] == "127.0.0.1" for entry in entries)


async def _failures(desk: Desk, wanted: int) -> bool:
    return len(await desk.audit("sign_in.failed")) == wanted


async def test_links_in_mails_stay_out_of_the_log(desk: Desk, caplog):
    caplog.set_level("DEBUG")
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "nina@example.com")
    await desk.stranger().http("GET", f"/invite/{token}")
    await desk.stranger().http("GET", f"/reset/{token}")
    await desk.stranger().http("POST", f"/invite/{token}", NEW)
    # The mailer that writes letters to the log, for who has no mail server, is the one that must show them.
    records = [record for record in caplog.records if record.name != "server.mail.log"]
    ours = [record.getMessage() for record in records if record.name.startswith(("server", "handlers"))]
    assert "/invite/…" in str(ours)
    assert token not in str(ours)
