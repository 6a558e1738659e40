"""Moments that pass: what is still loading, what was not sent, a race that was lost, a line that is down."""

from __future__ import annotations

from playwright.async_api import Page, Route, expect

from ops.screenshot_studio import Studio
from tests.support.wire_clients import OperatorClient, VisitorClient

EDITOR = "editor@demo.test"
ANA = "ana@demo.test"
A_SKELETON_SHOWS_MS = 400


async def shoot_moments(studio: Studio) -> None:
    """Each of them, held."""
    edith = await studio.operator(EDITOR)
    page = edith.page
    visitor = VisitorClient(studio.baton.url)
    await visitor.hello()
    await visitor.bot_answer((await visitor.post("Do you ship to Norway?", "c0"))["seq"])
    await edith.open(visitor.conversation_id)
    await _lost(studio, page, visitor.conversation_id)
    await edith.take_over()
    await page.route("**/reply", lambda route: route.abort())
    await edith.reply_field.fill("We do, within three days.")
    await edith.reply_field.press("Control+Enter")
    await expect(page.locator("#transcript .failed")).to_be_visible()
    await studio.shoot(page, "moment-not-sent")
    await page.unroute("**/reply")
    await visitor.close()
    await _loading(studio, page)
    await page.context.close()


async def _lost(studio: Studio, page: Page, conversation_id: str) -> None:
    ana = OperatorClient(studio.baton.url, ANA)
    await ana.sign_in()

    async def later(route: Route) -> None:
        await ana.act(conversation_id, "claim")
        await route.continue_()

    await page.route("**/claim", later, times=1)
    await page.locator("#claim").click()
    await expect(page.locator("#dock-notice")).to_be_visible()
    await studio.shoot(page, "moment-lost-race")
    await ana.act(conversation_id, "release", {})
    await expect(page.locator("#claim")).to_be_visible()


async def _loading(studio: Studio, page: Page) -> None:
    await page.goto(f"{studio.baton.url}/app/conversations")
    await page.route("**/app/conversations/*", lambda _: None)  # it is never answered
    await page.locator(".row a").nth(1).click()
    await page.wait_for_timeout(A_SKELETON_SHOWS_MS)
    await studio.shoot(page, "moment-loading", animations="allow")


async def shoot_reconnecting(studio: Studio, page: Page) -> None:
    """The server is gone under an opened page."""
    await expect(page.locator(".connection")).to_be_visible()
    await studio.shoot(page, "moment-reconnecting")
