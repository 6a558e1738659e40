"""The ways in, and what stands where nothing is: a Baton that nobody has set up, then its first owner's."""

from __future__ import annotations

from playwright.async_api import Page, expect

from ops.screenshot_studio import Studio

PASSWORD = "a long password"  # noqa: S105 - of a server that is gone in a minute
FOUNDER = {"Name of your site": "Lumen", "Your name": "Ana Lind", "E-mail address": "ana@lumen.test"}
EMPTY = {
    "inbox": "/app/inbox",
    "conversations": "/app/conversations",
    "overview": "/app/overview",
    "knowledge": "/app/settings/knowledge",
    "webhooks": "/app/settings/webhooks",
    "team": "/app/settings/team",
}


async def shoot_doors(studio: Studio) -> None:
    """From set-up to a colleague's invitation."""
    page, url = await studio.page(), studio.baton.url
    await page.goto(f"{url}/")
    await studio.shoot(page, "door-set-up")
    await page.get_by_role("button", name="Create the workspace").evaluate("button => button.form.submit()")
    await expect(page.locator(".field-wrong").first).not_to_be_empty()
    await studio.shoot(page, "door-set-up-wrong")
    for label, value in FOUNDER.items():
        await page.get_by_label(label).fill(value)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create the workspace").click()
    await expect(page).to_have_url(f"{url}/app/conversations")
    for name, path in EMPTY.items():
        await page.goto(url + path)
        await page.wait_for_load_state("networkidle")
        await studio.shoot(page, f"empty-{name}", whole=True)
    await _invite(studio, page)
    stranger = await studio.page()
    await _letters(studio, stranger)


async def _invite(studio: Studio, page: Page) -> None:
    await page.goto(f"{studio.baton.url}/app/settings/team")
    await page.get_by_label("E-mail address").fill("edith@lumen.test")
    await page.get_by_role("button", name="Send the invitation").click()
    await expect(page.locator(".member-pending")).to_be_visible()
    await studio.shoot(page, "settings-team-invited", whole=True)


async def _letters(studio: Studio, page: Page) -> None:
    url = studio.baton.url
    await page.goto(await studio.link("invite"))
    await studio.shoot(page, "door-invite")
    await page.goto(f"{url}/login")
    await studio.shoot(page, "door-sign-in")
    await page.get_by_label("E-mail address").fill(FOUNDER["E-mail address"])
    await page.get_by_label("Password").fill("not this one")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await studio.shoot(page, "door-sign-in-refused")
    await page.goto(f"{url}/forgot")
    await studio.shoot(page, "door-forgot")
    await page.get_by_label("E-mail address").fill(FOUNDER["E-mail address"])
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    await studio.shoot(page, "door-forgot-sent")
    await page.goto(await studio.link("reset"))
    await studio.shoot(page, "door-reset")
    await page.goto(f"{url}/reset/a-link-that-is-gone")
    await studio.shoot(page, "door-link-gone")
    await page.goto(f"{url}/nowhere")
    await studio.shoot(page, "error-404-stranger")
