"""Narrow screens and no mouse."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

EDITOR = "editor@demo.test"
# What a finger meets, and is less high than it.
SMALL = """() => {
    const touched = ["input:not([type=checkbox], [type=radio], [hidden])", "textarea", "select", "summary"];
    touched.push(".button", ".chip", ".pill", ".check", ".switch", ".segments label", ".asked-row label");
    return [...document.querySelectorAll(touched.map((each) => `main ${each}`).join())]
        .map((each) => ({ each, ...each.getBoundingClientRect().toJSON() }))
        .filter(({ each, width }) => each.checkVisibility({ visibilityProperty: true }) && width > 1)
        .filter(({ height }) => height < 44)
        .map(({ each, height }) => `${height}: ${each.outerHTML.slice(0, 120)}`);
}"""
# What is known of a file of knowledge, where it takes more than its line.
BROKEN = """() => [...document.querySelectorAll("#sources .member-who > .small")]
    .filter((line) => line.offsetHeight > 1.5 * parseFloat(getComputedStyle(line).lineHeight))
    .map((line) => line.textContent)"""
PHONE = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}


async def overflow(page: Page) -> int:
    """By how many pixels the page, or what scrolls in it, is wider than the screen."""
    return await page.evaluate(
        """Math.max(...[document.documentElement, ...document.querySelectorAll(".scroll")]
            .map((box) => box.scrollWidth - box.clientWidth))"""
    )


# What a phone's keyboard leaves to be seen: Chromium has one here, and no keyboard that would change it.
SEEN = """
  const seen = Object.assign(new EventTarget(), { height: 568, offsetTop: 0 });
  Object.defineProperty(window, "visualViewport", { value: seen });
  window.leaves = (height, offsetTop) => {
    Object.assign(seen, { height, offsetTop });
    seen.dispatchEvent(new Event("resize"));
  };
