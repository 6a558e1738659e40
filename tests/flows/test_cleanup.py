"""Deleting conversations on the real wire: live ones, thousands of them, killed in between."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from tornado.simple_httpclient import HTTPStreamClosedError

from actors.ids import ConversationId, VisitorId, WorkspaceId, new_id
from actors.log import Conversation, ConversationKey
from server.conversations.rows import new_document
from tests.support.process import BatonProcess, run_here
from tests.support.waiting import until
from tests.support.wire_clients import OperatorClient, VisitorClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime.now(UTC).replace(microsecond=0)
MANY = 300


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def baton(tmp_path_factory):
    async with BatonProcess(tmp_path_factory.mktemp("cleanup") / "var") as baton:
        yield baton


async def member(baton, email, *, connected=True):
    client = OperatorClient(baton.url, email)
    await client.sign_in()
    if connected:
        await client.connect()
    return client


async def deleted(client, path, body=None):
    response = await client.http("POST", f"/app/conversations/{path}", body or {})
    assert response.code == 200, response.body
    return json.loads(response.body)


def fill(baton, count, *, written=0, workspace="demo"):
    """Conversations as drive-by visitors leave them; in the first `written` of them somebody wrote."""
    documents, messages, leads, jobs = [], [], [], []
    for number in range(count):
        key = ConversationKey(WorkspaceId(workspace), ConversationId(new_id()))
        conversation = Conversation(key, VisitorId(new_id()), "Visitor", NOW - timedelta(hours=number % 50))
        documents.append(new_document(conversation))
        if number < written:
            documents[-1] |= {"seq": 1, "user_message_count": 1, "has_lead": True}
            of = {"workspace_id": workspace, "conversation_id": key.conversation_id}
            at = conversation.created_at
            message = {"seq": 1, "type": "message", "role": "user", "text": "Hello", "write_id": new_id()}
            messages.append({"_id": f"{key.conversation_id}:1", **of, **message, "created_at": at})
            leads.append({"_id": f"l-{key.conversation_id}", **of, "captured_at": at, "email": "a@b.test"})
            job = {"kind": "lead_mail", "status": "done", "run_at": at, "workspace_id": workspace}
            payload = {"lead_id": f"l-{key.conversation_id}"}
            jobs.append({"_id": f"l-{key.conversation_id}:mail:u", **job, "payload": payload})
    with baton.mongo() as client:
        for name, found in (
            ("conversations", documents),
            ("messages", messages),
            ("leads", leads),
            ("jobs", jobs),
        ):
            for start in range(0, len(found), 500):
                client["baton"][name].insert_many(found[start : start + 500])
    return [document["_id"] for document in documents]


def orphans(baton):
    """What points to conversations that are not there, by collection."""
    with baton.mongo() as client:
        database = client["baton"]
        there = set(database["conversations"].distinct("_id"))
        leads = set(database["leads"].distinct("_id"))
        pointing = {
            name: {each["conversation_id"] for each in database[name].find({}, {"conversation_id": 1})}
            for name in ("messages", "leads", "analytics_events")
        }
        found = {name: ids - there - {None} for name, ids in pointing.items()}
        found["jobs"] = {
            job["_id"]
            for job in database["jobs"].find({"payload.lead_id": {"$exists": True}})
            if job["payload"]["lead_id"] not in leads
        }
        return {name: ids for name, ids in found.items() if ids}


def count(baton, name, **query):
    with baton.mongo() as client:
        return client["baton"][name].count_documents(query)


async def test_a_live_conversation_that_is_deleted_closes_for_everybody(baton):
    visitor = VisitorClient(baton.url)
    await visitor.hello()
    conversation = visitor.conversation_id
    await visitor.post("How does an operator take over a conversation?", "m1")
    editor, admin = await member(baton, "editor@demo.test"), await member(baton, "admin@demo.test")
    await editor.send({"type": "subscribe", "channel": "workspace"})
    await editor.subscribe(conversation)
    await visitor.post("And who wins when two click at once?", "m2")
    response = await admin.http("DELETE", f"/app/conversations/{conversation}")
    assert response.code == 204
    channel = f"conversation.{conversation}"
    gone = await visitor.wait("conversation.deleted")
    assert gone["channel"] == channel
    assert await visitor.until_closed() == 4000
    await editor.wait(lambda f: f["type"] == "conversation.deleted" and f["channel"] == channel)
    row = await editor.wait(lambda f: f["type"] == "conversation.deleted" and f["channel"] == "workspace")
    assert row["conversation_id"] == conversation
    assert not editor.closed
    assert (await editor.http("GET", f"/app/conversations/{conversation}")).code == 404
    assert (await editor.act(conversation, "claim"))[0] == 404
    assert (await admin.http("DELETE", f"/app/conversations/{conversation}")).code == 404
    assert count(baton, "messages", conversation_id=conversation) == 0
    entry = {"action": "conversation.deleted", "target_id": conversation}
    assert count(baton, "audit_logs", **entry) == 1

    ready = await visitor.hello(after=2)  # with the old token: the same words must not be found again
    assert ready["conversation_id"] != conversation
    assert ready["entries"] == []
    await visitor.post("Hello again", "m3")
    for client in (visitor, editor, admin):
        await client.close()


async def test_messages_sent_at_that_moment_bring_nothing_back(baton):
    admin = await member(baton, "admin@demo.test", connected=False)
    for _ in range(5):
        visitor = VisitorClient(baton.url)
        await visitor.hello()
        for number in range(8):
            await visitor.send({"type": "message.post", "client_id": f"m{number}", "text": f"text {number}"})
        response = await admin.http("DELETE", f"/app/conversations/{visitor.conversation_id}")
        assert response.code == 204
        await visitor.until_closed()
        acked = len(visitor.of_type("message.ack"))
        assert acked + len(visitor.of_type("error")) <= 8
        await visitor.close()
        assert count(baton, "conversations", _id=visitor.conversation_id) == 0
        assert count(baton, "messages", conversation_id=visitor.conversation_id) == 0
    assert orphans(baton) == {}


async def test_only_admins_delete_and_only_what_is_theirs(baton):
    (foreign,) = fill(baton, 1, written=1, workspace="other")
    ours = fill(baton, 3, written=3)
    for email in ("viewer@demo.test", "editor@demo.test"):
        client = await member(baton, email, connected=False)
        assert (await client.http("DELETE", f"/app/conversations/{ours[0]}")).code == 403
        for path in ("bulk-delete", "delete-empty"):
            response = await client.http("POST", f"/app/conversations/{path}", {"ids": ours})
            assert response.code == 403
        assert (await client.http("GET", "/app/conversations/delete-preview")).code == 403
    admin = await member(baton, "admin@demo.test", connected=False)
    assert (await admin.http("DELETE", f"/app/conversations/{foreign}")).code == 404
    assert await deleted(admin, "bulk-delete", {"ids": [foreign, *ours, "unknown"]}) == {"deleted": 3}
    assert count(baton, "conversations", _id=foreign) == 1
    assert count(baton, "leads", conversation_id=foreign) == 1
    assert count(baton, "audit_logs", action="conversation.deleted", target_id=foreign) == 0
    too_many = [new_id() for _ in range(10_001)]
    assert (await admin.http("POST", "/app/conversations/bulk-delete", {"ids": too_many})).code == 422


async def test_all_that_a_list_shows_is_deleted_as_it_was_previewed(baton):
    admin = await member(baton, "owner@demo.test", connected=False)
    ids = fill(baton, 4, written=4)
    with baton.mongo() as client:
        client["baton"]["conversations"].update_many({"_id": {"$in": ids}}, {"$set": {"tag_ids": ["qx"]}})
    response = await admin.http("GET", "/app/conversations/delete-preview?show=engaged&tag=qx")
    preview = json.loads(response.body)
    assert (preview["count"], preview["leads"]) == (4, 4)
    matching = {"show": "engaged", "tag": "qx"}
    body = {"matching": matching, "at": preview["at"]}
    assert (await admin.http("POST", "/app/conversations/bulk-delete", {"matching": matching})).code == 422
    assert await deleted(admin, "bulk-delete", body) == {"deleted": 4}
    assert count(baton, "conversations", _id={"$in": ids}) == 0
    assert orphans(baton) == {}


async def test_empty_ones_go_and_those_in_which_somebody_wrote_stay(baton):
    admin = await member(baton, "admin@demo.test", connected=False)
    fill(baton, 120)
    silent, writer = VisitorClient(baton.url), VisitorClient(baton.url)
    for visitor in (silent, writer):
        await visitor.hello()
    await writer.post("Hello", "m1")
    answer = await deleted(admin, "delete-empty")
    assert answer["deleted"] >= 121
    assert await silent.until_closed() == 4000
    assert not writer.closed
    await writer.post("Still here", "m2")
    assert count(baton, "conversations", workspace_id="demo", user_message_count=0) == 0
    assert count(baton, "conversations", _id=writer.conversation_id) == 1
    assert await deleted(admin, "delete-empty") == {"deleted": 0}
    for visitor in (silent, writer):
        await visitor.close()


@pytest.mark.slow
async def test_killed_in_a_bulk_delete_it_is_finished_after_the_restart_without_an_orphan(baton):
    admin = await member(baton, "admin@demo.test", connected=False)
    ids = fill(baton, MANY, written=MANY // 2)
    (kept,) = fill(baton, 1, written=1)
    asking = asyncio.create_task(admin.http("POST", "/app/conversations/bulk-delete", {"ids": ids}))

    def left():
        return count(baton, "conversations", _id={"$in": ids})

    await until(lambda: left() < MANY - 60, within_s=30)
    await baton.kill()
    with pytest.raises(HTTPStreamClosedError):
        await asking
    await baton.start()
    assert orphans(baton) == {}  # each is whole or gone from the first moment on
    await until(lambda: count(baton, "cleanups") == 0, within_s=60)
    assert left() == 0
    assert orphans(baton) == {}
    assert count(baton, "conversations", _id=kept) == 1
    audited = count(baton, "audit_logs", action="conversation.deleted", target_id={"$in": ids})
    assert audited == MANY
    code, output = await run_here("doctor", BATON_DATA_DIR=str(baton.data_dir))
    assert "ok    nothing points to a conversation that is not there" in output
    assert code == 0, output
