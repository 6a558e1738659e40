"""How many wait for a person, wherever an operator looks; and the console as an app."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

EDITOR, ADMIN = "editor@demo.test", "admin@demo.test"


async def counted(page: Page) -> int:
    """How many the tab's title says; waits until the page has begun."""
    await page.wait_for_function("document.querySelector('link[rel=icon]')")
    found = re.match(r"\((\d+)\+?\) ", await page.title())
    return int(found[1]) if found else 0


class Wire:
    """The connection of a page's socket, to be cut and mended."""

    def __init__(self) -> None:
        self._sockets: list[WebSocketRoute] = []
        self._whole = True

    async def connect(self, socket: WebSocketRoute) -> None:
        """A socket opens."""
        self._sockets.append(socket)
        if self._whole:
            socket.connect_to_server()
        else:
            await socket.close(code=1012)

    async def cut(self) -> None:
        """Close it, and every one that comes after."""
        self._whole = False
        await self._sockets[-1].close(code=1012)

    async def mend(self, page: Page) -> None:
        """Let the next one through, and have it made now."""
        await expect(page.locator("#connection")).to_contain_text("Reconnecting")
        self._whole = True
        await page.evaluate("dispatchEvent(new Event('online'))")


async def shows(page: Page, count: int) -> None:
    """The title, the tab's icon and the rail agree."""
    title = re.compile(rf"^\({count}\) " if count else r"^[^(]")
    await expect(page).to_have_title(title)
    icon = re.compile(rf"^data:image/svg.*%3E{count}%3C" if count else r"/assets/")
    await expect(page.locator("link[rel=icon]")).to_have_attribute("href", icon)
    if count:
        await expect(page.locator("#waiting-count")).to_have_text(str(count))
    else:
        await expect(page.locator("#waiting-count")).to_be_hidden()


@pytest.mark.slow
async def test_who_waits_is_counted_on_every_page_as_it_happens(stage, street):
    edith, adam = await stage.operator(EDITOR), await stage.operator(ADMIN)
    await edith.open_list()
    wire = Wire()
    await adam.page.route_web_socket("**/ws/operator", wire.connect)
    await adam.page.goto(f"{stage.baton.url}/app/settings/system")
    before = await counted(edith.page)
    await shows(adam.page, before)
    people = [await street.visitor("Hello") for _ in range(2)]
    for number, visitor in enumerate(people, 1):
        await street.ask_for_a_person(visitor)
        for page in (edith.page, adam.page):
            await shows(page, before + number)
    await edith.page.goto(f"{stage.baton.url}/app/overview")
    await shows(edith.page, before + 2)
    await edith.open(people[0].conversation_id)
    await edith.take_over()
    for page in (edith.page, adam.page):
        await shows(page, before + 1)
    # What happens while a tab has no connection is right as soon as it has one again.
    await wire.cut()
    await edith.hand_back()
    await edith.open(people[1].conversation_id)
    await edith.take_over()
    await shows(edith.page, before)
    await expect(adam.page.locator("#connection")).to_be_visible()
    # Until then the title, which is all that a tab behind others shows, does not claim to know.
    await expect(adam.page).to_have_title(re.compile(rf"^\({before + 1}\?\) "), timeout=10_000)
    await expect(adam.page.locator("#waiting-count")).to_have_text(f"{before + 1}?")
    # A count that could not be read again is not shown as if it were true.
    stage.guard.allow(r"net::ERR_FAILED")
    await adam.page.route("**/app/waiting", lambda route: route.abort(), times=1)
    async with adam.page.expect_event("requestfailed", lambda request: request.url.endswith("/app/waiting")):
        await wire.mend(adam.page)
    await expect(adam.page.locator("#connection")).not_to_contain_text("Reconnecting")
    await expect(adam.page).to_have_title(re.compile(rf"^\({before + 1}\?\) "))
    await expect(adam.page.locator("#waiting-count")).to_have_text(f"{before + 1}?")
    await wire.cut()
    await wire.mend(adam.page)
    await shows(adam.page, before)


async def test_chromium_finds_an_app_that_it_can_install(stage):
    edith = await stage.operator(EDITOR)
    await edith.open_list()
    browser = await edith.page.context.new_cdp_session(edith.page)
    manifest = await browser.send("Page.getAppManifest")
    assert manifest["url"] == f"{stage.baton.url}/app/manifest.webmanifest"
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["display"] == "standalone"
    problems = (await browser.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    # A context of its own is like a private window, which installs nothing.
    assert [each["errorId"] for each in problems if each["errorId"] != "in-incognito"] == []
