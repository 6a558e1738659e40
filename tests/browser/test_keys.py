"""Keys, the palette and the sheet of shortcuts, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADMIN, EDITOR, VIEWER = "admin@demo.test", "editor@demo.test", "viewer@demo.test"


async def test_keys_act_never_while_one_types(stage, street):
    zoe, adam = await street.visitor("Is anybody there?"), await stage.operator(ADMIN, own=True)
    await adam.page.clock.install()
    await adam.open(zoe.conversation_id)
    page, keys = adam.page, adam.page.keyboard
    await expect(adam.take_over_button.locator("kbd")).to_have_text("T")
    await expect(adam.take_over_button).to_have_attribute("aria-keyshortcuts", "T")
    await expect(adam.take_over_button).to_have_attribute("title", "Take over  T")

    # Not in a field, not with a modifier that is not its own, not in a dialog.
    await page.locator("#search").fill("x")
    await page.locator("#search").press("t")
    await expect(page.locator("#search")).to_have_value("xt")
    await page.locator("#search").fill("")
    await keys.press("Escape")
    await keys.press("Alt+t")
    await keys.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(sheet.locator("dd", has_text="G then I")).to_be_visible()
    await keys.press("t")
    await expect(sheet).to_be_visible()
    await keys.press("Escape")
    await expect(sheet).to_be_hidden()
    await expect(adam.take_over_button).to_be_visible()

    # What shows nothing by itself is told, and not to screen readers alone.
    await keys.press("Control+k")
    await page.get_by_role("combobox").fill("copy the link")
    await keys.press("Enter")
    told = page.locator("#told")
    await expect(told).to_have_text(re.compile("^The link (is|was not) copied"))
    await expect(told).to_be_visible()
    await page.clock.run_for(10_000)
    await expect(told).to_be_hidden()

    # A narrow page names none.
    await page.set_viewport_size({"width": 320, "height": 640})
    await expect(adam.take_over_button).to_be_visible()
    await expect(page.locator("kbd:visible")).to_have_count(0)


@pytest.mark.slow
async def test_keys_become_others_in_every_tab(stage, street):
    zoe, adam = await street.visitor("Is anybody there?"), await stage.operator(ADMIN)
    await adam.open(zoe.conversation_id)
    page, keys = adam.page, adam.page.keyboard
    settings = await page.context.new_page()
    await settings.goto(f"{stage.baton.url}/app/account/keyboard")
    row = settings.locator(".key-row").filter(has=settings.get_by_text("Take over", exact=True))
    await row.get_by_role("button", name="Change").click()
    await settings.keyboard.press("h")
    await expect(row.get_by_role("alert")).to_contain_text("H is “Hand back to bot”")
    await expect(row.locator("kbd")).to_have_text(["T"])
    await row.get_by_role("button", name="Change").click()
    await settings.keyboard.press("Shift+y")
    await expect(row.locator("kbd")).to_have_text(["Shift", "Y"])
    await expect(adam.take_over_button.locator("kbd")).to_have_text("Shift Y")
    await keys.press("t")
    await expect(adam.take_over_button).to_be_visible()
    await keys.press("Shift+Y")
    await expect(adam.reply_field).to_be_focused()
    await keys.press("Escape")

    # Keys alone off: only what has Ctrl in it is left. It outlives the page.
    await settings.get_by_label("Letters and signs work by themselves").uncheck()
    await expect(page.locator("#release-open kbd")).to_be_hidden()
    await page.reload()
    await adam.is_live()
    await keys.press("h")
    await expect(page.locator("#handback")).to_be_hidden()
    await keys.press("Control+k")
    palette = page.get_by_role("dialog", name="Search and do")
    await expect(palette).to_be_visible()
    await keys.press("Control+k")
    await expect(palette).to_be_hidden()
    await settings.get_by_role("button", name="Reset all").click()
    await expect(row.locator("kbd")).to_have_text(["T"])
    await settings.get_by_label("Letters and signs work by themselves").check()
    await expect(page.locator("#release-open kbd")).to_have_text("H")
    await keys.press("h")
    await expect(page.locator("#note")).to_be_focused()


async def test_the_palette_finds_and_does_what_the_role_allows(stage, street):
    zoe, edith = await street.visitor("Do you deliver?"), await stage.operator(EDITOR)
    conversation = zoe.conversation_id
    lead = {"visitor_token": zoe.token, "name": "Zinaida Palette", "email": "zinaida@example.com"}
    answer = await edith.page.request.post(f"{stage.baton.url}/widget/demo/leads", data=lead)
    assert answer.ok
    page, keys = edith.page, edith.page.keyboard
    await page.goto(f"{stage.baton.url}/app/overview")
    palette = page.get_by_role("dialog", name="Search and do")
    field = palette.get_by_role("combobox")
    options = palette.get_by_role("option")

    # A conversation, from a page without lists.
    answer = await page.request.get(
        f"{stage.baton.url}/app/conversations/{conversation}", headers={"Accept": "application/json"}
    )
    visitor = (await answer.json())["conversation"]["visitor_name"]
    await page.get_by_role("button", name="Search").click()
    await expect(field).to_be_focused()
    await field.fill(visitor.lower())
    found = palette.get_by_role("group", name="Conversations").get_by_role("option").first
    await expect(found).to_contain_text("Zinaida Palette")  # by whatever name it is found
    await expect(found).to_have_attribute("aria-selected", "true")
    await expect(field).to_have_attribute("aria-activedescendant", await found.get_attribute("id") or "")
    await expect(palette.get_by_role("status")).to_have_text("1 result")
    await keys.press("Enter")
    await edith.is_live()
    assert page.url.endswith(conversation)

    # What can be done with it, by fuzzy name; then not any more.
    await keys.press("Control+k")
    await expect(palette.get_by_role("group", name="Recent")).to_contain_text("Zinaida Palette")
    await field.fill("tkov")
    await expect(options.first).to_contain_text("Take over")
    await keys.press("Enter")
    await expect(edith.reply_field).to_be_focused()
    await edith.reply_field.fill("t")
    await keys.press("Control+k")
    await field.fill("take over")
    await expect(palette.get_by_role("group", name="Conversation", exact=True)).to_have_count(0)

    # A lead; the arrows go round.
    await field.fill("zinaida")
    await expect(palette.get_by_role("group", name="Leads")).to_contain_text("Zinaida Palette")
    await keys.press("ArrowUp")
    await expect(options.last).to_have_attribute("aria-selected", "true")
    await keys.press("ArrowDown")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await palette.get_by_role("group", name="Leads").get_by_role("option").first.click()
    await expect(page.locator("#thread-name")).to_have_text("Zinaida Palette")
    assert "/app/inbox/" in page.url
    await keys.press("Escape")
    await keys.press("g")
    await keys.press("o")
    await expect(page).to_have_url(f"{stage.baton.url}/app/overview")


def requests_of(page: Page) -> list[str]:
    """The addresses that a page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.mark.slow
