"""The overview: what happened is there, and readable at every width."""

from __future__ import annotations

import re
from itertools import product

import pytest
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_conversation_shows_up_in_the_overview(stage, street):
    await street.visitor("How do I hand back to the bot?")
    victor = await stage.operator("viewer@demo.test")
    page = victor.page
    await page.goto(f"{stage.baton.url}/app/account")
    await page.get_by_role("link", name="Overview").click()
    await expect(page.get_by_role("heading", name="Overview", exact=True)).to_be_visible()

    engaged = page.locator(".tile", has_text="Engaged").locator(".tile-value")

    async def counted() -> None:
        await page.reload()
        await expect(engaged).to_have_text(re.compile(r"^[1-9]\d*%$"), timeout=700)

    await until(counted)
    charts = page.get_by_role("img")
    await expect(charts).to_have_count(6)
    handled = page.get_by_role("img", name="Who handled them by day")
    bar = handled.locator(".slot", has=page.locator("rect.hue-bot")).last.locator("rect.hue-bot")
    box = await bar.bounding_box()
    assert box is not None
    assert box["height"] > 40
    assert box["width"] > 3
    assert await page.get_by_role("table", name="Who handled them by day").count() == 1


async def test_it_fits_every_width(stage):
    page = (await stage.operator("viewer@demo.test")).page
    for days, width in product((7, 90), (320, 768, 1440)):
        await page.set_viewport_size({"width": width, "height": 800})
        if width == 320:
            await page.goto(f"{stage.baton.url}/app/overview?days={days}")
        await expect(page.get_by_role("link", name=f"{days} days")).to_have_attribute("aria-current", "true")
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            inside = "pane => pane.scrollWidth <= pane.clientWidth"
            assert await page.locator(".overview").evaluate(inside), (width, days, scheme)
            boxes = await page.locator(".plot text").evaluate_all(
                "all => all.map((each) => each.getBoundingClientRect()).map(({ x, right }) => [x, right])"
            )
            assert boxes
            assert all(left >= 0 and right <= width for left, right in boxes), (width, days, scheme)


async def until(check, tries: int = 10) -> None:
    """Try again until it holds: events are written behind what people wait for."""
    for left in range(tries, 0, -1):
        try:
            await check()
        except AssertionError:
            if left == 1:
                raise
        else:
            return
