"""What people change about themselves, on a whole server."""

from __future__ import annotations

import pytest

from handlers.sockets.socket_base import NOT_SIGNED_IN
from tests.support.desk import Desk, running_desk, said

EDITOR = "editor@demo.test"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
async def desk(mongo_uri, tmp_path):
    async with running_desk(mongo_uri, tmp_path) as desk:
        yield desk


async def account(client) -> dict:
    response = await client.http("GET", "/app/account")
    assert response.code == 200
    return said(response.body)


async def test_a_new_name_is_the_one_that_visitors_see(desk: Desk):
    editor, visitor = await desk.member(EDITOR), await desk.visitor()
    renamed = await editor.http("POST", "/app/account/name", {"name": "  Edie Novak "})
    assert said(renamed.body)["user"]["name"] == "Edie Novak"
    await editor.act(visitor.conversation_id, "claim")
    assert (await visitor.wait("conversation.claimed"))["holder"]["name"] == "Edie Novak"
    (entry,) = await desk.audit("profile.changed")
    assert entry["details"] == {"field": "name"}
    for name in ("", "x" * 81, "a\nb", "a\u202eb"):
        assert (await editor.http("POST", "/app/account/name", {"name": name})).code == 422


async def test_a_changed_password_ends_the_other_sessions_and_their_sockets(desk: Desk):
    editor, other = await desk.member(EDITOR), await desk.member(EDITOR)
    await editor.connect()
    await other.connect()
    wanted = {"current": "baton-demo", "new": "a longer password"}
    assert (await editor.http("POST", "/app/account/password", wanted)).code == 200
    assert await other.until_closed() == NOT_SIGNED_IN
    assert (await other.http("GET", "/app/me")).code == 401
    assert (await editor.http("GET", "/app/me")).code == 200
    assert not editor.closed
    assert (
        await desk.stranger(EDITOR).http("POST", "/login", {"email": EDITOR, "password": "baton-demo"})
    ).code == 401
    assert await desk.member(EDITOR, "a longer password")
    (entry,) = await desk.audit("password.changed")
    assert (entry["user_id"], entry["details"]) == (await desk.user_id(EDITOR), {"sessions_ended": 1})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"current": "wrong", "new": "a longer password"}, "current"),
        ({"current": "", "new": "a longer password"}, "current"),
        ({"current": "baton-demo", "new": "short"}, "new"),
        ({"current": "baton-demo", "new": EDITOR}, "new"),
        ({"current": {"$ne": ""}, "new": "a longer password"}, "current"),
    ],
)
async def test_a_password_is_not_changed_for_nothing(desk: Desk, body, field):
    editor, other = await desk.member(EDITOR), await desk.member(EDITOR)
    answer = await editor.http("POST", "/app/account/password", body)
    assert (answer.code, list(said(answer.body)["error"]["fields"])) == (422, [field])
    assert (await other.http("GET", "/app/me")).code == 200


async def test_the_present_password_is_not_guessed_in_a_session(desk: Desk):
    editor = await desk.member(EDITOR)
    guess = {"current": "wrong", "new": "a longer password"}
    codes = [(await editor.http("POST", "/app/account/password", guess)).code for _ in range(11)]
    assert codes == [*[422] * 10, 429]


async def test_sessions_are_listed_and_ended_one_by_one(desk: Desk):
    editor, phone, other = (
        await desk.member(EDITOR),
        desk.stranger(EDITOR),
        await desk.member("admin@demo.test"),
    )
    await phone.http("POST", "/login", {"email": EDITOR, "password": "baton-demo"}, **{"User-Agent": FIREFOX})
    await phone.connect()
    listed = (await account(editor))["sessions"]
    assert [(each["device"], each["current"], each["ip"]) for each in listed] == [
        ("Firefox on Windows", False, "127.0.0.1"),
        ("a Python program", True, "127.0.0.1"),
    ]
    session_id = listed[0]["id"]
    assert (await other.http("DELETE", f"/app/account/sessions/{session_id}")).code == 404
    assert (await editor.http("DELETE", f"/app/account/sessions/{session_id}")).code == 204
    assert await phone.until_closed() == NOT_SIGNED_IN
    assert (await phone.http("GET", "/app/me")).code == 401
    assert (await editor.http("DELETE", f"/app/account/sessions/{session_id}")).code == 404
    (entry,) = await desk.audit("session.revoked")
    assert entry["user_id"] == await desk.user_id(EDITOR)
    assert session_id not in str(entry)


async def test_signing_out_everywhere_else_keeps_this_one(desk: Desk):
    editor, *others = [await desk.member(EDITOR) for _ in range(4)]
    await others[0].connect()
    answer = await editor.http("DELETE", "/app/account/sessions")
    assert said(answer.body) == {"ended": 3}
    assert await others[0].until_closed() == NOT_SIGNED_IN
    assert [(await each.http("GET", "/app/me")).code for each in (editor, *others)] == [200, 401, 401, 401]


async def test_mail_about_leads_is_a_members_own_choice(desk: Desk):
    admin = await desk.member("admin@demo.test")
    assert (await account(admin))["lead_mail"] is True
    assert (await admin.http("POST", "/app/account/notifications", {"lead_mail": False})).code == 200
    assert (await account(admin))["lead_mail"] is False
    stored = await desk.database["workspace_users"].find_one(
        {"user_id": await desk.user_id("admin@demo.test")}
    )
    assert stored is not None
    assert stored["lead_mail"] is False
    assert (await admin.http("POST", "/app/account/notifications", {"lead_mail": "no"})).code == 422
    (entry,) = await desk.audit("member.notifications_changed")
    assert entry["details"] == {"before": True, "after": False}
