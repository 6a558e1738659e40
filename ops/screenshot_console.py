"""The console on a busy morning: every page, and a conversation in every state."""

from __future__ import annotations

from playwright.async_api import Page, expect

from ops.screenshot_studio import NARROW, Studio

OWNER, EDITOR = "owner@demo.test", "editor@demo.test"
PAGES = {
    "overview": "/app/overview",
    "audit": "/app/audit",
    "account": "/app/account",
    "account-keyboard": "/app/account/keyboard",
    "settings-site": "/app/settings/system",
    "settings-agent": "/app/settings/agent",
    "settings-knowledge": "/app/settings/knowledge",
    "settings-widget": "/app/settings/widget",
    "settings-widget-api": "/app/settings/widget/api",
    "settings-appearance": "/app/settings/appearance",
    "settings-webhooks": "/app/settings/webhooks",
    "settings-team": "/app/settings/team",
    "kitchen": "/app/_kitchen",
    "error-404": "/app/nowhere",
}


async def shoot_conversations(studio: Studio, desk: dict[str, str]) -> None:
    """The list, and each conversation of `desk`, as an editor sees them."""
    edith = await studio.operator(EDITOR)
    page = edith.page
    await edith.open_list()
    await expect(page.locator(".row").first).to_be_visible()
    await studio.shoot(page, "conversations")
    await edith.open_list("?holder=mine&q=nobody")
    await expect(page.locator("#none-in-view")).to_be_visible()
    await studio.shoot(page, "conversations-none-in-view")
    for state in ("bot", "waiting", "other", "rtl", "mine"):
        await edith.open(desk[state])
        await studio.shoot(page, f"conversation-{state}")
    await edith.reply_field.fill(
        "I looked into it: your messages are all there.\n\nShall I send you the list?"
    )
    await studio.shoot(page, "conversation-reply")
    await edith.reply_field.fill("")
    await page.locator("#release-open").click()
    await page.locator("#note").fill("Knows the price; wants an invoice to the Oslo office.")
    await studio.shoot(page, "conversation-hand-back")
    await page.locator("#handback-cancel").click()
    await _details(studio, page, "conversation-details")
    await page.goto(f"{studio.baton.url}/app/audit")
    await studio.shoot(page, "error-403")
    await page.context.close()


async def _details(studio: Studio, page: Page, name: str) -> None:
    await page.set_viewport_size({"width": 768, "height": 1024})
    await page.get_by_role("button", name="Details", exact=True).click()
    await studio.shoot(page, name, looks=NARROW)


async def shoot_pages(studio: Studio) -> None:
    """Every other page, with something on it."""
    olivia = await studio.operator(OWNER)
    page, url = olivia.page, studio.baton.url
    await page.goto(f"{url}/app/inbox")
    await expect(page.locator(".row").first).to_be_visible()
    await studio.shoot(page, "inbox")
    await page.locator(".row a").first.click()
    await expect(page.locator("#thread-open")).to_be_visible()
    await studio.shoot(page, "inbox-opened")
    await _details(studio, page, "inbox-details")
    for name, path in PAGES.items():
        await page.goto(url + path)
        await page.wait_for_load_state("networkidle")
        await studio.shoot(page, name, whole=True)
    await page.goto(f"{url}/app/settings/knowledge")
    await page.locator("#sources a").first.click()
    await expect(page.locator(".passages")).to_be_visible()
    await studio.shoot(page, "settings-source", whole=True)
    await page.goto(f"{url}/app/settings/agent")
    await page.get_by_label("Name").fill("")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#name-wrong")).not_to_be_empty()
    await studio.shoot(page, "settings-agent-wrong", whole=True)
    await page.context.close()
