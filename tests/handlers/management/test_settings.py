from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from server.demo import DEMO
from tests.support.edge import Edge, running_edge
from tests.support.engine import mock_database
from tests.support.management import Desk, management_over
from tests.support.wire_clients import OperatorClient

RULE = {"name": "Pricing", "url": "*/pricing*", "seconds": 20}
WIDGET: dict[str, Any] = {
    "allowed_origins": ["https://Shop.example:443/", "http://localhost:3000"],
    "lead_form": {
        "asked": ["email", "name"],
        "required": ["email", "phone"],
        "consent": "We answer you.",
        "region": "de",
    },
    "rules": [RULE],
}


@pytest.fixture
async def desk() -> Desk:
    return await management_over(await mock_database())


@pytest.fixture
async def edge(desk: Desk) -> AsyncIterator[Edge]:
    async with running_edge(management=desk.management) as running:
        yield running


async def post(operator: OperatorClient, path: str, body: object) -> tuple[int, Any]:
    response = await operator.http("POST", path, body)
    return response.code, json.loads(response.body)


PATHS = ("system", "agent", "knowledge", "widget")


@pytest.mark.parametrize("role", ["editor", "viewer"])
async def test_who_may_not_manage_reads_and_changes_nothing(edge: Edge, desk: Desk, role: str) -> None:
    operator = await edge.operator(f"{role}@demo.test", connected=False)
    for path in PATHS:
        assert (await operator.http("GET", f"/app/settings/{path}")).code == 403
        assert (await operator.http("POST", f"/app/settings/{path}", {})).code == 403
    assert await desk.records() == 0


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_for_admins(edge: Edge, path: str) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    page = await operator.http("GET", f"/app/settings/{path}", Accept="text/html")
    assert page.code == 200
    assert f'href="/app/settings/{path}" aria-current="page"'.encode() in page.body
    assert b'id="page-data"' in page.body


async def test_the_title_is_changed_and_recorded(edge: Edge, desk: Desk) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    status, saved = await post(operator, "/app/settings/system", {"site_title": "  Ärger & Söhne "})
    assert (status, saved["settings"]["site_title"]) == (200, "Ärger & Söhne")
    record = await desk.last_record()
    assert (record.action, record.user_id, record.target_type) == ("settings.changed", "u-admin", "workspace")
    assert record.details == {
        "section": "system",
        "site_title_before": "Baton demo",
        "site_title_after": "Ärger & Söhne",
    }
    assert [workspace.key for workspace in desk.settings_told] == ["demo"]


async def test_the_same_again_is_no_change(edge: Edge, desk: Desk) -> None:
    operator = await edge.operator("owner@demo.test", connected=False)
    status, _ = await post(operator, "/app/settings/system", {"site_title": "Baton demo"})
    assert status == 200
    assert await desk.records() == 0


@pytest.mark.parametrize("title", ["", "   ", "x" * 81, "two\nlines", "\u202eevil", 7, None])
async def test_a_wrong_title_changes_nothing(edge: Edge, desk: Desk, title: object) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    status, body = await post(operator, "/app/settings/system", {"site_title": title})
    assert (status, list(body["error"]["fields"])) == (422, ["site_title"])
    assert (await desk.management.settings.read(DEMO.id)).site_title == "Baton demo"
    assert await desk.records() == 0


async def test_the_agent_is_changed_in_its_own_workspace_alone(edge: Edge, desk: Desk) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    agent = {"name": "Nora", "greeting": "Hi\r\nthere", "avatar_url": "https://shop.example/nora.png"}
    status, saved = await post(operator, "/app/settings/agent", agent)
    assert (status, saved["settings"]["agent"]) == (200, {**agent, "greeting": "Hi\nthere"})
    record = await desk.last_record()
    assert (record.details["name_before"], record.details["name_after"]) == ("Bea", "Nora")
    other = await desk.database["workspaces"].find_one({"_id": "other"})
    assert other is not None
    assert other["agent"]["name"] == "Otto"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("avatar_url", "http://shop.example/nora.png"),
        ("avatar_url", "javascript:alert(1)"),
        ("avatar_url", "https://user:pass@shop.example/"),
        ("avatar_url", "https://shop.example/a b"),
        ("avatar_url", "https://"),
        ("avatar_url", "https://shop.example/" + "x" * 500),
        ("greeting", "x" * 1001),
        ("greeting", "a\x00b"),
        ("name", ""),
    ],
)
async def test_a_wrong_agent_changes_nothing(edge: Edge, desk: Desk, field: str, value: str) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    status, body = await post(
        operator, "/app/settings/agent", {"name": "Nora", "greeting": "", "avatar_url": "", field: value}
    )
    assert (status, list(body["error"]["fields"])) == (422, [field])
    assert await desk.records() == 0


