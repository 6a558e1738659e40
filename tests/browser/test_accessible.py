"""Nobody is shut out: axe, Chromium's accessibility tree and the Tab key on every page and in the widget."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, expect

from handlers.base import SESSION_COOKIE
from tests.browser.ax_tree import AxTree
from tests.browser.axe import CONTRAST, axe_source, found_by_axe
from tests.browser.conftest import Stage
from tests.browser.focus import walk
from tests.browser.ink import contrast_within
from tests.browser.people import Visitor
from tests.browser.requests import Requests
from tests.browser.street import Street
from tests.support.edge import running_edge

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What is put into a live region is read out, but for what is hidden from those who listen.
LISTENING = """(log) => {
    window.heard = [];
    new MutationObserver((changes) => {
        for (const { target, addedNodes } of changes) {
            const element = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
            if (element.closest("[aria-hidden=true]")) continue;
            const added = target.nodeType === Node.TEXT_NODE ? [target] : [...addedNodes];
            if (added.length) window.heard.push(added.map((node) => node.textContent).join(""));
        }
    }).observe(log, { childList: true, characterData: true, subtree: true });
}"""
OWNER, EDITOR = "owner@demo.test", "editor@demo.test"
# A colour on its way to another scheme's would be measured halfway.
STILL: dict[str, Any] = {"reduced_motion": "reduce"}
WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=320, height=640)
DOORS = (
    *("/login", "/forgot", "/demo", "/demo?lang=ar", "/nowhere"),
    *("/reset/a-link-of-nobody", "/invite/a-link-of-nobody"),
)
SETTINGS = ("system", "agent", "knowledge", "widget", "widget/api", "appearance", "webhooks", "team")
CONSOLE = (
    *("/app/inbox", "/app/conversations", "/app/overview", "/app/audit", "/app/nowhere"),
    *("/app/account", "/app/account/keyboard"),
    *(f"/app/settings/{page}" for page in SETTINGS),
)
# What is chosen, and what it would be taken for if the colours that tell them apart were taken away.
CHOSEN = {
    ".row-link[aria-current]": ".row-link:not([aria-current])",
    ".rail-link[aria-current]": ".rail-links .rail-link:not([aria-current])",
    "#holders input:checked + span": "#holders input:not(:checked) + span",
}
READ = (".row-link[aria-current] .badge svg", ".row-link[aria-current] .badge span span", "#claim > span")
READABLE = 4.5
LOOKS = """([one, other]) => {
    const look = (selector) => {
        const style = getComputedStyle(document.querySelector(selector));
        return [style.backgroundColor, style.outlineStyle, style.outlineWidth].join();
    };
    return [look(one), look(other)];
}"""


@pytest.fixture(scope="module", autouse=True)
def _axe_is_there() -> None:
    axe_source()


async def wrong_at_first_sight(page: Page) -> list[str]:
    """What axe and the tree find: wide and light."""
    found = [f"wide, light: {line}" for line in await found_by_axe(page)]
    return found + [f"the tree: {line}" for line in (await AxTree.of(page)).wrong()]


async def wrong_with(page: Page, state: str = "", *, narrow: bool = True) -> list[str]:
    """What they find wide and narrow, light and dark."""
    await page.emulate_media(color_scheme="light")
    found = await wrong_at_first_sight(page)
    await page.emulate_media(color_scheme="dark")
    found += [f"wide, dark: {line}" for line in await found_by_axe(page, CONTRAST)]
    if narrow:
        await page.set_viewport_size(NARROW)
        found += [f"narrow, dark: {line}" for line in await found_by_axe(page)]
        await page.set_viewport_size(WIDE)
    return [f"{page.url} {state} {line}" for line in found]


async def unseen_on_the_way(page: Page) -> list[str]:
    """Where the focus does not show on the way through a page."""
    steps = await walk(page)
    assert steps, f"{page.url}: Tab leads nowhere"
    return [f"{page.url} {step.what}: ring {step.contrast:.1f}" for step in steps if step.contrast < 3]


async def lost_without_our_colours(page: Page) -> list[str]:
    """What is not told any more where somebody's own colours replace ours, or more contrast is asked for."""
    ink = await page.locator("body").evaluate("body => getComputedStyle(body).color")
    await page.emulate_media(contrast="more")
    soft = await page.locator("#thread-where").evaluate("line => getComputedStyle(line).color")
    found = [] if soft == ink else [f"more contrast: a soft line is {soft}, not {ink}"]
    await page.emulate_media(contrast="no-preference", forced_colors="active")
    for chosen, other in CHOSEN.items():
        one, another = await page.evaluate(LOOKS, [chosen, other])
        found += [f"forced colours: {chosen} looks like any other"] if one == another else []
    for read in READ:
        contrast = await contrast_within(page.locator(read).first)
        found += [f"forced colours: {read} has a contrast of {contrast:.1f}"] if contrast < READABLE else []
    found += [f"forced colours: {line}" for line in await unseen_on_the_way(page)]
    await page.emulate_media(forced_colors="none")
    return found


