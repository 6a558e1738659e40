from __future__ import annotations

import json
from collections import Counter

import pytest

from actors.overview import Tally
from tests.support.edge import Edge

WEEK = "/app/overview?days=7"


def busy(edge: Edge, workspace: str = "demo") -> None:
    tally = Tally(started=8, engaged=4, person=1, claimed=1, waiting=1, leads=2, waits=Counter({42: 1}))
    edge.analytics.tallies[workspace, edge.analytics.LAST] = tally


@pytest.mark.parametrize("role", ["owner", "admin", "editor", "viewer"])
async def test_every_member_may_look(edge: Edge, role: str) -> None:
    operator = await edge.operator(f"{role}@demo.test", connected=False)
    assert (await operator.http("GET", WEEK)).code == 200
    page = await operator.http("GET", WEEK, Accept="text/html")
    assert page.code == 200
    assert "style-src 'self';" in page.headers["Content-Security-Policy"]


async def test_who_is_not_a_member_may_not(edge: Edge) -> None:
    pending = await edge.operator("pending@demo.test", connected=False)
    assert (await pending.http("GET", WEEK)).code == 403


async def test_the_numbers_are_there_as_json(edge: Edge) -> None:
    busy(edge)
    operator = await edge.operator("viewer@demo.test", connected=False)
    found = json.loads((await operator.http("GET", WEEK)).body)
    assert found["period_days"] == 7
    assert [day["date"] for day in found["days"]][::6] == ["2026-11-16", "2026-11-22"]
    totals = found["totals"]
    assert (totals["conversations"], totals["leads"], totals["takeovers"]) == (8, 2, 1)
    assert (totals["engaged_share"], totals["bot_alone_share"]) == (0.5, 0.75)
    assert totals["median_wait_s"] == 42
    assert found["change"]["conversations"] is None
    assert len(json.loads((await operator.http("GET", "/app/overview")).body)["days"]) == 30


async def test_another_workspace_has_its_own_numbers(edge: Edge) -> None:
    busy(edge)
    foreign = await edge.operator("owner@other.test", connected=False)
    assert json.loads((await foreign.http("GET", WEEK)).body)["totals"]["conversations"] == 0
    page = await foreign.http("GET", WEEK, Accept="text/html")
    assert b"Nothing to count yet" in page.body


async def test_charts_have_words_for_who_does_not_see_them(edge: Edge) -> None:
    busy(edge)
    operator = await edge.operator("viewer@demo.test", connected=False)
    html = (await operator.http("GET", WEEK, Accept="text/html")).body.decode()
    assert html.count('role="img"') == html.count("<table>") == 6
    assert "Who handled them by day, 16 Nov to 22 Nov: Bot alone 3, A person 1." in html
    assert "<title>Sun 22 Nov: Bot alone 3, A person 1</title>" in html
    assert "style=" not in html


@pytest.mark.parametrize("days", ["8", "0", "-7", "seven", "90000"])
async def test_other_periods_are_refused(edge: Edge, days: str) -> None:
    operator = await edge.operator("viewer@demo.test", connected=False)
    assert (await operator.http("GET", f"/app/overview?days={days}")).code == 422


async def test_without_the_database_it_says_so(edge: Edge) -> None:
    operator = await edge.operator("viewer@demo.test", connected=False)
    edge.analytics.available = False
    assert (await operator.http("GET", WEEK)).code == 503
