"""Forms of the settings while somebody is at them: opened, answered, with a secret to be kept."""

from __future__ import annotations

from playwright.async_api import Page, expect

from ops.screenshot_studio import Studio

OWNER = "owner@demo.test"
QUESTION = "What happens when two of us take over at the same moment?"


async def shoot_forms(studio: Studio) -> None:
    """Each in the middle of what it is for."""
    page, url = (await studio.operator(OWNER)).page, studio.baton.url
    await page.goto(f"{url}/app/settings/agent")
    await page.get_by_label("Question", exact=True).fill(QUESTION)
    await page.get_by_role("button", name="Ask", exact=True).click()
    await expect(page.locator("#trial .said")).to_have_count(2)
    await studio.shoot(page, "form-agent-tried", whole=True)
    await page.goto(f"{url}/app/settings/knowledge")
    await page.get_by_text("Or write or paste some text").click()
    await studio.shoot(page, "form-knowledge-text")
    await _webhook(studio, page)
    await page.goto(f"{url}/app/audit")
    await page.get_by_role("button", name="Check every entry").click()
    await expect(page.locator("#verdict")).to_be_visible()
    await page.locator(".entry summary").first.click()
    await studio.shoot(page, "form-audit-checked", whole=True)
    await page.goto(f"{url}/app/conversations")
    await page.locator("#bell").click()
    await expect(page.locator("#bell-note")).to_be_visible()
    await studio.shoot(page, "open-bell-note")
    await page.context.close()


async def _webhook(studio: Studio, page: Page) -> None:
    await page.goto(f"{studio.baton.url}/app/settings/webhooks")
    await page.get_by_label("Address").first.fill("https://crm.lumen.example/hooks/baton")
    await page.get_by_role("button", name="Add it").click()
    await expect(page.locator("#secret-value")).to_be_visible()
    await page.get_by_role("button", name="Edit").first.click()
    await studio.shoot(page, "form-webhook-added", whole=True)
    await page.get_by_role("button", name="Delete https").click()
    await page.locator("#confirm-do").click()
    await expect(page.locator(".webhook")).to_have_count(0)
