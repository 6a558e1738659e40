"""The seed's story on the real wire: a whole process, the embedded engine, sockets and HTTP."""

from __future__ import annotations

import json

import pytest
import pytest_asyncio

from tests.support.process import BatonProcess
from tests.support.wire_clients import OperatorClient, VisitorClient

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def baton(tmp_path_factory):
    async with BatonProcess(tmp_path_factory.mktemp("story") / "var") as baton:
        yield baton


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(baton):
    visitor = VisitorClient(baton.url)
    await visitor.hello()
    yield visitor
    await visitor.close()


async def operator(baton, email):
    client = OperatorClient(baton.url, email)
    await client.sign_in()
    await client.connect()
    return client


@pytest_asyncio.fixture(loop_scope="module")
async def editor(baton):
    client = await operator(baton, "editor@demo.test")
    yield client
    await client.close()


@pytest_asyncio.fixture(loop_scope="module")
async def admin(baton):
    client = await operator(baton, "admin@demo.test")
    yield client
    await client.close()


async def test_ask_take_over_answer_hand_back_ask_again(visitor, editor, admin):
    conversation = visitor.conversation_id
    await visitor.post("How does an operator take over a conversation?", "m1")
    answer = await visitor.bot_answer(1)
    assert answer["sources"]
    deltas = [f for f in visitor.of_type("message.delta") if f["stream_id"] == answer["stream_id"]]
    assert "".join(f["text"] for f in deltas) == answer["text"]

    for client in (editor, admin):
        await client.subscribe(conversation)
    status, body = await editor.act(conversation, "claim")
    assert (status, body["conversation"]["claimed_by_name"]) == (200, "Edith Novak")
    claimed = await visitor.wait("conversation.claimed")
    assert claimed["holder"]["name"] == "Edith Novak"
    assert "user_id" not in claimed["holder"]
    await admin.wait("conversation.claimed")

    status, body = await admin.act(conversation, "claim")
    assert status == 409
    assert body["error"]["code"] == "already_claimed"
    assert body["holder"]["name"] == "Edith Novak"
    status, body = await admin.act(conversation, "reply", {"text": "me too"})
    assert status == 409

    status, body = await editor.act(
        conversation, "reply", {"text": "The spring sale starts on 21 March.", "client_id": "r1"}
    )
    assert (status, body["message"]["role"]) == (201, "human-agent")
    status, again = await editor.act(conversation, "reply", {"text": "again", "client_id": "r1"})
    assert (status, again["message"]["id"]) == (200, body["message"]["id"])

    ack = await visitor.post("Thanks, and who are you?", "m2")
    await admin.wait(lambda f: f.get("seq") == ack["seq"])
    status, body = await editor.act(conversation, "release", {"note": "Knows about the sale"})
    assert (status, body["conversation"]["claimed_by_user_id"]) == (200, None)
    released = await visitor.wait("conversation.released")
    assert "note" not in json.dumps(released)
    seen = await admin.wait("conversation.released")
    assert seen["entry"]["note"] == "Knows about the sale"

    ack = await visitor.post("When does the spring sale start?", "m3")
    answer = await visitor.bot_answer(ack["seq"])
    assert "21 March" in answer["text"]

    log = [f for f in visitor.frames if "seq" in f and f["type"] not in ("ready", "message.ack")]
    assert [f["seq"] for f in log] == list(range(1, len(log) + 1))
    held = range(claimed["seq"], released["seq"])
    assert not [f for f in log if f["seq"] in held and f.get("message", {}).get("role") == "assistant"]


async def test_a_takeover_stops_the_answer_that_is_being_written(visitor, editor):
    conversation = visitor.conversation_id
    ack = await visitor.post("Tell me everything about webhooks, roles and the audit log", "m1")
    delta = await visitor.wait("message.delta")
    status, _ = await editor.act(conversation, "claim")
    assert status == 200
    discarded = await visitor.wait("message.discarded")
    assert discarded["stream_id"] == delta["stream_id"]
    response = await editor.http("GET", f"/app/conversations/{conversation}/messages?after=0")
    entries = json.loads(response.body)["entries"]
    assert [e["type"] for e in entries] == ["message", "claimed"]
    assert entries[0]["seq"] == ack["seq"]


async def test_asking_for_a_person_works_with_no_message_at_all(visitor, editor):
    await visitor.send({"type": "person.request"})
    await visitor.wait("conversation.waiting")
    response = await editor.http("GET", "/app/conversations?holder=waiting")
    rows = {row["id"]: row for row in json.loads(response.body)["conversations"]}
    assert rows[visitor.conversation_id]["badge"] == {"kind": "waiting", "label": "Waiting"}
    await editor.act(visitor.conversation_id, "claim")
    frame = await visitor.wait("conversation.claimed")
    assert frame["holder"]["name"] == "Edith Novak"


async def test_a_visitor_comes_back_to_the_same_conversation_and_misses_nothing(visitor, editor):
    first = await visitor.post("Hello there", "m1")
    await visitor.bot_answer(first["seq"])
    await visitor.close()
    await editor.act(visitor.conversation_id, "reply", {"text": "Are you still there?"})
    before = visitor.conversation_id
    ready = await visitor.hello(after=first["seq"])
    assert visitor.conversation_id == before
    assert [e["seq"] for e in ready["entries"]] == list(range(first["seq"] + 1, ready["seq"] + 1))
    assert ready["entries"][-1]["text"] == "Are you still there?"
    assert ready["holder"]["name"] == "Edith Novak"
    await visitor.close()
    assert (await visitor.hello(after=999))["reset"] is True


async def test_the_claim_is_in_the_database_with_one_audit_entry_when_it_is_answered(baton, visitor, editor):
    await editor.act(visitor.conversation_id, "claim")
    await editor.act(visitor.conversation_id, "claim")
    with baton.mongo() as client:
        stored = client["baton"]["conversations"].find_one({"_id": visitor.conversation_id})
        audit = list(client["baton"]["audit_logs"].find({"target_id": visitor.conversation_id}))
    assert stored["claimed_by_user_id"]
    assert stored["claimed_at"]
    assert [entry["action"] for entry in audit] == ["conversation.claimed"]
    assert audit[0]["user_id"] == stored["claimed_by_user_id"]
    assert audit[0]["ip"] == "127.0.0.1"
