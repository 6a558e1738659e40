from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from actors.ids import ConversationId
from actors.log import Entry
from handlers.ports import Limits
from tests.support.edge import Edge, running_edge


def log(edge: Edge, conversation_id: str) -> list[Entry]:
    return edge.journal.logs[ConversationId(conversation_id)].entries


async def test_taking_over_answering_and_handing_back(edge: Edge) -> None:
    visitor, operator = await edge.visitor(), await edge.operator()
    status, claimed = await operator.act(visitor.conversation_id, "claim")
    assert status == 200
    assert claimed["conversation"]["badge"] == {"kind": "human", "label": "Editor"}
    status, replied = await operator.act(
        visitor.conversation_id, "reply", {"text": " Hello ", "client_id": "o"}
    )
    assert (status, replied["message"]["text"], replied["message"]["seq"]) == (201, "Hello", 2)
    status, again = await operator.act(visitor.conversation_id, "reply", {"text": "Hello", "client_id": "o"})
    assert (status, again) == (200, replied)
    status, released = await operator.act(visitor.conversation_id, "release", {"note": "refunded"})
    assert (status, released["conversation"]["claimed_by_user_id"]) == (200, None)
    entry = (await visitor.wait("conversation.released"))["entry"]
    assert "note" not in entry
    assert log(edge, visitor.conversation_id)[-1].note == "refunded"


async def test_one_of_many_wins_and_the_others_are_told_who(edge: Edge) -> None:
    visitor = await edge.visitor()
    emails = ("editor", "second", "admin", "owner")
    operators = [await edge.operator(f"{name}@demo.test", connected=False) for name in emails]
    results = await asyncio.gather(*(o.act(visitor.conversation_id, "claim") for o in operators))
    statuses = sorted(status for status, _ in results)
    assert statuses == [200, 409, 409, 409]
    winner = next(body for status, body in results if status == 200)["conversation"]
    for status, body in results:
        if status == 409:
            assert body["error"]["code"] == "already_claimed"
            assert body["holder"]["user_id"] == winner["claimed_by_user_id"]
            assert (
                body["error"]["holder"]
                == body["holder"]
                == {
                    "user_id": winner["claimed_by_user_id"],
                    "name": winner["claimed_by_name"],
                    "claimed_at": winner["claimed_at"],
                }
            )


async def test_claiming_what_one_holds_is_nothing_new(edge: Edge) -> None:
    visitor, operator = await edge.visitor(), await edge.operator()
    first = await operator.act(visitor.conversation_id, "claim")
    assert await operator.act(visitor.conversation_id, "claim") == first


async def test_an_admin_may_take_it_and_an_editor_may_not(edge: Edge) -> None:
    visitor = await edge.visitor()
    editor, second = await edge.operator(), await edge.operator("second@demo.test")
    admin = await edge.operator("admin@demo.test")
    await editor.act(visitor.conversation_id, "claim")
    assert (await second.act(visitor.conversation_id, "claim", {"force": True}))[0] == 403
    assert (await second.act(visitor.conversation_id, "release"))[0] == 403
    assert (await second.act(visitor.conversation_id, "reply", {"text": "mine"}))[0] == 409
    assert (await admin.act(visitor.conversation_id, "claim"))[0] == 409
    assert (await admin.act(visitor.conversation_id, "claim", {"force": True}))[0] == 200
    assert (await admin.act(visitor.conversation_id, "release"))[0] == 200
    status, body = await admin.act(visitor.conversation_id, "release")
    assert (status, body["error"]["code"]) == (409, "not_claimed")


async def test_a_reply_claims_what_nobody_holds(edge: Edge) -> None:
    visitor, operator = await edge.visitor(), await edge.operator()
    assert (await operator.act(visitor.conversation_id, "reply", {"text": "Hello"}))[0] == 201
    kinds = [e.type.value for e in log(edge, visitor.conversation_id)]
    assert kinds == ["claimed", "message"]


VERBS: list[tuple[str, dict[str, Any]]] = [("claim", {}), ("release", {}), ("reply", {"text": "hi"})]


@pytest.mark.parametrize(("verb", "body"), VERBS)
async def test_a_viewer_may_not(edge: Edge, verb: str, body: dict[str, Any]) -> None:
    visitor, viewer = await edge.visitor(), await edge.operator("viewer@demo.test", connected=False)
    status, answer = await viewer.act(visitor.conversation_id, verb, body)
    assert (status, answer["error"]["code"]) == (403, "forbidden")
    assert not log(edge, visitor.conversation_id)


@pytest.mark.parametrize(("verb", "body"), VERBS)
async def test_foreign_and_unknown_answer_the_same(edge: Edge, verb: str, body: dict[str, Any]) -> None:
    foreign = await edge.visitor("other")
    operator = await edge.operator("owner@demo.test", connected=False)
    ours, theirs = [
        await operator.http("POST", f"/app/conversations/{conversation_id}/{verb}", body)
        for conversation_id in ("nobody", foreign.conversation_id)
    ]
    assert ours.code == theirs.code == 404
    assert ours.body == theirs.body
    assert ours.headers["Content-Length"] == theirs.headers["Content-Length"]
    assert not log(edge, foreign.conversation_id)


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("reply", b"{"),
        ("reply", b"[]"),
        ("reply", b"{}"),
        ("reply", b""),
        ("reply", b'{"text": ""}'),
        ("reply", b'{"text": " \\u0000 "}'),
        ("reply", b'{"text": {"$gt": ""}}'),
        ("reply", json.dumps({"text": "x" * 8001}).encode()),
        ("reply", json.dumps({"text": "x", "client_id": "c" * 65}).encode()),
        ("reply", b'{"text": "\\ud800"}'),
        ("reply", b"[" * 100_000),
        ("reply", b"\xff\xfe"),
        ("claim", b'{"force": "yes"}'),
        ("claim", b'"force"'),
        ("release", b'{"note": 5}'),
        ("release", json.dumps({"note": "x" * 2001}).encode()),
    ],
)
async def test_a_bad_body_is_refused_in_words(edge: Edge, verb: str, body: bytes) -> None:
    visitor, operator = await edge.visitor(), await edge.operator(connected=False)
    path = f"/app/conversations/{visitor.conversation_id}/{verb}"
    response = await operator.raw("POST", path, body)
    assert response.code == 422, response.body
    assert json.loads(response.body)["error"]["code"] == "invalid"


async def test_nothing_is_answered_before_it_is_durable_and_not_for_ever(edge: Edge) -> None:
    visitor, operator = await edge.visitor(), await edge.operator(connected=False)
    edge.journal.available = False
    asked = asyncio.create_task(operator.act(visitor.conversation_id, "claim"))
    await visitor.send({"type": "ping"})
    await visitor.wait("pong")
    assert not asked.done()
    edge.journal.available = True
    assert (await asked)[0] == 200


async def test_no_answer_in_time_is_503() -> None:
    async with running_edge(Limits(ask_s=0.05)) as hurried:
        visitor, operator = await hurried.visitor(), await hurried.operator(connected=False)
        hurried.journal.available = False
        status, body = await operator.act(visitor.conversation_id, "claim")
        assert (status, body["error"]["code"]) == (503, "unavailable")
        hurried.journal.available = True
