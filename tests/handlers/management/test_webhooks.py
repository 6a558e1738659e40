from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from actors.ids import UserId, WorkspaceId
from actors.jobs import JobName, JobRequest
from actors.log import Origin
from handlers.doors.people_ports import Doer
from server.demo import OTHER
from server.jobs.outbox import Outbox
from tests.support.edge import Edge, running_edge
from tests.support.engine import mock_database
from tests.support.management import Desk, management_over
from tests.support.wire_clients import OperatorClient

PAGE = "/app/settings/webhooks"
ASKED = {"url": "https://hooks.example/baton?key=1", "events": ["lead.captured"]}


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


async def call(operator: OperatorClient, method: str, path: str, body: object = None) -> tuple[int, Any]:
    response = await operator.http(method, path, body)
    return response.code, json.loads(response.body or b"null")


async def test_a_webhook_is_made_changed_switched_and_deleted(desk: Desk, admin: OperatorClient) -> None:
    status, made = await call(admin, "POST", PAGE, ASKED)
    assert (status, made["webhook"]["url"], made["webhook"]["enabled"]) == (201, ASKED["url"], True)
    assert made["secret"].startswith("whsec_")
    path = f"{PAGE}/{made['webhook']['id']}"
    record = await desk.last_record()
    assert (record.action, record.details["section"], record.target_type) == (
        "settings.changed",
        "webhooks",
        "webhook",
    )
    assert record.details["url_after"] == "https://hooks.example/baton"

    changed = {"url": "https://other.example/", "events": ["lead.captured", "conversation.claimed"]}
    status, body = await call(admin, "POST", path, changed)
    assert (status, body["webhook"]["events"]) == (200, ["conversation.claimed", "lead.captured"])
    assert (await desk.last_record()).details["url_before"] == "https://hooks.example/baton"

    status, body = await call(admin, "POST", f"{path}/switch", {"on": False})
    assert (status, body["webhook"]["enabled"]) == (200, False)
    assert (await desk.last_record()).details["enabled_after"] is False

    assert (await admin.http("DELETE", path)).code == 204
    assert (await call(admin, "GET", PAGE))[1]["webhooks"] == []


async def test_a_secret_is_shown_once_and_never_recorded(desk: Desk, admin: OperatorClient) -> None:
    _, made = await call(admin, "POST", PAGE, ASKED)
    status, again = await call(admin, "POST", f"{PAGE}/{made['webhook']['id']}/secret")
    assert (status, again["secret"] == made["secret"]) == (200, False)
    assert again["webhook"]["previous_until"] is not None
    _, listed = await call(admin, "GET", PAGE)
    page = await admin.http("GET", PAGE, Accept="text/html")
    logged = json.dumps([entry.details for entry in (await desk.audit.list(WorkspaceId("demo"))).entries])
    for secret in (made["secret"], again["secret"]):
        assert secret not in json.dumps(listed)
        assert secret not in page.body.decode()
        assert secret not in logged


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"url": "http://[::1]/"}, "url"),
        ({"url": "ftp://hooks.example"}, "url"),
        ({"url": "https://user:pass@hooks.example/"}, "url"),
        ({"url": ""}, "url"),
        ({"events": []}, "events"),
        ({"events": ["everything"]}, "events"),
    ],
    ids=str,
)
async def test_a_wrong_webhook_changes_nothing(
    desk: Desk, admin: OperatorClient, change: Any, field: str
) -> None:
    status, body = await call(admin, "POST", PAGE, {**ASKED, **change})
    assert (status, list(body["error"]["fields"])) == (422, [field])
    _, made = await call(admin, "POST", PAGE, ASKED)
    status, body = await call(admin, "POST", f"{PAGE}/{made['webhook']['id']}", {**ASKED, **change})
    assert (status, list(body["error"]["fields"])) == (422, [field])
    assert await desk.records() == 1


async def test_a_webhook_of_another_workspace_does_not_exist(desk: Desk, admin: OperatorClient) -> None:
    doer = Doer(UserId("u-other"), OTHER.id, Origin())
    theirs = (await desk.management.webhooks.create(doer, ASKED["url"], ("lead.captured",))).webhook
    path = f"{PAGE}/{theirs.id}"
    for method, asked, body in (
        ("GET", path, None),
        ("POST", path, ASKED),
        ("DELETE", path, None),
        ("POST", f"{path}/switch", {"on": False}),
        ("POST", f"{path}/secret", {}),
        ("POST", f"{path}/test", {}),
        ("POST", f"{path}/deliveries/d1/redeliver", {}),
    ):
        assert (await call(admin, method, asked, body))[0] == 404, (method, asked)
    assert await desk.management.webhooks.all(OTHER.id) == (theirs,)


@pytest.mark.parametrize("role", ["editor", "viewer"])
async def test_who_may_not_manage_has_no_webhooks(edge: Edge, role: str) -> None:
    operator = await edge.operator(f"{role}@demo.test", connected=False)
    assert (await operator.http("GET", PAGE)).code == 403
    assert (await operator.http("POST", PAGE, ASKED)).code == 403
    assert (await operator.http("POST", "/app/settings/jobs/retry", {"id": "x"})).code == 403


async def test_what_was_given_up_is_tried_again(desk: Desk, admin: OperatorClient) -> None:
    outbox = Outbox(desk.database)
    for workspace_id in ("demo", "other"):
        job = JobRequest(
            f"lead:{workspace_id}:mail",
            JobName.LEAD_MAIL,
            WorkspaceId(workspace_id),
            "mail",
            {"lead_id": "l"},
        )
        await outbox.add([job])
    changes = {"status": "dead", "last_error": "550 No such user", "attempts": 9}
    await desk.database["jobs"].update_many({}, {"$set": changes})
    _, listed = await call(admin, "GET", PAGE)
    assert [(job["id"], job["error"]) for job in listed["dead"]] == [("lead:demo:mail", "550 No such user")]
    retry = "/app/settings/jobs/retry"
    assert (await call(admin, "POST", retry, {"id": "lead:other:mail"}))[0] == 404
    assert (await call(admin, "POST", retry, {"id": "lead:demo:mail"}))[0] == 202
    assert (await call(admin, "GET", PAGE))[1]["dead"] == []
    assert await outbox.counts() == {"pending": 1, "running": 0, "dead": 1}