async def test_the_palette_offers_what_the_role_may(stage, street):
    conversation = (await street.visitor("Is anybody there?")).conversation_id
    for email, offered, withheld in (
        (ADMIN, ("Take over", "Delete", "Settings: Team", "Audit"), ()),
        (EDITOR, ("Take over",), ("Delete", "Settings", "Audit")),
        (VIEWER, ("Copy the link",), ("Take over", "Delete", "Tag", "Settings", "Audit")),
    ):
        someone = await stage.operator(email)
        await someone.open(conversation)
        await someone.page.keyboard.press("Control+k")
        options = someone.page.get_by_role("option")
        for name in offered:
            await expect(options.filter(has_text=name)).to_have_count(1)
        for name in withheld:
            # What others wrote may begin with the same letters.
            await expect(options.get_by_text(name, exact=True)).to_have_count(0)
        asked = requests_of(someone.page)
        async with someone.page.expect_response(re.compile(r"/app/inbox\?")):
            await someone.page.locator("#palette-field").fill("edith nov")
        members = someone.page.get_by_role("group", name="Members").get_by_role("option")
        if email != ADMIN:
            assert not [url for url in asked if url.endswith("/app/settings/team")]
            await expect(members).to_have_count(0)
            continue
        await expect(members).to_have_text(re.compile("Edith Novak.*editor · editor@demo.test"))
        await members.click()
        await expect(someone.page.locator(".member:focus")).to_contain_text("editor@demo.test")
