"""The guard finds what it is there for; without this, a deaf guard would pass everything."""

from __future__ import annotations

import asyncio

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="session")

DEEDS = {
    "console.error": "console.error('a word')",
    "uncaught": "setTimeout(() => { throw new Error('thrown') })",
    "dialog": "alert('asked')",
    "CSP violation: img-src": "new Image().src = 'https://elsewhere.example/pixel.png'",
    "foreign socket": "try { new WebSocket('ws://127.0.0.1:9/') } catch {}",
    "foreign request": "open('http://127.0.0.1:9/')",
}


@pytest.mark.parametrize("found", DEEDS)
async def test_a_page_that_misbehaves_is_found_out(stage, found):
    page = await stage.page()
    # The site's policy stops strangers before they are asked; a page without one does not.
    await page.goto("about:blank" if found.startswith("foreign") else stage.site)
    await page.evaluate(DEEDS[found])
    async with asyncio.timeout(10):
        while not any(found in line for line in stage.guard.found):
            await asyncio.sleep(0.01)
    stage.guard.allow("")
