"""What is seen of a server that is slow or away."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Stage
from tests.browser.street import Street

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_slow_conversation_shows_its_outline_and_a_list_that_fails_the_way_on(
    stage: Stage, street: Street
) -> None:
    zoe, edith = await street.visitor("Hello"), await stage.operator("editor@demo.test")
    conversation = zoe.conversation_id
    asked: list[str] = []
    edith.page.on("request", lambda request: asked.append(request.url))
    await edith.open_list()
    await expect(edith.row(conversation)).to_be_visible()
    files = [PurePosixPath(url).name for url in asked if url.endswith((".js", ".css"))]
    assert sorted(files) == ["cleanup.css", "early_submit.js", "main.css", "main.js", "theme.js"]
    go_on = asyncio.Event()

    async def slowly(route: Route) -> None:
        await go_on.wait()
        await route.continue_()

    page = edith.page
    await page.route(f"**/app/conversations/{conversation}", slowly)
    await edith.row(conversation).click()
    outline = page.locator("#thread-loading .skeleton")
    # For the first 300 ms it takes its place and is not seen: a quick answer must not flash.
    delay = "box => getComputedStyle(box).animationDelay"
    assert await outline.evaluate(delay) == "0.3s"
    await expect(outline).to_be_visible()
    go_on.set()
    await edith.is_live()
    await expect(outline).to_be_hidden()

    stage.guard.allow("Failed to load resource")
    await page.route("**/app/conversations?*", lambda route: route.abort())
    await page.get_by_role("radio", name="Bot").check(force=True)
    wrong = page.locator("#list-wrong")
    await expect(wrong).to_contain_text("Couldn't reach the server.")
    await page.unroute("**/app/conversations?*")
    await wrong.get_by_role("button", name="Try again").click()
    await expect(wrong).to_be_hidden()
    await expect(edith.row(conversation)).to_be_visible()
