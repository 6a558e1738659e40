"""What opens over a page for the owner: menus, dialogs, the palette, the keys, a selection, toasts."""

from __future__ import annotations

from playwright.async_api import Page, expect

from ops.screenshot_studio import NARROW, PHONE, WIDE, WITH_KEYS, Studio
from tests.browser.people import Operator

OWNER = "owner@demo.test"
LEADS = (
    {"name": "Jonas Weber", "email": "jonas@harbour.example", "message": "Do you have a plan for schools?"},
    {"name": "Ines Duarte", "phone": "+351210123456", "message": "I'd like to see it before we decide."},
    {"name": "Priya Nair", "email": "priya@fern.example", "message": "Can we host it in our own network?"},
    {"name": "Zoë Martin", "email": "zoe@lumen.example", "message": "A quote for 30 people, please."},
    {"name": "Ali Rahimi", "phone": "+4930123456", "message": "Please call me about the yearly plan."},
    {"email": "purchasing@northwind.example"},
)


async def shoot_what_opens(studio: Studio, desk: dict[str, str]) -> None:
    """All of it, and the toasts of new leads last: these stay on the inbox."""
    olivia = await studio.operator(OWNER)
    await _over_the_list(studio, olivia)
    await olivia.open(desk["bot"])
    await _tags(studio, olivia.page)
    await olivia.page.get_by_role("button", name="Delete conversation").click()
    await expect(olivia.page.locator("#confirm")).to_be_visible()
    await studio.shoot(olivia.page, "open-confirm")
    await olivia.page.keyboard.press("Escape")
    await _selected(studio, olivia)
    await _toasts(studio, olivia)
    await olivia.page.context.close()


async def _over_the_list(studio: Studio, olivia: Operator) -> None:
    page = olivia.page
    await olivia.open_list()
    await expect(page.locator(".row").first).to_be_visible()
    await page.locator("#account summary").click()
    await studio.shoot(page, "open-account-menu")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await expect(page.locator(".palette-option").first).to_be_visible()
    await studio.shoot(page, "open-palette")
    await page.locator("#palette-field").fill("an")
    await expect(page.locator("#palette-list")).to_contain_text("Conversations")
    await studio.shoot(page, "open-palette-found")
    await page.locator("#palette-field").fill("zzzz")
    await expect(page.locator("#palette-nothing")).to_be_visible()
    await studio.shoot(page, "open-palette-nothing")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator(".shortcuts-line").first).to_be_visible()
    await studio.shoot(page, "open-keys", looks=WITH_KEYS)
    await page.keyboard.press("Escape")


async def _tags(studio: Studio, page: Page) -> None:
    choose = page.locator(".tag-picker summary")
    manage = page.get_by_role("button", name="Make and change tags")
    await choose.click()
    await studio.shoot(page, "open-tags", looks=WIDE)
    await page.set_viewport_size({"width": 768, "height": 1024})
    await page.get_by_role("button", name="Details", exact=True).click()
    if not await manage.is_visible():
        await choose.click()
    await studio.shoot(page, "open-tags", looks=NARROW, show=manage)
    await manage.click()
    await page.get_by_label("Name of a new tag").fill("Billing")
    await page.get_by_role("button", name="Make", exact=True).click()
    await expect(page.locator(".tag-row")).to_have_count(1)
    await studio.shoot(page, "open-tags-dialog")
    await page.keyboard.press("Escape")


async def _selected(studio: Studio, olivia: Operator) -> None:
    await olivia.open_list()
    for tick in (0, 1):
        await olivia.page.locator(".row-tick input").nth(tick).check(force=True)
    await studio.shoot(olivia.page, "conversations-selected")


async def _toasts(studio: Studio, olivia: Operator) -> None:
    """A phone shows fewer of them."""
    page = olivia.page
    for looks, leads in ((PHONE, LEADS[:3]), (WITH_KEYS, LEADS[3:])):
        await page.set_viewport_size({"width": looks[0][0], "height": 640})
        await olivia.open_list()
        await page.wait_for_load_state("networkidle")
        for lead in leads:
            await page.request.post(f"{studio.baton.url}/widget/demo/leads", data=lead)
        await expect(page.locator("#toasts")).to_contain_text(leads[-1].get("name", "purchasing"))
        await studio.shoot(page, "open-toasts", looks=looks)
