from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.edge import Edge
from tests.support.wire_clients import OperatorClient

BILLING = {"name": " Billing  matters ", "colour": "blue"}


async def call(client: OperatorClient, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    response = await client.http(method, path, body)
    return response.code, json.loads(response.body) if response.body else None


async def made(edge: Edge, email: str = "admin@demo.test", **body: str) -> str:
    client = await edge.operator(email, connected=False)
    status, answer = await call(client, "POST", "/app/tags", BILLING | body)
    assert status == 201
    return answer["tag"]["id"]


@pytest.mark.parametrize(
    ("role", "manages", "tags"),
    [("owner", True, True), ("admin", True, True), ("editor", False, True), ("viewer", False, False)],
)
async def test_who_may_manage_and_who_may_tag(edge: Edge, role: str, manages: bool, tags: bool) -> None:
    visitor, tag = await edge.visitor(), await made(edge)
    client = await edge.operator(f"{role}@demo.test", connected=False)
    assert (await call(client, "GET", "/app/tags"))[0] == 200
    path = f"/app/conversations/{visitor.conversation_id}/tags"
    bulk = {"ids": [visitor.conversation_id], "add": [tag]}
    assert (await call(client, "POST", path, {"add": [tag]}))[0] == (200 if tags else 403)
    assert (await call(client, "POST", "/app/conversations/bulk-tag", bulk))[0] == (200 if tags else 403)
    assert (await call(client, "POST", "/app/tags", {"name": "Mine"}))[0] == (201 if manages else 403)
    assert (await call(client, "PATCH", f"/app/tags/{tag}", {"colour": "red"}))[0] == (
        200 if manages else 403
    )
    assert (await call(client, "DELETE", f"/app/tags/{tag}"))[0] == (204 if manages else 403)
    may = (await call(client, "GET", "/app/me"))[1]["may"]
    assert ("tag" in may, "manage_tags" in may) == (tags, manages)


async def test_a_tag_is_made_changed_and_removed(edge: Edge) -> None:
    tag, admin = await made(edge), await edge.operator("admin@demo.test", connected=False)
    shown = {"id": tag, "name": "Billing matters", "colour": "blue"}
    assert (await call(admin, "GET", "/app/tags"))[1] == {"tags": [shown]}
    status, answer = await call(admin, "PATCH", f"/app/tags/{tag}", {"name": "Money"})
    assert (status, answer["tag"]) == (200, {**shown, "name": "Money"})
    assert (await call(admin, "DELETE", f"/app/tags/{tag}"))[0] == 204
    assert (await call(admin, "DELETE", f"/app/tags/{tag}"))[0] == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": "  "}, {"name": "x" * 41}, {"name": "a", "colour": "url(x)"}, {"name": 3}],
)
async def test_tags_that_cannot_be(edge: Edge, body: Any) -> None:
    admin = await edge.operator("admin@demo.test", connected=False)
    assert (await call(admin, "POST", "/app/tags", body))[0] == 422


async def test_a_name_that_is_taken_is_refused_in_words(edge: Edge) -> None:
    await made(edge)
    admin = await edge.operator("admin@demo.test", connected=False)
    status, answer = await call(admin, "POST", "/app/tags", BILLING)
    assert status == 422
    assert answer["error"]["fields"] == {"name": "There is a tag called Billing matters already."}


async def test_tags_and_conversations_of_others_are_dropped(edge: Edge) -> None:
    ours, theirs = await edge.visitor(), await edge.visitor("other")
    foreign, tag = await made(edge, "owner@other.test"), await made(edge)
    editor = await edge.operator("editor@demo.test", connected=False)
    path = f"/app/conversations/{ours.conversation_id}/tags"
    status, answer = await call(editor, "POST", path, {"add": [foreign, tag, "unknown"]})
    now = {"tag_ids": [tag], "tags_version": 1}
    assert (status, answer) == (200, {"conversation_id": ours.conversation_id, **now})
    status, _ = await call(
        editor, "POST", f"/app/conversations/{theirs.conversation_id}/tags", {"add": [tag]}
    )
    assert status == 404
    ids = [ours.conversation_id, theirs.conversation_id]
    status, answer = await call(editor, "POST", "/app/conversations/bulk-tag", {"ids": ids, "remove": [tag]})
    assert answer == {"conversations": [{"id": ours.conversation_id, "tag_ids": [], "tags_version": 2}]}
    admin = await edge.operator("admin@demo.test", connected=False)
    assert (await call(admin, "PATCH", f"/app/tags/{foreign}", {"name": "x"}))[0] == 404
    assert (await call(admin, "DELETE", f"/app/tags/{foreign}"))[0] == 404