async def test_the_widget_is_changed(edge: Edge, desk: Desk) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    status, body = await post(operator, "/app/settings/widget", WIDGET)
    assert status == 200
    saved = body["settings"]
    assert saved["allowed_origins"] == ["https://shop.example", "http://localhost:3000"]
    assert saved["lead_form"] == {
        "asked": ["name", "email"],
        "required": ["email"],
        "consent": "We answer you.",
        "region": "DE",
    }
    assert saved["rules"][0]["seconds"] == 20
    record = await desk.last_record()
    assert json.loads(record.details["allowed_origins_after"]) == saved["allowed_origins"]
    read = await operator.http("GET", "/app/settings/widget")
    assert json.loads(read.body)["settings"] == saved


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"allowed_origins": ["https://shop.example/path"]}, "allowed_origins"),
        ({"allowed_origins": ["shop.example"]}, "allowed_origins"),
        ({"allowed_origins": ["ftp://shop.example"]}, "allowed_origins"),
        ({"allowed_origins": ["https://*.shop.example"]}, "allowed_origins"),
        ({"allowed_origins": ["https://shop.example:99999"]}, "allowed_origins"),
        ({"allowed_origins": [["https://shop.example"]]}, "allowed_origins"),
        ({"allowed_origins": [f"https://s{n}.example" for n in range(51)]}, "allowed_origins"),
        ({"lead_form": {"asked": ["name"]}}, "lead_form.asked"),
        ({"lead_form": {"asked": ["email"], "consent": "x" * 501}}, "lead_form.consent"),
        ({"lead_form": {"asked": ["email"], "region": "XX"}}, "lead_form.region"),
        ({"rules": [RULE, {"name": "Never"}]}, "rules.1.when"),
        ({"rules": [{**RULE, "name": ""}]}, "rules.0.name"),
        ({"rules": [{**RULE, "scroll": 101}]}, "rules.0.scroll"),
        ({"rules": [{**RULE, "seconds": -1}]}, "rules.0.seconds"),
        ({"rules": [{**RULE, "messages": "3"}]}, "rules.0.messages"),
        ({"rules": [{**RULE, "messages": [3]}]}, "rules.0.messages"),
        ({"rules": [RULE] * 21}, "rules"),
        ({"rules": ["x"]}, "rules.0.name"),
    ],
    ids=str,
)
async def test_a_wrong_widget_changes_nothing(edge: Edge, desk: Desk, change: Any, field: str) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    status, body = await post(operator, "/app/settings/widget", {**WIDGET, **change})
    assert (status, list(body["error"]["fields"])) == (422, [field])
    assert await desk.records() == 0


APPEARANCE = {
    "accent": "#0a7d5c",
    "theme": "dark",
    "position": "left",
    "face": "initial",
    "questions": ["Who wins?"],
}


@pytest.mark.parametrize(
    ("change", "language", "field"),
    [
        ({"accent": "chartreuse-ish"}, "de", "appearance.accent"),
        ({"accent": "red;background:url(//x)"}, "de", "appearance.accent"),
        ({"theme": "sepia"}, "de", "appearance.theme"),
        ({"theme": ["dark"]}, "de", "appearance.theme"),
        ({"position": "top"}, "de", "appearance.position"),
        ({"face": {"$gt": ""}}, "de", "appearance.face"),
        ({"questions": ["a", "b", "c", "d"]}, "de", "appearance.questions"),
        ({"questions": ["x" * 121]}, "de", "appearance.questions"),
        ({}, "tlh", "language"),
    ],
    ids=str,
)
async def test_a_wrong_appearance_changes_nothing(
    edge: Edge, desk: Desk, change: Any, language: str, field: str
) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    body = {"appearance": {**APPEARANCE, **change}, "language": language}
    status, answer = await post(operator, "/app/settings/appearance", body)
    assert (status, list(answer["error"]["fields"])) == (422, [field])
    assert await desk.records() == 0


async def test_the_agent_is_tried_out_without_a_conversation(edge: Edge, desk: Desk) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    turns = [
        {"by": "visitor", "text": "Hi"},
        {"by": "agent", "text": "Hello"},
        {"by": "visitor", "text": "Do you ship?"},
    ]
    status, answer = await post(operator, "/app/settings/agent/try", {"turns": turns})
    assert (status, answer["text"], answer["known"]) == (200, "You asked: Do you ship?", True)
    assert answer["sources"][0]["title"] == "Shipping"
    request = desk.bot.asked[0]
    assert request.key.workspace_id == "demo"
    assert [entry.role for entry in request.history] == ["user", "assistant", "user"]
    assert edge.journal.logs == {}
    assert await desk.database["conversations"].count_documents({}) == 0


async def test_an_agent_that_fails_says_so(edge: Edge, desk: Desk) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    desk.bot.fails = True
    question = {"turns": [{"by": "visitor", "text": "Hi"}]}
    status, body = await post(operator, "/app/settings/agent/try", question)
    assert (status, body["error"]["code"]) == (502, "failed")
    for _ in range(2):
        await post(operator, "/app/settings/agent/try", question)
    assert (await post(operator, "/app/settings/agent/try", question))[0] == 429


@pytest.mark.parametrize(
    "turns",
    [[], [{"by": "agent", "text": "Hi"}], [{"by": "visitor", "text": " "}], [{"by": "me", "text": "Hi"}]],
)
async def test_a_wrong_question_is_refused(edge: Edge, desk: Desk, turns: object) -> None:
    operator = await edge.operator("admin@demo.test", connected=False)
    assert (await post(operator, "/app/settings/agent/try", {"turns": turns}))[0] == 422
    assert desk.bot.asked == []
