from __future__ import annotations

import gzip

import pytest

from tests.support.browser_session import BrowserSession
from tests.support.edge import Edge


async def test_a_file_under_its_hash_never_changes(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    path = edge.services.assets.url("console/main.css")
    plain = await browser.get(path)
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Content-Type"] == "text/css; charset=utf-8"
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    old = await browser.get("/assets/0123456789ab/console/main.css")
    assert (old.code, old.headers["Cache-Control"]) == (200, "public, max-age=60")
    assert old.body == plain.body
    head = await browser.request("HEAD", path)
    assert (head.code, head.body) == (200, b"")


async def test_files_are_packed_for_who_can_unpack(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    path = edge.services.assets.url("console/main.js")
    asset = edge.services.assets.find("console/main.js")
    assert asset is not None
    packed = await browser.get(path, **{"Accept-Encoding": "br, gzip;q=0.8"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == asset.body
    for accepted in ("identity", "gzip;q=0", "br", ""):
        response = await browser.get(path, **{"Accept-Encoding": accepted})
        assert "Content-Encoding" not in response.headers
        assert response.body == asset.body
        assert response.headers["Vary"] == "Accept-Encoding"


OUTSIDE = [
    "../templates/base.html",
    "..%2f..%2fpyproject.toml",
    "%2e%2e/%2e%2e/server/app.py",
    "shared/../../templates/base.html",
    "/etc/passwd",
    "shared",
    "shared/",
    "nothing.js",
    "widget/types.d.ts",
    "console/main.css%00.js",
    "shared/tokens.css",
    "widget/panel.css",
    "widget/locales/en.json",
    "con\\..\\x",
]


@pytest.mark.parametrize("path", OUTSIDE)
async def test_nothing_else_can_be_had(edge: Edge, path: str) -> None:
    response = await BrowserSession(edge.url).get(f"/assets/{edge.services.assets.hash}/{path}")
    assert response.code == 404