@contextmanager
def a_spoilt_source(stage: Stage) -> Iterator[None]:
    """A document that somebody wrote by hand, with half of it missing: pages with it fail."""
    stage.guard.allow("500")
    with stage.baton.mongo() as client:
        sources = client["baton"]["knowledge_sources"]
        sources.insert_one({"_id": "spoilt", "workspace_id": "demo"})
        try:
            yield
        finally:
            sources.delete_one({"_id": "spoilt"})


@asynccontextmanager
async def no_database(stage: Stage) -> AsyncIterator[str]:
    """The address of a Baton whose database is away, for who is signed in there."""
    async with running_edge() as edge:
        stage.guard.allow("503", re.escape(edge.url))
        edge.gate.available = False
        yield edge.url


async def test_every_page_without_a_session(stage: Stage) -> None:
    stage.guard.allow("404")
    page = await stage.page(viewport=WIDE, **STILL)
    found: list[str] = []
    for path in DOORS:
        await page.goto(stage.baton.url + path)
        found += await wrong_with(page) + await unseen_on_the_way(page)
    async with no_database(stage) as url:
        await page.context.add_cookies([{"name": SESSION_COOKIE, "value": "anybody's", "url": url}])
        await page.goto(f"{url}/app/conversations")
        await expect(page.get_by_role("heading", name="cannot reach its database")).to_be_visible()
        found += await wrong_with(page) + await unseen_on_the_way(page)
    assert not found, "\n".join(sorted(set(found)))


@pytest.mark.parametrize("thorough", [False, pytest.param(True, marks=pytest.mark.slow)])
async def test_every_page_of_the_console(stage: Stage, thorough: bool) -> None:
    async def look() -> list[str]:
        if thorough:
            return await wrong_with(page) + await unseen_on_the_way(page)
        return [f"{page.url} {line}" for line in await wrong_at_first_sight(page)]

    stage.guard.allow("404")
    page = (await stage.operator(OWNER, viewport=WIDE, **STILL)).page
    requests = Requests(page)
    found: list[str] = []
    for path in CONSOLE:
        await page.goto(stage.baton.url + path)
        await requests.settle()
        found += await look()
    await page.goto(f"{stage.baton.url}/app/_kitchen")
    found += await wrong_with(page, narrow=False)
    with a_spoilt_source(stage):
        await page.goto(f"{stage.baton.url}/app/settings/knowledge")
        await expect(page.get_by_role("heading", name="Something broke on our side")).to_be_visible()
        found += await look()
    assert not found, "\n".join(sorted(set(found)))


