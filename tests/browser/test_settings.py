"""An admin sets things up in Chromium, and visitors have them at once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Stage
from tests.support.wire_clients import OperatorClient

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = "How long does a parcel to the Moon take?"
MORE_THAN_A_PAGE = 52
KNOWN = "# Moon parcels\n\nA parcel to the Moon takes eleven days."


async def opened(stage: Stage, path: str, email: str = "admin@demo.test") -> Page:
    operator = await stage.operator(email)
    await operator.page.goto(f"{stage.baton.url}{path}")
    return operator.page


async def test_an_editor_sees_no_settings(stage: Stage) -> None:
    page = await opened(stage, "/app/conversations", "editor@demo.test")
    rail = page.get_by_role("navigation", name="Console")
    await expect(rail.get_by_role("link", name="Conversations")).to_be_visible()
    await expect(rail.get_by_role("link", name=re.compile("Audit|Settings"))).to_have_count(0)
    stage.guard.allow("403")
    await page.goto(f"{stage.baton.url}/app/audit")
    await expect(page.get_by_role("heading", name="You may not do that")).to_be_visible()


async def test_a_new_name_and_form_reach_the_next_visitor(stage: Stage) -> None:
    stage.guard.allow("status of 422")
    page = await opened(stage, "/app/settings/agent")
    name, greeting = page.get_by_label("Name"), page.get_by_label("Greeting")
    before = await name.input_value(), await greeting.input_value()
    await name.fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#name-wrong")).to_have_text("Enter a name.")
    await expect(name).to_have_attribute("aria-invalid", "true")
    await name.fill("Nora")
    await expect(page.locator("#name-wrong")).to_be_empty()
    await expect(name).not_to_have_attribute("aria-invalid", "true")
    await greeting.fill("Hello from the new greeting")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved. New chats have it at once.")).to_be_visible()

    visitor = await stage.visitor()
    await visitor.arrive(stage.site)
    await expect(visitor.panel.get_by_text("Hello from the new greeting")).to_be_visible()
    await expect(visitor.face).to_contain_text("Nora")

    await name.fill(before[0])  # other tests meet the agent on the same server
    await greeting.fill(before[1])
    async with page.expect_response("**/app/settings/agent"):
        await page.get_by_role("button", name="Save").click()


async def test_on_a_phone_the_record_is_filtered_in_view_and_older_entries_that_do_not_come_say_so(
    stage: Stage,
) -> None:
    admin = OperatorClient(stage.baton.url, "admin@demo.test")
    await admin.sign_in()
    settings = json.loads((await admin.http("GET", "/app/settings/system")).body)["settings"]
    for number in range(MORE_THAN_A_PAGE):
        title = settings["site_title"] if number % 2 else "Another title"
        answer = await admin.http("POST", "/app/settings/system", {"site_title": title})
        assert answer.code == 200, answer.body
    page = (await stage.operator("admin@demo.test", viewport={"width": 320, "height": 640})).page
    await page.goto(f"{stage.baton.url}/app/audit")
    await page.get_by_label("What").select_option(label="Changed settings")
    await page.get_by_role("button", name="Filter").click()
    await page.wait_for_url("**/app/audit?action=*")
    entries = page.locator("#entries > li")
    await expect(entries.first).to_be_in_viewport()
    stage.guard.allow("net::ERR_FAILED")
    await page.route("**/app/audit?*", lambda route: route.abort(), times=1)
    older = page.get_by_role("button", name="Older entries")
    before = await entries.count()
    await older.click()
    await expect(page.locator("#older-wrong")).to_have_text(
        "Couldn't load older entries. Couldn't reach the server."
    )
    await older.click()
    await expect(entries.nth(before)).to_be_attached()
    await expect(page.locator("#older-wrong")).to_be_empty()


async def test_what_the_agent_is_taught_it_knows_at_once(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "moon.md"
    file.write_text(KNOWN, "utf-8")
    page = await opened(stage, "/app/settings/knowledge")
    await page.get_by_label("A file").set_input_files(file)
    await page.get_by_role("button", name="Add the file").click()
    await expect(page.get_by_text("moon.md is added: 1 passage.")).to_be_visible()
    await page.get_by_role("link", name="moon.md").click()
    await expect(page.get_by_text("A parcel to the Moon takes eleven days.")).to_be_visible()

    await page.goto(f"{stage.baton.url}/app/settings/agent")
    await page.get_by_label("Question").fill(QUESTION)
    await page.get_by_role("button", name="Ask").click()
    said = page.locator(".said[data-side=agent]")
    await expect(said).to_contain_text("eleven days")
    await said.locator(".rich").get_by_role("button", name="Source 1: Moon parcels").click()
    await expect(said.locator(".source-body")).to_contain_text("A parcel to the Moon takes eleven days.")

    await page.goto(f"{stage.baton.url}/app/settings/knowledge")
    await page.get_by_role("button", name="Delete moon.md").click()
    await page.locator("#confirm-do").click()
    await expect(page.locator("#knowledge-notice")).to_have_text("moon.md is deleted.")
    await page.goto(f"{stage.baton.url}/app/settings/agent")
    await page.get_by_label("Question").fill(QUESTION)
    await page.get_by_role("button", name="Ask").click()
    await expect(page.locator(".said[data-side=agent]")).not_to_contain_text("eleven days")


async def test_the_widget_form_is_previewed_and_its_rules_are_kept(stage: Stage) -> None:
    stage.guard.allow("status of 422")
    page = await opened(stage, "/app/settings/widget")
    preview = page.frame_locator("#preview-frame").locator(".lead")
    await expect(preview.get_by_text("Phone", exact=False).first).to_be_visible()
    await page.get_by_label("Ask for phone number").uncheck()
    await expect(preview.get_by_text("Phone", exact=False)).to_have_count(0)
    await page.get_by_label("Line above the button").fill("We call you back.")
    await expect(preview.get_by_text("We call you back.")).to_be_visible()

    await page.get_by_label("One a line").fill("https://shop.example/path")
    await page.get_by_role("button", name="Add a rule").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#origins-wrong")).to_contain_text("is no site")
    await expect(page.get_by_text("Enter what you call this rule.")).to_be_visible()

    await page.get_by_label("One a line").fill("*")
    await expect(page.get_by_text("lets any site run your chat")).to_be_visible()
    rule = page.locator(".rule").last
    await rule.get_by_label("Name").fill("Pricing")
    await rule.get_by_label("Seconds there").fill("20")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved. The next page")).to_be_visible()
    await page.reload()
    await expect(rule.get_by_label("Seconds there")).to_have_value("20")
    await expect(page.get_by_label("Ask for phone number")).not_to_be_checked()


async def test_the_record_tells_what_was_set_and_is_whole(stage: Stage) -> None:
    page = await opened(stage, "/app/settings/system")
    await page.get_by_label("Title of your site").fill("Moon parcels")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved. It is in force now.")).to_be_visible()

    await page.get_by_role("link", name="Audit").click()
    entry = page.locator(".entry").first
    await expect(entry).to_contain_text("changed the site's settings: site title")
    await entry.locator("summary").click()
    await expect(entry.get_by_text("Moon parcels")).to_be_visible()
    await page.get_by_label("What").select_option("settings.changed")
    await page.get_by_role("button", name="Filter").click()
    await expect(page).to_have_url(re.compile("action=settings.changed"))
    await expect(page.locator(".entry").first).to_contain_text("changed")
    await page.get_by_role("button", name="Check every entry").click()
    await expect(page.get_by_text(re.compile(r"The record is whole: \d+ entr"))).to_be_visible()
    await expect(page.locator("#head-hash")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download as CSV").click()
    text = Path(await (await download.value).path()).read_text("utf-8")
    assert "settings.changed" in text


async def test_a_webhook_shows_its_secret_once_and_its_tests(stage: Stage) -> None:
    page = await opened(stage, "/app/settings/webhooks")
    stage.guard.allow("status of 422")
    await page.get_by_label("Address").first.fill("http://127.0.0.1:9/")
    await page.get_by_role("button", name="Add it").click()
    await expect(page.locator("#add-url-wrong")).not_to_be_empty()
    await page.get_by_label("Address").first.fill("https://hooks.invalid/baton")
    await page.get_by_role("button", name="Add it").click()
    await expect(page.locator("#secret-value")).to_have_text(re.compile("^whsec_"))
    await page.get_by_role("button", name="Send a test").click()
    await expect(page.locator("#webhooks-notice")).to_contain_text("The test failed")
    await page.get_by_text("Deliveries", exact=True).click()
    await expect(page.locator("#webhooks .entry")).to_contain_text(
        re.compile(r"A test webhook\.test\s*No answer")
    )
    await page.reload()
    await expect(page.get_by_text("https://hooks.invalid/baton")).to_be_visible()
    await expect(page.locator("#secret")).to_be_hidden()
    await page.get_by_role("button", name="Switch off").click()
    await expect(page.get_by_text("Switched off.")).to_be_visible()
