"""The seed's story without a mouse: at every step the focus shows, and is where one would look for it."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Stage
from tests.browser.focus import assert_seen
from tests.browser.people import Operator

pytestmark = pytest.mark.asyncio(loop_scope="session")

EDITOR = "editor@demo.test"


async def tab_to(page: Page, wanted: Locator, most: int = 40) -> None:
    """Press Tab until this has the focus; it shows on the way there too."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        await assert_seen(page)
        if await wanted.evaluate("element => element === element.getRootNode().activeElement"):
            return
    pytest.fail(f"Tab does not lead to {wanted}")


async def sign_in(stage: Stage) -> Operator:
    page = await stage.page(reduced_motion="reduce")
    await page.goto(f"{stage.baton.url}/login")
    await expect(page.get_by_label("E-mail address")).to_be_focused()
    await assert_seen(page)
    await page.keyboard.type(EDITOR)
    await tab_to(page, page.get_by_label("Password"))
    await page.keyboard.type("baton-demo")
    await page.keyboard.press("Enter")
    await expect(page.locator("#rows")).to_be_attached()
    return Operator(page, stage.baton.url, EDITOR)


async def test_the_whole_story_without_a_mouse(stage: Stage) -> None:
    zoe = await stage.visitor()
    await zoe.page.goto(f"{stage.baton.url}/demo")
    await expect(zoe.launcher).to_be_visible()
    await tab_to(zoe.page, zoe.launcher)
    await zoe.page.keyboard.press("Enter")
    await expect(zoe.composer).to_be_focused()
    await assert_seen(zoe.page)
    before = await zoe.answers.count()
    await zoe.page.keyboard.type("How does an operator take over a conversation?")
    await zoe.page.keyboard.press("Enter")
    await expect(zoe.answers).to_have_count(before + 1)
    await expect(zoe.streaming).to_have_count(0)
    await tab_to(zoe.page, zoe.talk_to_a_person)
    await zoe.page.keyboard.press("Enter")
    await expect(zoe.panel.locator(".line-waiting")).to_be_visible()

    edith = await sign_in(stage)
    keys = edith.page.keyboard
    row = edith.row(await zoe.conversation_id())
    await expect(row).to_be_visible()
    await keys.press("j")
    await expect(row.locator("a")).to_be_focused()
    await assert_seen(edith.page)
    await keys.press("Enter")
    await edith.is_live()
    await keys.press("t")
    await expect(edith.reply_field).to_be_focused()
    await assert_seen(edith.page)
    await zoe.sees_human(edith.name)
    await keys.type("Hello, this is Edith.")
    await keys.press("Control+Enter")
    await expect(zoe.replies).to_have_text(["Hello, this is Edith."])
    await keys.press("Escape")
    await keys.press("h")
    await expect(edith.page.locator("#note")).to_be_focused()
    await assert_seen(edith.page)
    await keys.type("Settled")
    await keys.press("Control+Enter")
    await zoe.sees_the_bot()
    await expect(edith.take_over_button).to_be_focused()
    await assert_seen(edith.page)
