"""Back in without the password, on a whole server."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from handlers.sockets.socket_base import NOT_SIGNED_IN
from tests.support.browser_session import BrowserSession
from tests.support.desk import Desk, running_desk, said
from tests.support.smtp_peer import smtp_peer
from tests.support.waiting import until

EDITOR = "editor@demo.test"
BASE_URL = "https://chat.example.com"
NEW = {"password": "another long password"}


@pytest.fixture
async def desk(mongo_uri, tmp_path):
    async with running_desk(mongo_uri, tmp_path) as desk:
        yield desk


async def asked(desk: Desk, email: str = EDITOR) -> str:
    """Ask for a link; gives the newest one's token."""
    before = len(await desk.reset_tokens(email))
    answer = await desk.stranger().http("POST", "/forgot", {"email": email})
    assert (answer.code, said(answer.body)) == (202, {})
    await until(lambda: _has_more(desk, email, before))
    return (await desk.reset_tokens(email))[-1]


async def _has_more(desk: Desk, email: str, before: int) -> bool:
    jobs = await desk.database["jobs"].count_documents({"kind": "password_reset_mail"})
    return len(await desk.reset_tokens(email)) > before and jobs > before


async def test_the_link_sets_a_password_once_and_ends_every_session(desk: Desk):
    editor = await desk.member(EDITOR)
    await editor.connect()
    token = await asked(desk)
    assert said((await desk.stranger().http("GET", f"/reset/{token}")).body) == {"email": EDITOR}
    assert (await desk.stranger().http("POST", f"/reset/{token}", NEW)).code == 200
    assert await editor.until_closed() == NOT_SIGNED_IN
    assert (await editor.http("GET", "/app/me")).code == 401
    old = await desk.stranger().http("POST", "/login", {"email": EDITOR, "password": "baton-demo"})
    assert old.code == 401
    assert await desk.member(EDITOR, NEW["password"])
    for method, body in (("GET", None), ("POST", NEW)):
        assert (await desk.stranger().http(method, f"/reset/{token}", body)).code == 404

    stored = str(await desk.database["password_resets"].find({}).to_list())
    stored += str(await desk.database["jobs"].find({}).to_list())
    entries = await desk.audit("password.reset_requested", "password.reset")
    assert token not in stored + str(entries)
    assert [(e["action"], e["workspace_id"]) for e in entries] == [
        ("password.reset_requested", "demo"),
        ("password.reset", "demo"),
    ]
    assert EDITOR not in str(entries)


async def test_an_address_without_an_account_is_answered_the_same(desk: Desk):
    pages = []
    for email in (EDITOR, "nobody@demo.test"):
        browser = BrowserSession(desk.url)
        page = await browser.get("/forgot")
        token = page.body.decode().split('name="_xsrf" value="')[1].split('"')[0]
        answer = await browser.submit("/forgot", {"_xsrf": token, "email": email})
        pages.append((answer.code, answer.body.replace(email.encode(), b"-"), sorted(answer.headers)))
    assert [code for code, *_ in pages] == [200, 200]
    without_nonce = [body.split(b"<body")[1] for _, body, _ in pages]
    assert without_nonce[0] == without_nonce[1]
    assert pages[0][2] == pages[1][2]
    await until(lambda: _has_more(desk, EDITOR, 0))
    assert await desk.database["jobs"].count_documents({}) == 1


async def test_who_was_only_invited_gets_no_such_link(desk: Desk):
    admin = await desk.member("admin@demo.test")
    await desk.invite(admin, "nina@example.com")
    await desk.stranger().http("POST", "/forgot", {"email": "nina@example.com"})
    await asked(desk)
    assert await desk.reset_tokens("nina@example.com") == []


async def test_links_expire(desk: Desk):
    token = await asked(desk)
    await desk.age("password_resets", timedelta(minutes=61))
    for method, body in (("GET", None), ("POST", NEW)):
        assert (await desk.stranger().http(method, f"/reset/{token}", body)).code == 404
    assert await desk.member(EDITOR)


async def test_of_many_who_have_the_link_one_sets_the_password(desk: Desk):
    token = await asked(desk)
    passwords = [f"password number {n}" for n in range(6)]
    answers = await asyncio.gather(
        *(desk.stranger().http("POST", f"/reset/{token}", {"password": each}) for each in passwords)
    )
    assert sorted(answer.code for answer in answers) == [200, *[404] * 5]
    winner = next(p for p, answer in zip(passwords, answers, strict=True) if answer.code == 200)
    assert await desk.member(EDITOR, winner)


async def test_a_new_password_ends_every_link_that_was_asked_for(desk: Desk):
    first, second = await asked(desk), await asked(desk)
    assert first != second
    assert (await desk.stranger().http("POST", f"/reset/{second}", NEW)).code == 200
    assert (await desk.stranger().http("POST", f"/reset/{first}", NEW)).code == 404


async def test_a_wrong_password_does_not_use_the_link_up(desk: Desk):
    token = await asked(desk)
    answer = await desk.stranger().http("POST", f"/reset/{token}", {"password": "short"})
    assert (answer.code, list(said(answer.body)["error"]["fields"])) == (422, ["password"])
    assert (await desk.stranger().http("POST", f"/reset/{token}", NEW)).code == 200


async def test_asking_again_and_again_sends_a_few(desk: Desk):
    for _ in range(8):
        assert (await desk.stranger().http("POST", "/forgot", {"email": EDITOR})).code == 202
    # An address of its own allowance, asked for last: by then the others are done.
    await asked(desk, "admin@demo.test")
    assert len(await desk.reset_tokens(EDITOR)) == 3


async def test_an_invitation_is_no_link_to_a_password_nor_the_other_way(desk: Desk):
    admin = await desk.member("admin@demo.test")
    invitation, reset = await desk.invite(admin, "nina@example.com"), await asked(desk)
    assert (await desk.stranger().http("POST", f"/reset/{invitation}", NEW)).code == 404
    assert (await desk.stranger().http("POST", f"/invite/{reset}", {"name": "Eve", **NEW})).code == 404


async def test_the_mail_leads_to_a_new_password(mongo_uri, tmp_path):
    async with smtp_peer() as peer, _mailing_desk(mongo_uri, tmp_path, peer.port) as desk:
        await desk.stranger().http("POST", "/forgot", {"email": EDITOR})
        await until(lambda: bool(peer.to(EDITOR)))
        (mail,) = peer.to(EDITOR)
        part = mail.message.get_body(("plain",))
        assert part is not None
        link = re.search(rf"{BASE_URL}(/reset/[\w-]+)", part.get_content())
        assert link is not None
        assert (await desk.stranger().http("POST", link[1], NEW)).code == 200
        assert await desk.member(EDITOR, NEW["password"])


def _mailing_desk(mongo_uri, tmp_path, port):
    return running_desk(mongo_uri, tmp_path, base_url=BASE_URL, mail_url=f"smtp://127.0.0.1:{port}")
