from __future__ import annotations

import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import pytest

from actors.ids import UserId
from actors.log import Origin
from handlers.doors.people_ports import Doer
from handlers.management.knowledge import MAX_UPLOAD_BYTES
from server.demo import DEMO, OTHER
from tests.support.edge import Edge, running_edge
from tests.support.engine import mock_database
from tests.support.management import Desk, management_over
from tests.support.wire_clients import OperatorClient

KNOWLEDGE = "/app/settings/knowledge"
SHIPPING = b"# Shipping\n\nWe ship to Norway in three days.\n\n# Returns\n\nSend it back within 30 days.\n"


@pytest.fixture
async def desk() -> Desk:
    return await management_over(await mock_database())


@pytest.fixture
async def edge(desk: Desk) -> AsyncIterator[Edge]:
    async with running_edge(management=desk.management) as running:
        yield running


@pytest.fixture
async def admin(edge: Edge) -> OperatorClient:
    return await edge.operator("admin@demo.test", connected=False)


async def send(operator: OperatorClient, name: str, data: bytes, path: str = KNOWLEDGE) -> tuple[int, Any]:
    headers = {"Content-Type": "application/octet-stream"}
    response = await operator.raw("POST", f"{path}?name={name}", data, **headers)
    return response.code, json.loads(response.body)


async def sources(operator: OperatorClient) -> list[Any]:
    return json.loads((await operator.http("GET", KNOWLEDGE)).body)["sources"]


async def test_a_source_is_added_read_replaced_and_deleted(desk: Desk, admin: OperatorClient) -> None:
    status, body = await send(admin, "shipping.md", SHIPPING)
    source = body["source"]
    assert (status, source["name"], source["passage_count"]) == (201, "shipping.md", 2)
    assert [each["id"] for each in await sources(admin)] == [source["id"]]

    path = f"{KNOWLEDGE}/{source['id']}"
    read = json.loads((await admin.http("GET", path)).body)
    assert [passage["position"] for passage in read["passages"]] == [0, 1]
    assert "Norway" in read["passages"][0]["text"]
    assert read["next"] is None

    status, body = await send(admin, "other.txt", b"We ship nowhere.", path)
    assert (status, body["source"]["name"], body["source"]["kind"]) == (200, "shipping.md", "text")
    page = await admin.http("GET", path, Accept="text/html")
    assert b"We ship nowhere." in page.body

    assert (await admin.http("DELETE", path)).code == 204
    assert await sources(admin) == []
    assert (await admin.http("DELETE", path)).code == 404
    actions = [entry.action for entry in (await desk.audit.list(DEMO.id)).entries]
    assert actions == ["knowledge.deleted", "knowledge.replaced", "knowledge.added"]
    assert desk.knowledge_told == ["demo"] * 3


async def test_the_same_content_again_changes_nothing(desk: Desk, admin: OperatorClient) -> None:
    _, body = await send(admin, "shipping.md", SHIPPING)
    status, again = await send(admin, "shipping.md", SHIPPING, f"{KNOWLEDGE}/{body['source']['id']}")
    assert (status, again["source"]) == (200, body["source"])
    assert await desk.records() == 1


async def test_a_name_that_is_taken_is_refused(desk: Desk, admin: OperatorClient) -> None:
    await send(admin, "shipping.md", SHIPPING)
    status, body = await send(admin, "shipping.md", b"Other words.")
    assert (status, list(body["error"]["fields"])) == (409, ["name"])
    assert (await sources(admin))[0]["passage_count"] == 2


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("", SHIPPING, "name"),
        ("x" * 130 + ".md", SHIPPING, "name"),
        ("a%E2%80%AEb.md", SHIPPING, "name"),
        ("..%2Fshipping.md", SHIPPING, "name"),
        ("shipping.pdf", SHIPPING, "file"),
        ("shipping.md", b"   \n", "file"),
        ("shipping.txt", b"\0\1\2\0", "file"),
        ("shipping.html", b"<script>alert(1)</script>", "file"),
    ],
)
async def test_what_is_no_knowledge_is_refused(
    desk: Desk, admin: OperatorClient, name: str, data: bytes, field: str
) -> None:
    status, body = await send(admin, name, data)
    assert (status, list(body["error"]["fields"])) == (422, [field])
    assert await sources(admin) == []
    assert await desk.records() == 0


async def test_a_file_of_a_mebibyte_is_taken_and_a_larger_one_is_not(admin: OperatorClient) -> None:
    words = b"We ship to Norway in three days.\n\n"
    full = (words * (MAX_UPLOAD_BYTES // len(words) + 1))[:MAX_UPLOAD_BYTES]
    assert (await send(admin, "full.txt", full))[0] == 201
    status, body = await send(admin, "larger.txt", full + b"x")
    assert (status, body["error"]["code"]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")


async def test_a_source_of_another_workspace_does_not_exist(desk: Desk, admin: OperatorClient) -> None:
    doer = Doer(UserId("u-other"), OTHER.id, Origin())
    theirs = await desk.management.knowledge.add(doer, "secret.md", SHIPPING)
    path = f"{KNOWLEDGE}/{theirs.id}"
    assert (await admin.http("GET", path)).code == 404
    assert (await send(admin, "x.md", b"mine", path))[0] == 404
    assert (await admin.http("DELETE", path)).code == 404
    assert await sources(admin) == []
    assert len(await desk.management.knowledge.sources(OTHER.id)) == 1


@pytest.mark.parametrize("role", ["editor", "viewer"])
async def test_who_may_not_manage_knows_nothing_of_it(edge: Edge, desk: Desk, role: str) -> None:
    doer = Doer(UserId("u-admin"), DEMO.id, Origin())
    ours = await desk.management.knowledge.add(doer, "shipping.md", SHIPPING)
    operator = await edge.operator(f"{role}@demo.test", connected=False)
    path = f"{KNOWLEDGE}/{ours.id}"
    assert (await operator.http("GET", path)).code == 403
    assert (await operator.http("DELETE", path)).code == 403
    assert (await send(operator, "x.md", b"mine"))[0] == 403
    assert (await send(operator, "x.md", b"mine", path))[0] == 403
