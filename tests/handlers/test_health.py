from __future__ import annotations

import json

from tests.support.browser_session import BrowserSession
from tests.support.edge import Edge


async def test_alive_and_ready(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    assert (await browser.get("/healthz")).code == 200
    assert (await browser.get("/readyz")).code == 200
    edge.health.found = ("The database does not answer.",)
    away = await browser.get("/readyz")
    assert (away.code, json.loads(away.body)["problems"]) == (503, ["The database does not answer."])
    assert (await browser.get("/healthz")).code == 200
    metrics = await browser.get("/metrics")
    assert metrics.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b"baton_connections 0" in metrics.body
