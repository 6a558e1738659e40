from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actors.ids import UserId, WorkspaceId
from handlers.management.audit import safe_cell
from server.audit.audit import AuditRecord
from server.demo import DEMO, OTHER
from tests.support.edge import Edge, running_edge
from tests.support.engine import mock_database
from tests.support.management import Desk, management_over
from tests.support.wire_clients import OperatorClient

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


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


def record(number: int, **changes: Any) -> AuditRecord:
    given: dict[str, Any] = {
        "id": f"r{number}",
        "at": NOW + timedelta(minutes=number),
        "user_id": UserId("u-editor"),
        "action": "conversation.claimed",
        "target_type": "conversation",
        "target_id": f"c{number}",
        "ip": "192.0.2.7",
        "user_agent": "Browser/1",
        "details": {"seq": number},
    }
    return AuditRecord(**{**given, **changes})


async def fill(desk: Desk, count: int, workspace_id: WorkspaceId = DEMO.id) -> None:
    names = "" if workspace_id == DEMO.id else "other-"
    await desk.audit.append_all(
        [(workspace_id, record(number, id=f"{names}r{number}")) for number in range(1, count + 1)]
    )


async def entries(operator: OperatorClient, query: str = "") -> list[str]:
    response = await operator.http("GET", f"/app/audit{query}")
    assert response.code == 200, response.body
    return [entry["id"] for entry in json.loads(response.body)["entries"]]


@pytest.mark.parametrize("role", ["editor", "viewer"])
async def test_only_who_manages_reads_the_record(edge: Edge, desk: Desk, role: str) -> None:
    await fill(desk, 1)
    operator = await edge.operator(f"{role}@demo.test", connected=False)
    for path in ("/app/audit", "/app/audit.csv"):
        assert (await operator.http("GET", path)).code == 403
    assert (await operator.http("POST", "/app/audit/verify", {})).code == 403
    page = await operator.http("GET", "/app/conversations", Accept="text/html")
    assert b"/app/audit" not in page.body
    assert b"/app/settings" not in page.body


async def test_pages_follow_one_another(desk: Desk, admin: OperatorClient) -> None:
    await fill(desk, 120)
    await fill(desk, 3, OTHER.id)
    found: list[str] = []
    after = ""
    while True:
        answer = json.loads((await admin.http("GET", f"/app/audit?after={after}")).body)
        found += [entry["id"] for entry in answer["entries"]]
        if answer["next"] is None:
            break
        after = answer["next"]
    assert found == [f"r{number}" for number in range(120, 0, -1)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?action=conversation.released", ["r2"]),
        ("?user=u-admin", ["r3"]),
        ("?target=c1", ["r1"]),
        ("?target=c1&user=u-admin", []),
        ("?since=2026-11-23&until=2026-11-23", ["r5"]),
        ("?since=2026-11-22T10:02:00Z&until=2026-11-22T11:03:00%2B01:00", ["r2"]),
    ],
)
async def test_filters(desk: Desk, admin: OperatorClient, query: str, expected: list[str]) -> None:
    changed = [
        record(1),
        record(2, action="conversation.released"),
        record(3, user_id=UserId("u-admin")),
        record(5, at=NOW + timedelta(days=1)),
    ]
    await desk.audit.append_all([(DEMO.id, each) for each in changed])
    assert await entries(admin, query) == expected


@pytest.mark.parametrize("query", ["?since=yesterday", "?until=2026-13-01", "?after=forged"])
async def test_a_wrong_filter_is_refused(admin: OperatorClient, query: str) -> None:
    assert (await admin.http("GET", f"/app/audit{query}")).code == 422


