"""Visitors are spoken to in the language of the page, from the launcher to the errors of the form."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from actors.colours import contrast, parse_colour
from tests.browser.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

COLOURS = """(element) => {
    const { color, backgroundColor } = getComputedStyle(element);
    return [color, backgroundColor];
}"""


async def test_a_german_page_has_a_german_widget_bot_and_form(stage: Stage) -> None:
    visitor = await stage.visitor()
    await visitor.page.goto(f"{stage.baton.url}/demo?lang=de")
    await expect(visitor.launcher).to_have_attribute("aria-label", "Chat öffnen")
    await visitor.open()
    await expect(visitor.panel).to_have_attribute("lang", "de")
    await visitor.panel.get_by_label("Ihre Nachricht").fill("xyzzy quux?")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.panel.get_by_text("Das weiß ich nicht.")).to_be_visible()
    await visitor.page.evaluate("$baton.showLeadForm()")
    await visitor.panel.locator("input[name=email]").fill("zoe@example..com")
    await visitor.panel.locator(".lead .primary").click()
    await expect(visitor.panel.locator("#lead-email")).to_contain_text("keine E-Mail-Adresse")
    conversation_id = await visitor.conversation_id()
    editor = await stage.operator("editor@demo.test")
    headers = {"Accept": "application/json"}
    url = f"{stage.baton.url}/app/conversations/{conversation_id}"
    answer = await editor.page.request.get(url, headers=headers)
    assert (await answer.json())["conversation"]["language"] == "de"


@pytest.mark.parametrize("width", [320, 1440])
async def test_an_arabic_page_has_its_widget_the_other_way_round(stage: Stage, width: int) -> None:
    visitor = await stage.visitor(viewport={"width": width, "height": 800})
    await visitor.page.goto(f"{stage.baton.url}/demo?lang=ar")
    await expect(visitor.launcher).to_be_visible()
    launcher = await visitor.launcher.bounding_box()
    assert launcher
    assert launcher["x"] < width / 2
    await visitor.open()
    await expect(visitor.panel).to_have_attribute("dir", "rtl")
    # What it suggests to ask is in the language too, and so is the answer.
    await visitor.panel.get_by_role("button", name="كيف أضيف المحادثة إلى موقعي؟").click()
    await expect(visitor.own).to_have_count(1)
    await expect(visitor.answers.last).to_contain_text("انسخ الشيفرة")
    boxes = [
        await visitor.panel.locator(part).first.bounding_box()
        for part in (".close", ".face-bot .name", ".from-you .bubble", ".from-bot .bubble")
    ]
    close, name, own, bot = (box["x"] + box["width"] / 2 for box in boxes if box)
    assert close < name
    assert own < bot
    panel = await visitor.panel.bounding_box()
    assert panel
    assert 0 <= panel["x"] <= panel["x"] + panel["width"] <= width


async def test_an_accent_is_previewed_saved_and_readable(stage: Stage) -> None:
    stage.guard.allow("status of 422")
    admin = await stage.operator("admin@demo.test")
    await admin.page.goto(f"{stage.baton.url}/app/settings/appearance")
    accent, save = admin.page.locator("#accent"), admin.page.get_by_role("button", name="Save")
    await accent.fill("chartreuse-ish")
    await save.click()
    await expect(admin.page.locator("#accent-wrong")).to_contain_text("Write a colour such as")
    await accent.fill("#ffd400")
    frame = admin.page.frame_locator("#preview-frame")
    await expect(frame.locator("baton-panel .panel")).to_be_visible()
    await admin.page.wait_for_function(
        """() => {
            const page = document.querySelector("#preview-frame").contentDocument;
            const button = page.querySelector("baton-widget")?.shadowRoot.querySelector("button");
            return button?.checkVisibility() && getComputedStyle(button).backgroundColor.startsWith("rgb(");
        }""",
    )
    # The widget in the frame opened, and took the focus from nobody who types.
    assert await admin.page.evaluate("document.activeElement.id") == "accent"
    await admin.page.locator("#preview-language").select_option("de")
    await admin.page.locator("#preview-scene").select_option("offline")
    await expect(frame.locator(".message.from-bot").last).to_contain_text("Bestellungen nach Norwegen")
    await expect(frame.get_by_text("gerade nicht da")).to_be_visible()
    await save.click()
    await expect(admin.page.get_by_text("Saved. The next page")).to_be_visible()

    # A colour on its way to another scheme's would be measured halfway.
    visitor = await stage.visitor()
    await visitor.arrive(stage.site)
    await visitor.say("Hello")
    await expect(visitor.own).to_have_count(1)
    for scheme in ("light", "dark"):
        await visitor.page.emulate_media(color_scheme=scheme)
        ink, fill = map(parse_colour, await visitor.own.first.evaluate(COLOURS))
        assert contrast(ink, fill) >= 4.5, scheme
        assert fill.oklch.hue == pytest.approx(parse_colour("#ffd400").oklch.hue, abs=8), scheme

    await accent.fill("")  # other tests meet the widget on the same server
    async with admin.page.expect_response("**/app/settings/appearance"):
        await save.click()