async def test_a_conversation_and_all_that_opens_in_it(stage: Stage, street: Street) -> None:
    await street.visitor("Is anybody there?")
    zoe = await street.visitor("How does an operator take over a conversation?")
    await street.ask_for_a_person(zoe)
    olivia = await stage.operator(OWNER, viewport=WIDE, **STILL)
    page = olivia.page
    await olivia.open(zoe.conversation_id)
    found = await wrong_with(page, "waiting") + await unseen_on_the_way(page)
    found += await lost_without_our_colours(page)
    await page.keyboard.press("Control+k")
    await expect(page.locator(".palette-option").first).to_be_visible()
    found += await wrong_with(page, "the palette")
    await page.keyboard.press("Escape")
    await page.locator("#transcript-scroll").focus()
    await page.keyboard.press("?")
    await expect(page.locator(".shortcuts-line").first).to_be_visible()
    found += await wrong_with(page, "the keys", narrow=False)
    await page.keyboard.press("Escape")
    await page.locator("#transcript .cite").first.click()
    await page.locator("#account summary").click()
    await expect(page.locator("#places")).to_be_attached()
    found += await wrong_with(page, "a source and the account's menu", narrow=False)
    await page.keyboard.press("Escape")
    await page.locator(".tag-picker summary").click()
    found += await wrong_with(page, "tags", narrow=False)
    await page.get_by_role("button", name="Make and change tags").click()
    found += await wrong_with(page, "the tags' dialog")
    await page.keyboard.press("Escape")
    delete = page.get_by_role("button", name="Delete conversation")
    await delete.click()
    await expect(page.locator("#confirm")).to_be_visible()
    found += await wrong_with(page, "before deleting")
    await page.keyboard.press("Escape")
    await expect(delete).to_be_focused()
    await olivia.take_over()
    await olivia.reply("Hello, this is Olivia.")
    found += await wrong_with(page, "mine")
    await page.locator("#release-open").click()
    found += await wrong_with(page, "handing back", narrow=False)
    await page.set_viewport_size(NARROW)
    await page.get_by_role("button", name="Details").click()
    await expect(page.get_by_role("button", name="Close details")).to_be_visible()
    found += [f"the details' sheet: {line}" for line in await found_by_axe(page)]
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Details", exact=True)).to_be_focused()
    log = (await AxTree.of(page)).live("log")
    assert [each.get("live") for each in log] == ["polite"]
    assert not found, "\n".join(sorted(set(found)))


async def test_the_open_widget(stage: Stage) -> None:
    zoe = await stage.visitor(viewport=WIDE, **STILL)
    edith = await stage.operator(EDITOR)
    await zoe.page.goto(f"{stage.baton.url}/demo")
    await zoe.open()
    found = await wrong_with(zoe.page, "greeting") + await unseen_in_the_panel(zoe)
    await zoe.panel.get_by_role("log").evaluate(LISTENING)
    answer = await zoe.ask("How does an operator take over a conversation?")
    await expect(answer.locator(".chip").first).to_be_visible()
    whole = await answer.locator(".rich").text_content() or ""
    heard: list[str] = await zoe.page.evaluate("window.heard")
    assert heard.count("Sent") == 1
    assert heard.count(whole) == 1
    await answer.locator(".cite").first.click()
    found += await wrong_with(zoe.page, "a source")
    await zoe.talk_to_a_person.click()
    await expect(zoe.panel.locator(".line-waiting")).to_be_visible()
    found += await wrong_with(zoe.page, "waiting")
    await edith.open(await zoe.conversation_id())
    await edith.take_over()
    await edith.reply("Hello, this is Edith.")
    await expect(zoe.replies).to_have_count(1)
    found += await wrong_with(zoe.page, "a person")
    await zoe.page.evaluate("$baton.showLeadForm()")
    await expect(zoe.panel.locator(".lead form")).to_be_visible()
    found += await wrong_with(zoe.page, "the lead form")
    await zoe.page.evaluate("document.documentElement.dir = 'rtl'")
    found += await wrong_with(zoe.page, "right to left", narrow=False)
    logs = (await AxTree.of(zoe.page)).live("log")
    assert [each.get("live") for each in logs] == ["polite"]
    assert not found, "\n".join(sorted(set(found)))


async def unseen_in_the_panel(zoe: Visitor) -> list[str]:
    """As `unseen_on_the_way`, from the composer on."""
    await zoe.composer.focus()
    return [
        f"the widget, {step.what}: ring {step.contrast:.1f}"
        for step in await walk(zoe.page, 12)
        if step.contrast < 3
    ]