"""
AT_END = """() => {
  const { shadowRoot } = document.querySelector("baton-widget").shadowRoot.querySelector("baton-panel");
  const log = shadowRoot.querySelector(".log"), { scrollHeight, scrollTop, clientHeight } = log;
  // A form that is higher than what there is to see, with the space below it, shows its beginning.
  const form = log.querySelector(".list > .lead:last-child");
  const from = (each) => each.getBoundingClientRect().top;
  if (form && Math.abs(from(form) - from(log)) < 2) return true;
  return scrollHeight - scrollTop - clientHeight < 2;
}"""


async def test_the_widget_fills_a_phone_and_can_be_written_in(stage):
    zoe = await stage.visitor(**PHONE)
    await zoe.page.add_init_script(SEEN)
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
    await zoe.page.evaluate("leaves(280, 48)")  # the keyboard opens, and the browser moves the page up
    await expect(zoe.panel).to_have_js_property("clientHeight", 280)
    seen = await zoe.panel.bounding_box()
    field = await zoe.composer.bounding_box()
    close = await zoe.panel.get_by_role("button", name="Close chat").bounding_box()
    assert (seen["y"], close["y"] >= 48, field["y"] + field["height"] <= 48 + 280) == (48, True, True)
    await expect(await zoe.ask("W" * 120)).to_be_in_viewport()
    await zoe.page.wait_for_function(AT_END)
    await zoe.page.evaluate("leaves(568, 0)")
    await expect(zoe.panel).to_have_js_property("clientHeight", 568)
    # The composer grows with the lines and shrinks when they are sent: that is no reader who scrolls up.
    await zoe.say("A line\n" * 6 + "the last")
    await expect(zoe.own).to_have_count(2)
    await expect(zoe.answers).to_have_count(3)  # the greeting is one
    await expect(zoe.streaming).to_have_count(0)
    await zoe.page.wait_for_function(AT_END)
    await expect(zoe.panel.get_by_role("button", name="New messages")).to_be_hidden()
    answer = await zoe.ask("How do I hand back to the bot?")
    await answer.locator(".chip").first.tap()
    await expect(zoe.composer).to_be_in_viewport(ratio=1)
    assert await overflow(zoe.page) == 0
    log = zoe.panel.get_by_role("log")
    assert await log.evaluate("log => log.scrollWidth <= log.clientWidth")
    # A form that is written in stays in view above the keyboard.
    await zoe.page.evaluate("$baton.showLeadForm()")
    field = zoe.panel.get_by_label("What is it about?")
    await field.tap()
    await zoe.page.evaluate("leaves(280, 0)")
    await expect(zoe.panel).to_have_js_property("clientHeight", 280)
    await expect(field).to_be_in_viewport(ratio=1)
    await zoe.page.evaluate("leaves(568, 0)")
    await zoe.panel.get_by_role("button", name="Close chat").tap()
    await expect(zoe.panel).to_be_hidden()
    await expect(zoe.launcher).to_be_visible()


async def test_the_console_shows_one_pane_at_a_time_on_a_phone(stage, street):
    zoe, edith = await street.visitor("Hello from " + "W" * 60), await stage.operator(EDITOR, **PHONE)
    conversation = zoe.conversation_id
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
    await edith.page.locator("#reply-open").tap()
    cancel, send = (
        await edith.page.locator("#reply-cancel").bounding_box(),
        await edith.page.locator("#send").bounding_box(),
    )
    assert cancel["y"] == send["y"], "the way out is beside the way on"
    await edith.page.locator("#reply-cancel").tap()
    await edith.take_over_button.tap()
    await expect(edith.reply_field).to_be_in_viewport(ratio=1)
    await expect(edith.page.locator("#send")).to_be_in_viewport(ratio=1)
    await expect(edith.page.locator("#release-open")).to_be_in_viewport(ratio=1)
    assert await overflow(edith.page) == 0
    await edith.reply("A reply " + "W" * 60)
    await edith.page.get_by_role("button", name="Details").tap()
    await expect(edith.page.locator("#details")).to_be_in_viewport()
    assert await overflow(edith.page) == 0
    await edith.page.get_by_role("button", name="Close details").tap()
    await edith.page.get_by_label("Back to the list").tap()
    await expect(lists).to_be_visible()
    await expect(thread).to_be_hidden()
    await expect(edith.row(conversation).locator(".badge")).to_have_text(edith.name)
    await edith.page.set_viewport_size(
        {"width": 768, "height": 1024}
    )  # a tablet: both panes, for the same finger
    await expect(thread).to_be_visible()
    head = lists.locator(".pane-head")
    assert await head.evaluate("head => head.scrollWidth <= head.clientWidth")


PAGES = (
    *("conversations", "inbox", "overview", "audit", "account", "account/keyboard"),
    *(f"settings/{name}" for name in ("system", "agent", "knowledge", "widget", "widget/api")),
    *(f"settings/{name}" for name in ("appearance", "webhooks", "team")),
)


@pytest.mark.slow
async def test_every_page_of_the_console_fits_a_phone_and_a_thumb(stage):
    olivia = await stage.operator("owner@demo.test", **PHONE)
    page = olivia.page
    for path in PAGES:
        await page.goto(f"{stage.baton.url}/app/{path}")
        bar = page.get_by_role("navigation", name="Console")
        await expect(bar.get_by_text("More")).to_be_in_viewport(ratio=1)
        assert await overflow(page) == 0, path
        assert await page.evaluate(SMALL) == [], path
        assert await page.evaluate(BROKEN) == [], path
        for target in await bar.locator(".rail-link").all():
            box = await target.bounding_box()
            assert box is None or (box["width"] >= 44 and box["height"] >= 44), (path, box)
    await bar.get_by_text("More").tap()
    await page.get_by_role("link", name="Settings").tap()
    await expect(page).to_have_url(f"{stage.baton.url}/app/settings/system")
    await bar.get_by_role("button", name="Search").tap()
    await page.get_by_role("combobox").fill("over")
    await page.get_by_role("option", name="Overview").tap()
    await expect(page).to_have_url(f"{stage.baton.url}/app/overview")


async def test_a_thumb_takes_over_answers_hands_back_and_deletes(stage):
    zoe, olivia = await stage.visitor(), await stage.operator("owner@demo.test", **PHONE)
    await zoe.arrive(stage.site)
    await zoe.ask("Is anybody there?")
    await zoe.page.evaluate("$baton.identify({ name: 'Wolfeschlegelsteinhausenbergerdorff Senior' })")
    conversation = await zoe.conversation_id()
    await olivia.open_list()
    page = olivia.page
    await expect(olivia.row(conversation)).to_contain_text("Wolfeschlegelstein")
    await olivia.row(conversation).locator("a").tap()
    await olivia.is_live()
    await expect(olivia.badge).to_be_in_viewport(ratio=1)
    await expect(page.get_by_role("button", name="Details")).to_be_in_viewport(ratio=1)
    # A long name has all the room there is, and what stands under it its words.
    name, details = (
        await page.locator(".thread-title").bounding_box(),
        await page.locator("#details-toggle").bounding_box(),
    )
    assert 0 <= details["x"] - name["x"] - name["width"] <= 12
    assert await olivia.badge.locator("span span").evaluate("words => words.scrollWidth <= words.clientWidth")
    await olivia.take_over_button.tap()
    await page.set_viewport_size({"width": 320, "height": 300})  # the keyboard opens
    await expect(page.locator("#send")).to_be_in_viewport(ratio=1)
    await expect(olivia.reply_field).to_be_in_viewport(ratio=1)
    await olivia.reply_field.fill("One line\n" * 12)
    await expect(page.locator("#send")).to_be_in_viewport(ratio=1)
    await expect(olivia.reply_field).to_be_in_viewport(ratio=1)
    assert await page.evaluate(SMALL) == []
    await olivia.reply_field.fill("Yes, I am")
    await page.locator("#send").tap()
    await expect(zoe.replies).to_have_text(["Yes, I am"])
    await page.set_viewport_size({"width": 320, "height": 568})
    await page.locator("#release-open").tap()
    await page.locator("#release").tap()
    await zoe.sees_the_bot()

    # Back by the arrow is back in the history: it leads to where one came from, and forward again.
    await page.get_by_label("Back to the list").tap()
    await expect(page.locator(".list-pane")).to_be_visible()
    await expect(olivia.row(conversation).locator("a")).to_be_focused()
    await page.go_forward()
    await expect(olivia.take_over_button).to_be_visible()
    await page.go_back()
    await expect(page.locator(".rail")).to_be_visible()
    await page.locator("#search").tap()
    await page.set_viewport_size({"width": 320, "height": 300})
    await expect(page.locator(".rail")).to_be_hidden()
    await page.set_viewport_size({"width": 320, "height": 568})
    await expect(page.locator(".rail")).to_be_visible()

    await olivia.row(conversation).locator("a").tap()
    await page.get_by_role("button", name="Details").tap()
    await page.get_by_role("button", name="Delete conversation").tap()
    await page.locator("#confirm-do").tap()
    await expect(page.get_by_role("heading", name="This conversation was deleted")).to_be_visible()


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
