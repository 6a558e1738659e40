"""Inviting, joining, changing and removing members, on a whole server."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from handlers.sockets.socket_base import NOT_SIGNED_IN
from tests.support.desk import Desk, running_desk, said
from tests.support.smtp_peer import smtp_peer
from tests.support.waiting import until

TEAM = "/app/settings/team"
NEW = {"name": "Nina Berg", "password": "a long password"}


@pytest.fixture
async def desk(mongo_uri, tmp_path):
    async with running_desk(mongo_uri, tmp_path) as desk:
        yield desk


async def members(client) -> dict[str, dict]:
    response = await client.http("GET", TEAM)
    assert response.code == 200
    return {member["email"]: member for member in said(response.body)["members"]}


async def test_the_list_has_everybody_also_who_has_not_accepted(desk: Desk):
    admin = await desk.member("admin@demo.test")
    listed = await members(admin)
    assert {email: (each["role"], bool(each["accepted_at"])) for email, each in listed.items()} == {
        "owner@demo.test": ("owner", True),
        "admin@demo.test": ("admin", True),
        "editor@demo.test": ("editor", True),
        "viewer@demo.test": ("viewer", True),
        "pending@demo.test": ("admin", False),
    }


async def test_an_invitation_is_accepted_once_by_the_link_alone(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "Nina@Example.com", "viewer")
    listed = (await members(admin))["nina@example.com"]
    assert (listed["role"], listed["accepted_at"]) == ("viewer", None)
    assert listed["link_ends_at"]

    stored = str(await desk.database["invitations"].find({}).to_list())
    stored += str(await desk.database["jobs"].find({}).to_list())
    stored += str(await desk.audit())
    assert token not in stored
    assert "nina" not in str(await desk.audit()).lower()

    nina = desk.stranger("nina@example.com", NEW["password"])
    shown = await nina.http("GET", f"/invite/{token}")
    assert said(shown.body)["invitation"]["workspace"]["name"] == "Baton demo"
    joined = await nina.http("POST", f"/invite/{token}", NEW)
    assert (joined.code, said(joined.body)["user"]["name"]) == (200, "Nina Berg")
    me = said((await nina.http("GET", "/app/me")).body)
    assert (me["role"], me["workspace"]["id"]) == ("viewer", "demo")
    assert (await members(admin))["nina@example.com"]["accepted_at"]
    assert await desk.stranger("nina@example.com", NEW["password"]).sign_in()

    # Again, by whoever found the link.
    for method, body in (("GET", None), ("POST", {"name": "Eve", "password": "another password"})):
        assert (await desk.stranger().http(method, f"/invite/{token}", body)).code == 404
    actions = [(e["action"], e["user_id"], e["target_id"]) for e in await desk.audit()]
    user_id, admin_id = await desk.user_id("nina@example.com"), await desk.user_id("admin@demo.test")
    assert actions == [("member.invited", admin_id, user_id), ("member.joined", user_id, user_id)]


async def test_the_mail_leads_to_the_team(mongo_uri, tmp_path):
    base_url = "https://chat.example.com"
    async with smtp_peer() as peer:
        mail_url = f"smtp://127.0.0.1:{peer.port}"
        async with running_desk(mongo_uri, tmp_path, base_url=base_url, mail_url=mail_url) as desk:
            await desk.invite(await desk.member("admin@demo.test"), "nina@example.com", "viewer")
            await until(lambda: bool(peer.mails))
            (mail,) = peer.to("nina@example.com")
            assert mail.message["Subject"] == "Adam Reyes invites you to Baton demo"
            for kind in ("plain", "html"):
                part = mail.message.get_body((kind,))
                assert part is not None
                link = re.search(r"https://chat\.example\.com(/invite/[\w-]+)", part.get_content())
                assert link is not None
                assert (await desk.stranger().http("GET", link[1])).code == 200
            assert (await desk.stranger().http("POST", link[1], NEW)).code == 200


async def test_an_invitation_expires(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "nina@example.com")
    await desk.age("invitations", timedelta(days=6, hours=23))
    assert (await desk.stranger().http("GET", f"/invite/{token}")).code == 200
    await desk.age("invitations", timedelta(hours=1, seconds=1))
    for method, body in (("GET", None), ("POST", NEW)):
        assert (await desk.stranger().http(method, f"/invite/{token}", body)).code == 404


async def test_sending_again_makes_a_new_link_and_ends_the_old_one(desk: Desk):
    admin = await desk.member("admin@demo.test")
    first = await desk.invite(admin, "nina@example.com")
    user_id = await desk.user_id("nina@example.com")
    assert (await admin.http("POST", f"{TEAM}/{user_id}/resend", {})).code == 200
    second = await desk.invitation_token("nina@example.com")
    assert second != first
    assert (await desk.stranger().http("POST", f"/invite/{first}", NEW)).code == 404
    assert (await desk.stranger().http("POST", f"/invite/{second}", NEW)).code == 200
    again = await admin.http("POST", f"{TEAM}/{user_id}/resend", {})
    assert (again.code, said(again.body)["error"]["code"]) == (409, "already_accepted")
    jobs = await desk.database["jobs"].find({"kind": "invitation_mail"}).to_list()
    assert len(jobs) == 2


async def test_a_revoked_invitation_does_nothing_and_leaves_nothing(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "nina@example.com")
    user_id = await desk.user_id("nina@example.com")
    assert (await admin.http("DELETE", f"{TEAM}/{user_id}")).code == 204
    assert (await desk.stranger().http("POST", f"/invite/{token}", NEW)).code == 404
    assert "nina@example.com" not in await members(admin)
    assert await desk.database["users"].find_one({"email": "nina@example.com"}) is None
    assert [e["action"] for e in await desk.audit()] == ["member.invited", "invitation.revoked"]


async def test_of_many_who_have_the_link_one_joins(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "nina@example.com")
    tries = [{"name": f"Nina {n}", "password": f"password number {n}"} for n in range(8)]
    answers = await asyncio.gather(
        *(desk.stranger().http("POST", f"/invite/{token}", body) for body in tries)
    )
    joined, *refused = sorted(answer.code for answer in answers)
    # Who comes when the account is there and the invitation not yet gone is asked to sign in.
    assert joined == 200
    assert set(refused) <= {401, 404}
    winner = next(body for body, answer in zip(tries, answers, strict=True) if answer.code == 200)
    assert await desk.stranger("nina@example.com", winner["password"]).sign_in()
    assert (await members(admin))["nina@example.com"]["name"] == winner["name"]
    assert len(await desk.audit("member.joined")) == 1


async def test_who_has_an_account_signs_in_to_join_and_keeps_the_password(desk: Desk):
    admin = await desk.member("admin@demo.test")
    token = await desk.invite(admin, "owner@other.test", "editor")
    nobody = await desk.stranger().http("POST", f"/invite/{token}", NEW)
    assert nobody.code == 401
    viewer = await desk.member("viewer@demo.test")
    wrong = await viewer.http("POST", f"/invite/{token}", {})
    assert (wrong.code, said(wrong.body)["error"]["code"]) == (403, "forbidden")
    omar = await desk.member("owner@other.test")
    assert said((await omar.http("GET", "/app/me")).body)["workspace"]["id"] == "other"
    assert (await omar.http("POST", f"/invite/{token}", {})).code == 200
    me = said((await omar.http("GET", "/app/me")).body)
    assert (me["workspace"]["id"], me["role"]) == ("demo", "editor")
    places = said((await omar.http("GET", "/app/workspaces")).body)["workspaces"]
    assert [(place["id"], place["role"]) for place in places] == [("demo", "editor"), ("other", "owner")]
    assert (await omar.http("POST", "/app/workspace", {"id": "other"})).code == 200
    assert said((await omar.http("GET", "/app/me")).body)["role"] == "owner"
    assert await desk.stranger("owner@other.test").sign_in()


async def test_a_member_is_not_invited_again(desk: Desk):
    admin = await desk.member("admin@demo.test")
    for email in ("editor@demo.test", "PENDING@demo.test"):
        body = {"email": email, "role": "viewer"}
        answer = await admin.http("POST", f"{TEAM}/invitations", body)
        assert (answer.code, said(answer.body)["error"]["code"]) == (409, "already_member")
    assert await desk.audit() == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "nobody", "role": "editor"}, "email"),
        ({"email": "", "role": "editor"}, "email"),
        ({"email": {"$ne": ""}, "role": "editor"}, "email"),
        ({"email": "a@b.example\r\nBcc: c@d.example", "role": "editor"}, "email"),
        ({"email": "a@b.example", "role": "god"}, "role"),
        ({"email": "a@b.example", "role": ["owner"]}, "role"),
        ({"email": "a@b.example"}, "role"),
    ],
)
async def test_what_is_no_invitation_is_refused(desk: Desk, body, field):
    admin = await desk.member("admin@demo.test")
    answer = await admin.http("POST", f"{TEAM}/invitations", body)
    assert (answer.code, list(said(answer.body)["error"]["fields"])) == (422, [field])


async def test_a_changed_role_holds_at_once_for_open_sockets_too(desk: Desk):
    owner, editor = await desk.member("owner@demo.test"), await desk.member("editor@demo.test")
    visitor = await desk.visitor()
    await editor.connect()
    await editor.subscribe(visitor.conversation_id)
    user_id = await desk.user_id("editor@demo.test")
    assert (await editor.act(visitor.conversation_id, "claim"))[0] == 200
    changed = await owner.http("POST", f"{TEAM}/{user_id}/role", {"role": "viewer"})
    assert said(changed.body)["member"]["role"] == "viewer"
    # A viewer holds nothing.
    await visitor.wait("conversation.released")
    assert (await editor.act(visitor.conversation_id, "claim"))[0] == 403
    assert not editor.closed
    (entry,) = await desk.audit("member.role_changed")
    assert entry["details"] == {"before": "editor", "after": "viewer"}
    assert (entry["target_id"], entry["user_id"]) == (user_id, await desk.user_id("owner@demo.test"))


async def test_a_removed_member_is_out_at_once_and_what_they_held_is_released(desk: Desk):
    admin, editor = await desk.member("admin@demo.test"), await desk.member("editor@demo.test")
    visitors = [await desk.visitor() for _ in range(3)]
    for visitor in visitors:
        assert (await editor.act(visitor.conversation_id, "claim"))[0] == 200
    await editor.connect()
    await editor.subscribe(visitors[0].conversation_id)
    user_id = await desk.user_id("editor@demo.test")

    assert (await admin.http("DELETE", f"{TEAM}/{user_id}")).code == 204
    assert await editor.until_closed() == NOT_SIGNED_IN
    assert (await editor.http("GET", "/app/me")).code == 401
    for visitor in visitors:
        await visitor.wait("conversation.released")
    assert "editor@demo.test" not in await members(admin)
    released = await desk.audit("conversation.released")
    assert {entry["target_id"] for entry in released} == {v.conversation_id for v in visitors}
    assert {entry["user_id"] for entry in released} == {await desk.user_id("admin@demo.test")}
    (removed,) = await desk.audit("member.removed")
    assert (removed["target_id"], removed["details"]) == (user_id, {"role": "editor"})
    await until(lambda: _unclaimed(desk, user_id))
    # Their account is theirs, but opens nothing here.
    assert (await editor.sign_in())["workspaces"] == []
    assert (await editor.http("GET", "/app/me")).code == 403


async def _unclaimed(desk: Desk, user_id: str) -> bool:
    return await desk.database["conversations"].count_documents({"claimed_by_user_id": user_id}) == 0


async def test_a_claim_in_another_workspace_stays(desk: Desk):
    owner = await desk.member("owner@demo.test")
    token = await desk.invite(owner, "owner@other.test")
    omar = await desk.member("owner@other.test")
    assert (await omar.http("POST", f"/invite/{token}", {})).code == 200
    assert (await owner.http("DELETE", f"{TEAM}/{await desk.user_id('owner@other.test')}")).code == 204
    me = said((await omar.http("GET", "/app/me")).body)
    assert (me["workspace"]["id"], me["role"]) == ("other", "owner")


async def test_the_last_owner_stays(desk: Desk):
    owner = await desk.member("owner@demo.test")
    user_id = await desk.user_id("owner@demo.test")
    tries = [
        ("DELETE", f"{TEAM}/{user_id}", None),
        ("DELETE", "/app/workspaces/demo", None),
        ("POST", f"{TEAM}/{user_id}/role", {"role": "admin"}),
    ]
    for method, path, body in tries:
        answer = await owner.http(method, path, body)
        assert (answer.code, said(answer.body)["error"]["code"]) == (409, "last_owner")
    admin_id = await desk.user_id("admin@demo.test")
    assert (await owner.http("POST", f"{TEAM}/{admin_id}/role", {"role": "owner"})).code == 200
    assert (await owner.http("DELETE", "/app/workspaces/demo")).code == 204
    assert (await owner.http("GET", "/app/me")).code == 401


async def test_two_owners_who_lower_each_other_at_once_leave_one(desk: Desk):
    owner = await desk.member("owner@demo.test")
    admin = await desk.member("admin@demo.test")
    ids = [await desk.user_id(f"{name}@demo.test") for name in ("owner", "admin")]
    assert (await owner.http("POST", f"{TEAM}/{ids[1]}/role", {"role": "owner"})).code == 200
    answers = await asyncio.gather(
        owner.http("POST", f"{TEAM}/{ids[1]}/role", {"role": "editor"}),
        admin.http("POST", f"{TEAM}/{ids[0]}/role", {"role": "editor"}),
        owner.http("DELETE", "/app/workspaces/demo"),
        admin.http("DELETE", "/app/workspaces/demo"),
    )
    assert [answer.code for answer in answers if answer.code >= 500] == []
    owners = await desk.database["workspace_users"].count_documents({"workspace_id": "demo", "role": "owner"})
    assert owners == 1


# Who may do what. Each row is tried on a server of its own, so that no try changes the next.
ROLES = ("owner", "admin", "editor", "viewer")
MATRIX = [
    #                                        owner admin editor viewer other's-owner nobody
    ("GET", TEAM, None, (200, 200, 403, 403, 200, 401)),
    (
        "POST",
        f"{TEAM}/invitations",
        {"email": "n@b.example", "role": "viewer"},
        (201, 201, 403, 403, 201, 401),
    ),
    (
        "POST",
        f"{TEAM}/invitations",
        {"email": "n@b.example", "role": "owner"},
        (201, 403, 403, 403, 201, 401),
    ),
    ("POST", f"{TEAM}/{{pending}}/resend", {}, (200, 200, 403, 403, 404, 401)),
    ("POST", f"{TEAM}/{{viewer}}/role", {"role": "editor"}, (200, 200, 403, 403, 404, 401)),
    ("POST", f"{TEAM}/{{viewer}}/role", {"role": "owner"}, (200, 403, 403, 403, 404, 401)),
    ("POST", f"{TEAM}/{{second}}/role", {"role": "admin"}, (200, 403, 403, 403, 404, 401)),
    ("DELETE", f"{TEAM}/{{second}}", None, (204, 403, 403, 403, 404, 401)),
    ("DELETE", f"{TEAM}/{{pending}}", None, (204, 204, 403, 403, 404, 401)),
    ("POST", f"{TEAM}/unknown/role", {"role": "admin"}, (404, 404, 403, 403, 404, 401)),
    ("GET", "/app/account", None, (200, 200, 200, 200, 200, 401)),
    ("GET", "/app/workspaces", None, (200, 200, 200, 200, 200, 401)),
    ("POST", "/app/account/notifications", {"lead_mail": False}, (200, 200, 200, 200, 200, 401)),
    ("DELETE", "/app/account/sessions/{session}", None, (404, 404, 404, 404, 404, 401)),
    ("DELETE", "/app/workspaces/other", None, (404, 404, 404, 404, 409, 401)),
]


async def test_the_matrix_of_roles_and_workspaces(desk: Desk):
    clients = [await desk.member(f"{role}@demo.test") for role in ROLES]
    clients += [await desk.member("owner@other.test"), desk.stranger()]
    await desk.database["users"].insert_one(
        {"_id": "second", "email": "second@demo.test", "name": "Second", "password_hash": "-"}
    )
    seed = await desk.database["workspace_users"].find({}).to_list()
    seed.append(
        {
            "_id": "demo:second",
            "workspace_id": "demo",
            "user_id": "second",
            "role": "owner",
            "accepted_at": seed[0]["accepted_at"],
        }
    )
    session = await desk.database["sessions"].find_one({"user_id": await desk.user_id("admin@demo.test")})
    assert session is not None
    ids = {
        "pending": await desk.user_id("pending@demo.test"),
        "viewer": await desk.user_id("viewer@demo.test"),
    }
    found = []
    for method, path, body, _ in MATRIX:
        codes: list[int] = []
        for index, client in enumerate(clients):
            for collection in ("workspace_users", "invitations"):
                await desk.database[collection].delete_many({})
            await desk.database["workspace_users"].insert_many(seed)
            # Its own session is another's to everybody else; an unknown id for the one whose it is.
            session_id = "unknown" if index == 1 else session["_id"]
            address = path.format(**ids, second="second", session=session_id)
            codes.append((await client.http(method, address, body)).code)
        found.append((method, path, body, tuple(codes)))
    assert found == MATRIX
    assert await desk.database["sessions"].find_one({"_id": session["_id"]})
