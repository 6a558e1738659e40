from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.edge import Edge
from tests.support.wire_clients import OperatorClient

PATH = "/app/account/keyboard"


async def asked(operator: OperatorClient, method: str, body: object = None) -> tuple[int, dict[str, Any]]:
    answer = await operator.http(method, PATH, body)
    return answer.code, json.loads(answer.body)


async def test_keys_are_of_one_person_and_replace_what_was_there(edge: Edge) -> None:
    edith = await edge.operator(connected=False)
    owner = await edge.operator("owner@demo.test", connected=False)
    usual = {"keys": {}, "single": True}
    assert await asked(edith, "GET") == (200, {"keyboard": usual})
    chosen = {"keys": {"claim": "Shift+t", "inbox": "g u", "delete": ""}, "single": False}
    assert await asked(edith, "POST", chosen) == (200, {"keyboard": chosen})
    assert await asked(edith, "GET") == (200, {"keyboard": chosen})
    assert await asked(owner, "GET") == (200, {"keyboard": usual})
    page = await edith.http("GET", "/app/overview", Accept="text/html")
    assert '"keyboard": {"keys": {"claim": "Shift+t"' in page.body.decode()
    assert await asked(edith, "POST", usual) == (200, {"keyboard": usual})


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"keys": {"claim": "t", "release": "t"}}, "release"),
        ({"keys": {"claim": "t t t"}}, "claim"),
        ({"keys": {"claim": "Hyper+"}}, "claim"),
        ({"keys": {"claim": " "}}, "claim"),
        ({"keys": {"$set": "t"}}, "keys"),
        ({"keys": {"a.b": "t"}}, "keys"),
        ({"keys": {f"a{number}": "" for number in range(101)}}, "keys"),
        ({"keys": {"claim": 1}}, None),
        ({"keys": []}, None),
        ({"single": True}, None),
        ({"keys": {}, "single": "yes"}, None),
    ],
)
async def test_what_are_no_keys_is_refused_and_changes_nothing(
    edge: Edge, wish: object, field: str | None
) -> None:
    edith = await edge.operator(connected=False)
    status, answer = await asked(edith, "POST", wish)
    assert (status, answer["error"]["code"]) == (422, "invalid")
    if field:
        assert field in answer["error"]["fields"]
    assert await asked(edith, "GET") == (200, {"keyboard": {"keys": {}, "single": True}})


async def test_two_actions_with_the_same_keys_are_named(edge: Edge) -> None:
    edith = await edge.operator(connected=False)
    _, answer = await asked(edith, "POST", {"keys": {"claim": "y", "hand-back": "y"}})
    assert answer["error"]["message"] == "y is claim already. Choose other keys for hand-back."
