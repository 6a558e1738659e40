from __future__ import annotations

from tests.support.browser_session import BrowserSession
from tests.support.edge import Edge


async def test_the_ways_in(edge: Edge) -> None:
    browser = BrowserSession(edge.url)
    for path in ("/", "/app", "/app/"):
        assert (await browser.get(path)).headers["Location"] == "/app/conversations"
    demo = await browser.get("/demo")
    assert demo.code == 200
    assert b"/widget.js" in demo.body