async def test_an_entry_is_a_sentence(desk: Desk, admin: OperatorClient) -> None:
    await desk.database["conversations"].insert_one(
        {"_id": "c1", "workspace_id": "demo", "visitor_name": "Visitor 4F2K"}
    )
    await desk.database["conversations"].insert_one(
        {"_id": "c2", "workspace_id": "other", "visitor_name": "Visitor of others"}
    )
    await desk.audit.append_all([(DEMO.id, record(1)), (DEMO.id, record(2))])
    answer = json.loads((await admin.http("GET", "/app/audit")).body)
    assert [entry["what"] for entry in answer["entries"]] == [
        "Editor took over conversation c2",
        "Editor took over Visitor 4F2K",
    ]


async def test_the_page_shows_the_filters(desk: Desk, admin: OperatorClient) -> None:
    await fill(desk, 1)
    page = await admin.http("GET", "/app/audit?user=u-editor", Accept="text/html")
    assert page.code == 200
    assert b'<option value="u-editor" selected>Editor</option>' in page.body


async def test_the_file_has_every_entry_that_fits(desk: Desk, admin: OperatorClient) -> None:
    await fill(desk, 1203)
    response = await admin.http("GET", "/app/audit.csv?action=conversation.claimed")
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.body.decode(), newline="")))
    assert [row["id"] for row in rows] == [f"r{number}" for number in range(1203, 0, -1)]
    assert response.body.count(b"\r\n") == 1204


async def test_no_cell_of_the_file_is_a_formula_or_a_line_of_its_own(
    desk: Desk, admin: OperatorClient
) -> None:
    nasty = '=HYPERLINK("https://evil.test")'
    await desk.audit.append(
        DEMO.id,
        record(1, user_agent=f"{nasty}\r\nr2,forged", ip="@SUM(1)", target_id="-1+1", details={"a": nasty}),
    )
    body = (await admin.http("GET", "/app/audit.csv")).body
    assert body.count(b"\n") == 2
    row = next(csv.DictReader(io.StringIO(body.decode(), newline="")))
    assert row["user_agent"] == f"'{nasty} r2,forged"
    assert (row["ip"], row["target_id"]) == ("'@SUM(1)", "'-1+1")
    assert json.loads(row["details"]) == {"a": nasty}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "'=1", '"=1', "\n@a"])
def test_a_formula_is_made_plain(text: str) -> None:
    assert safe_cell(text).startswith("'")
    assert "\n" not in safe_cell(text)


@pytest.mark.parametrize("text", ["", "Ana", "a=b", "2026-11-22", "1.2.3.4", "Zoë took over"])
def test_plain_text_stays(text: str) -> None:
    assert safe_cell(text) == text


async def verify(operator: OperatorClient, head: str = "") -> Any:
    return json.loads((await operator.http("POST", "/app/audit/verify", {"head": head})).body)


async def test_a_whole_record_is_verified(desk: Desk, admin: OperatorClient) -> None:
    await fill(desk, 5)
    found = await verify(admin)
    assert (found["ok"], found["count"], len(found["head_hash"])) == (True, 5, 64)
    await desk.audit.append(DEMO.id, record(6))
    assert (await verify(admin, found["head_hash"]))["ok"]
    await desk.database["audit_logs"].delete_many({"chain_seq": {"$gte": 5}})
    cut = await verify(admin, found["head_hash"])
    assert not cut["ok"]
    assert "not in the chain" in cut["problem"]


async def test_a_changed_entry_is_named(desk: Desk, admin: OperatorClient) -> None:
    await fill(desk, 5)
    await desk.database["audit_logs"].update_one({"_id": "r3"}, {"$set": {"user_id": "u-admin"}})
    found = await verify(admin)
    assert (found["ok"], found["bad_id"], found["count"]) == (False, "r3", 2)


@pytest.mark.parametrize("head", ["x", "g" * 64, 7, "a" * 63])
async def test_what_is_no_hash_is_refused(admin: OperatorClient, head: object) -> None:
    response = await admin.http("POST", "/app/audit/verify", {"head": head})
    assert (response.code, list(json.loads(response.body)["error"]["fields"])) == (422, ["head"])
