from __future__ import annotations

import json
from typing import Any

import pytest

from actors.ids import ConversationId
from tests.support.edge import Edge
from tests.support.wire_clients import OperatorClient

ROLES = ("owner", "admin", "editor", "viewer")


async def call(client: OperatorClient, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    response = await client.http(method, path, body)
    return response.code, json.loads(response.body) if response.body else None


async def member(edge: Edge, role: str) -> OperatorClient:
    return await edge.operator(f"{role}@demo.test", connected=False)


@pytest.mark.parametrize("role", ROLES)
async def test_owners_and_admins_delete_and_nobody_else(edge: Edge, role: str) -> None:
    visitor, client = await edge.visitor(), await member(edge, role)
    there, allowed = visitor.conversation_id, role in {"owner", "admin"}
    attempts: list[tuple[str, str, Any, int]] = [
        ("GET", "/app/conversations/delete-preview?show=all", None, 200),
        ("GET", "/app/conversations/delete-preview?empty=1", None, 200),
        ("POST", "/app/conversations/bulk-delete", {"ids": []}, 200),
        ("DELETE", f"/app/conversations/{there}", None, 204),
        ("POST", "/app/conversations/delete-empty", {}, 200),
    ]
    for method, path, body, status in attempts:
        code, _ = await call(client, method, path, body)
        assert code == (status if allowed else 403), path
    assert (ConversationId(there) in edge.journal.logs) is not allowed
    me = (await call(client, "GET", "/app/me"))[1]
    assert ("delete" in me["may"]) is allowed


async def test_looking_at_one_still_asks_for_no_more_than_a_viewer(edge: Edge) -> None:
    visitor, viewer = await edge.visitor(), await member(edge, "viewer")
    assert (await call(viewer, "GET", f"/app/conversations/{visitor.conversation_id}"))[0] == 200


async def test_nobody_deletes_without_a_session(edge: Edge) -> None:
    visitor = await edge.visitor()
    path = f"/app/conversations/{visitor.conversation_id}"
    assert (await OperatorClient(edge.url, "").http("DELETE", path)).code == 401
    assert ConversationId(visitor.conversation_id) in edge.journal.logs


async def test_foreign_and_unknown_ids_are_one_and_the_same(edge: Edge) -> None:
    ours, theirs = await edge.visitor(), await edge.visitor("other")
    admin = await member(edge, "admin")
    foreign = await call(admin, "DELETE", f"/app/conversations/{theirs.conversation_id}")
    assert foreign == await call(admin, "DELETE", "/app/conversations/unknown")
    assert foreign[0] == 404
    ids = [theirs.conversation_id, "unknown", ours.conversation_id]
    assert await call(admin, "POST", "/app/conversations/bulk-delete", {"ids": ids}) == (200, {"deleted": 1})
    assert ConversationId(theirs.conversation_id) in edge.journal.logs
    assert not theirs.closed


async def test_the_visitor_is_closed_with_a_code_and_comes_back_to_another(edge: Edge) -> None:
    visitor, admin = await edge.visitor(), await edge.operator("admin@demo.test")
    before = visitor.conversation_id
    await admin.subscribe(before)
    assert (await call(admin, "DELETE", f"/app/conversations/{before}"))[0] == 204
    assert await visitor.until_closed() == 4000
    await admin.wait("conversation.deleted")
    with pytest.raises(AssertionError, match="closed with 4000"):  # looked up before, found gone now
        await visitor.hello()
    assert (await visitor.hello())["conversation_id"] != before


@pytest.mark.parametrize(
    "body",
    [
        {"ids": "all"},
        {"ids": [1]},
        {"ids": [""]},
        {"ids": ["x" * 65]},
        {"ids": [f"c{number}" for number in range(10_001)]},
        {"matching": {"show": "everything"}, "at": "2026-11-22T10:00:00Z"},
        {"matching": {}},
        {"matching": {}, "at": "2026-11-22T10:00:00"},
        {"matching": {}, "at": "yesterday"},
        [],
    ],
)
async def test_bodies_that_make_no_sense_delete_nothing(edge: Edge, body: Any) -> None:
    visitor, admin = await edge.visitor(), await member(edge, "admin")
    assert (await call(admin, "POST", "/app/conversations/bulk-delete", body))[0] == 422
    assert ConversationId(visitor.conversation_id) in edge.journal.logs


async def test_ten_thousand_ids_fit_and_much_more_does_not(edge: Edge) -> None:
    admin = await member(edge, "admin")
    ids = [f"{number:064}" for number in range(10_000)]
    assert await call(admin, "POST", "/app/conversations/bulk-delete", {"ids": ids}) == (200, {"deleted": 0})
    huge = {"ids": ["x" * 64] * 20_000}
    assert (await call(admin, "POST", "/app/conversations/bulk-delete", huge))[0] == 413


async def test_while_the_database_is_away_it_says_so(edge: Edge) -> None:
    visitor, admin = await edge.visitor(), await member(edge, "admin")
    edge.cleanup.available = False
    assert (await call(admin, "DELETE", f"/app/conversations/{visitor.conversation_id}"))[0] == 503


async def test_a_boot_with_the_token_of_a_deleted_one_begins_another(edge: Edge) -> None:
    visitor, admin = await edge.visitor(), await member(edge, "admin")
    known = dict(edge.widgets.visits)
    assert (await call(admin, "DELETE", f"/app/conversations/{visitor.conversation_id}"))[0] == 204
    await visitor.until_closed()
    edge.widgets.visits = known  # as if it were looked up a moment before
    response = await OperatorClient(edge.url, "").http("POST", "/widget/demo/boot", {"token": visitor.token})
    assert response.code == 200
    assert json.loads(response.body)["conversation_id"] != visitor.conversation_id
