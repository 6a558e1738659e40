from __future__ import annotations

import json

from tests.support.edge import Edge
from tests.support.wire_clients import OperatorClient


async def test_the_manifest_names_icons_that_are_there(edge: Edge) -> None:
    stranger = OperatorClient(edge.url, "nobody@demo.test")
    answer = await stranger.http("GET", "/app/manifest.webmanifest")
    assert answer.code == 200
    assert answer.headers["Content-Type"].startswith("application/manifest+json")
    manifest = json.loads(answer.body)
    assert manifest["start_url"].startswith(manifest["scope"])
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        found = await stranger.http("GET", icon["src"])
        assert found.code == 200
        assert found.headers["Content-Type"].startswith(icon["type"])
