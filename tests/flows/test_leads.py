"""A lead on its way through the whole process: to open inboxes, the feed, and a real mail server."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from tests.support.process import BatonProcess
from tests.support.smtp_peer import smtp_peer
from tests.support.waiting import until
from tests.support.wire_clients import OperatorClient, VisitorClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

OWNERS_AND_ADMINS = {"owner@demo.test", "admin@demo.test"}
HTML = "<img src=x onerror=alert(1)>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def peer():
    async with smtp_peer() as peer:
        yield peer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def baton(tmp_path_factory, peer):
    mail = f"smtp://127.0.0.1:{peer.port}"
    async with BatonProcess(tmp_path_factory.mktemp("leads") / "var", BATON_MAIL_URL=mail) as baton:
        yield baton


async def member(baton, email, *, watching=False):
    client = OperatorClient(baton.url, email)
    await client.sign_in()
    if watching:
        await client.connect()
        await client.ask({"type": "subscribe", "channel": "workspace"}, "subscribed")
    return client


async def read(client, path):
    answer = await client.http("GET", path)
    assert answer.code == 200, answer.body
    return json.loads(answer.body)


async def test_a_lead_reaches_the_team_by_socket_feed_and_mail_and_nobody_else(baton, peer):
    viewer = await member(baton, "viewer@demo.test", watching=True)
    foreign = await member(baton, "owner@other.test", watching=True)
    cursors = {client: (await read(client, "/app/leads/feed"))["cursor"] for client in (viewer, foreign)}
    visitor = VisitorClient(baton.url)
    await visitor.hello()
    await visitor.post("Do you deliver on Sundays?", "m1")
    form = {
        "type": "lead.submit",
        "name": f"Zoë {HTML}",
        "email": "zoe@example.com",
        "phone": "+49 30 901820",
        "message": f"Call me\n{HTML}",
    }
    lead_id = (await visitor.ask(form, "lead.ack"))["lead_id"]

    told = await viewer.wait("lead.captured")
    assert (told["lead"]["id"], told["lead"]["phone"]) == (lead_id, "+4930901820")
    await until(lambda: len(peer.mails) >= 2)
    feed = await read(viewer, f"/app/leads/feed?after={cursors[viewer]}")
    assert [lead["id"] for lead in feed["leads"]] == [lead_id]
    opened = await read(viewer, f"/app/inbox/{lead_id}")
    assert opened["messages"][0]["text"] == "Do you deliver on Sundays?"
    assert opened["conversation"]["has_lead"]

    # Exactly the owners and admins who have accepted: no editor, no viewer, nobody pending, nobody else's.
    await until(lambda: jobs_left(baton) == 0)
    assert {address for mail in peer.mails for address in mail.recipients} == OWNERS_AND_ADMINS
    assert len(peer.mails) == 2
    for mail in peer.mails:
        text = mail.message.get_body(("plain",)).get_content()
        html = mail.message.get_body(("html",)).get_content()
        assert f"{baton.url}/app/inbox/{lead_id}" in text
        assert HTML in text
        assert HTML not in html
        assert mail.message["Auto-Submitted"] == "auto-generated"
        assert "Baton demo" in text

    # The other workspace knows nothing of it.
    assert foreign.of_type("lead.captured") == []
    assert (await read(foreign, "/app/inbox"))["leads"] == []
    assert (await read(foreign, f"/app/leads/feed?after={cursors[foreign]}"))["leads"] == []
    assert (await foreign.http("GET", f"/app/inbox/{lead_id}")).code == 404
    for client in (visitor, viewer, foreign):
        await client.close()


async def test_the_same_address_again_updates_the_lead_and_mails_nobody(baton, peer):
    visitor = VisitorClient(baton.url)
    await visitor.hello()
    first = await visitor.ask({"type": "lead.submit", "email": "yara@example.com"}, "lead.ack")
    again = {"type": "lead.submit", "email": "Yara@example.com", "name": "Yara"}
    second = await visitor.ask(again, "lead.ack")
    assert (second["lead_id"], first["updated"], second["updated"]) == (first["lead_id"], False, True)
    await until(lambda: jobs_left(baton) == 0)
    about = [mail for mail in peer.mails if "yara" in str(mail.message).lower()]
    assert len(about) == 2
    viewer = await member(baton, "viewer@demo.test")
    lead = (await read(viewer, f"/app/inbox/{first['lead_id']}"))["lead"]
    assert (lead["name"], bool(lead["updated_at"])) == ("Yara", True)
    await visitor.close()


async def test_nobody_writes_into_the_head_of_a_mail(baton, peer):
    before = len(peer.mails)
    visitor = VisitorClient(baton.url)
    await visitor.hello()
    for field in ("name", "email", "phone"):
        form = {
            "type": "lead.submit",
            "email": "eve@example.com",
            field: "x@example.com\r\nBcc: all@example.com",
        }
        refused = await visitor.ask(form, "error")
        assert field in refused["fields"]
    await visitor.close()
    assert len(peer.mails) == before


async def test_cursors_that_somebody_made_up_are_refused(baton):
    viewer, foreign = await member(baton, "viewer@demo.test"), await member(baton, "owner@other.test")
    real = (await read(viewer, "/app/leads/feed"))["cursor"]
    seal = real.split(".")[1]
    for forged in (
        "0",
        "0.",
        f"0.{seal}",
        f"1000000.{seal}",
        f"-1.{seal}",
        f"٣.{seal}",
        "x" * 10_000,
        real + "0",
    ):
        answer = await viewer.http("GET", f"/app/leads/feed?{query(forged)}")
        assert answer.code == 422, forged
    # Nor is one of another workspace.
    assert (await foreign.http("GET", f"/app/leads/feed?{query(real)}")).code == 422


async def test_after_a_crash_the_feed_goes_on_where_it_was_and_the_conversation_still_has_its_lead(
    baton, peer
):
    viewer = await member(baton, "viewer@demo.test")
    cursor = (await read(viewer, "/app/leads/feed"))["cursor"]
    visitor = VisitorClient(baton.url)
    await visitor.hello()
    lead_id = (await visitor.ask({"type": "lead.submit", "email": "xena@example.com"}, "lead.ack"))["lead_id"]
    await visitor.close()
    await baton.kill()
    await baton.start()
    feed = await read(viewer, f"/app/leads/feed?after={cursor}")
    assert [lead["id"] for lead in feed["leads"]] == [lead_id]
    listed = await read(viewer, "/app/conversations?show=all")
    rows = {row["id"]: row["has_lead"] for row in listed["conversations"]}
    assert rows[visitor.conversation_id] is True
    await until(lambda: jobs_left(baton) == 0)
    mails = [mail for mail in peer.mails if "xena@example.com" in str(mail.message)]
    assert {address for mail in mails for address in mail.recipients} == OWNERS_AND_ADMINS
    assert len({mail.message["Message-ID"] for mail in mails}) == 2


def query(cursor):
    return urlencode({"after": cursor})


def jobs_left(baton):
    client = baton.mongo()
    try:
        return client["baton"]["jobs"].count_documents({"status": {"$in": ["pending", "running"]}})
    finally:
        client.close()
