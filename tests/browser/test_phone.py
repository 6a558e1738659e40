"""Narrow screens and no mouse."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

EDITOR = "editor@demo.test"
PHONE = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}


async def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


async def test_the_widget_fills_a_phone_and_can_be_written_in(stage):
    zoe = await stage.visitor(**PHONE)
    await zoe.page.goto(stage.site)
    await zoe.launcher.tap()
    await expect(zoe.panel).to_be_visible()
    await expect(zoe.panel).to_have_js_property("clientWidth", 320)
    await expect(zoe.panel).to_have_js_property("clientHeight", 568)
    await expect(zoe.launcher).to_be_hidden()
    await expect(zoe.panel.get_by_role("button", name="Close chat")).to_be_in_viewport(ratio=1)
    await expect(zoe.composer).to_be_in_viewport(ratio=1)
    await expect(zoe.composer).not_to_be_focused()
    size = await zoe.composer.evaluate("field => parseFloat(getComputedStyle(field).fontSize)")
    assert size >= 16, "a phone zooms into smaller fields"
    await zoe.composer.tap()
    await zoe.ask("W" * 120)
    answer = await zoe.ask("How do I hand back to the bot?")
    await answer.locator(".chip").first.tap()
    await expect(zoe.composer).to_be_in_viewport(ratio=1)
    assert await overflow(zoe.page) == 0
    log = zoe.panel.get_by_role("log")
    assert await log.evaluate("log => log.scrollWidth <= log.clientWidth")
    await zoe.panel.get_by_role("button", name="Close chat").tap()
    await expect(zoe.panel).to_be_hidden()
    await expect(zoe.launcher).to_be_visible()


async def test_the_console_shows_one_pane_at_a_time_on_a_phone(stage):
    zoe, edith = await stage.visitor(), await stage.operator(EDITOR, **PHONE)
    await zoe.arrive(stage.site)
    await zoe.ask("Hello from " + "W" * 60)
    conversation = await zoe.conversation_id()
    await edith.open_list()
    lists, thread = edith.page.locator(".list-pane"), edith.page.locator(".thread-pane")
    await expect(edith.row(conversation)).to_be_visible()
    await expect(thread).to_be_hidden()
    assert await overflow(edith.page) == 0
    await edith.row(conversation).tap()
    await edith.is_live()
    await expect(lists).to_be_hidden()
    await expect(edith.take_over_button).to_be_in_viewport(ratio=1)
    assert await overflow(edith.page) == 0
    await edith.take_over_button.tap()
    await expect(edith.reply_field).to_be_in_viewport(ratio=1)
    await expect(edith.page.locator("#send")).to_be_in_viewport(ratio=1)
    await expect(edith.page.locator("#release-open")).to_be_in_viewport(ratio=1)
    assert await overflow(edith.page) == 0
    await edith.reply("A reply " + "W" * 60)
    await expect(zoe.replies).to_have_count(1)
    await edith.page.get_by_role("button", name="Details").tap()
    await expect(edith.page.locator("#details")).to_be_in_viewport()
    assert await overflow(edith.page) == 0
    await edith.page.get_by_role("button", name="Close details").tap()
    await edith.page.get_by_label("Back to the list").tap()
    await expect(lists).to_be_visible()
    await expect(thread).to_be_hidden()
    await expect(edith.row(conversation).locator(".badge")).to_have_text(edith.name)


async def test_an_operator_needs_no_mouse(stage):
    zoe, edith = await stage.visitor(), await stage.operator(EDITOR)
    await zoe.arrive(stage.site)
    await zoe.ask("Is anybody there?")
    await edith.open_list()
    row = edith.row(await zoe.conversation_id())
    await expect(row).to_be_visible()
    keys = edith.page.keyboard
    await keys.press("j")
    await expect(row.locator("a")).to_be_focused()
    await keys.press("Enter")
    await edith.is_live()
    await keys.press("t")
    await expect(edith.reply_field).to_be_focused()
    await zoe.sees_human(edith.name)
    await keys.type("This was typed")
    await keys.press("Control+Enter")
    await expect(zoe.replies).to_have_text(["This was typed"])
    await keys.type("not t nor h")
    await expect(edith.reply_field).to_have_value("not t nor h")
    await edith.reply_field.clear()
    await keys.press("Escape")
    await expect(edith.reply_field).not_to_be_focused()
    await keys.press("h")
    await expect(edith.page.locator("#note")).to_be_focused()
    await keys.type("Settled")
    await keys.press("Control+Enter")
    await zoe.sees_the_bot()
    await expect(edith.take_over_button).to_be_focused()
    await expect(edith.events.last).to_contain_text("Settled")
    await keys.press("/")
    await expect(edith.reply_field).to_be_focused()
    await keys.type("Replying takes over")
    await keys.press("Control+Enter")
    await zoe.sees_human(edith.name)
    await expect(zoe.replies).to_have_text(["This was typed", "Replying takes over"])


async def test_a_visitor_needs_no_mouse(stage):
    zoe = await stage.visitor()
    await zoe.page.goto(stage.site)
    await expect(zoe.launcher).to_be_visible()
    await zoe.page.keyboard.press("Tab")
    await expect(zoe.launcher).to_be_focused()
    await zoe.page.keyboard.press("Enter")
    await expect(zoe.composer).to_be_focused()
    await zoe.page.keyboard.type("Hello")
    await zoe.page.keyboard.press("Enter")
    await expect(zoe.own).to_have_text(["Hello"])
    await zoe.page.keyboard.press("Escape")
    await expect(zoe.panel).to_be_hidden()
    await expect(zoe.launcher).to_be_focused()
