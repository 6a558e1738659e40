from __future__ import annotations

import json

from tests.support.edge import Edge


async def test_who_am_i(edge: Edge) -> None:
    viewer = await edge.operator("viewer@demo.test", connected=False)
    assert json.loads((await viewer.http("GET", "/app/me")).body) == {
        "user": {"id": "u-viewer", "name": "Viewer", "email": "viewer@demo.test"},
        "workspace": {"id": "demo", "name": "Demo", "slug": "demo", "key": "demo"},
        "role": "viewer",
        "may": ["look"],
    }


async def test_switching_the_workspace_to_one_of_ones_own(edge: Edge) -> None:
    both = await edge.operator("both@demo.test", connected=False)
    switched = json.loads((await both.http("POST", "/app/workspace", {"id": "other"})).body)
    assert (switched["workspace"]["id"], switched["role"]) == ("other", "viewer")
    assert json.loads((await both.http("GET", "/app/me")).body) == switched


async def test_foreign_and_unknown_workspaces_answer_the_same(edge: Edge) -> None:
    editor = await edge.operator(connected=False)
    answers = [await editor.http("POST", "/app/workspace", {"id": wanted}) for wanted in ("other", "nobody")]
    assert [answer.code for answer in answers] == [404, 404]
    assert answers[0].body == answers[1].body
    assert json.loads((await editor.http("GET", "/app/me")).body)["workspace"]["id"] == "demo"
    assert (await editor.http("POST", "/app/workspace", {"id": {"$ne": ""}})).code == 422
