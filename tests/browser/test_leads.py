"""Leads in front of people: the form that a rule opens, a colleague's inbox, toasts and notifications."""

from __future__ import annotations

import asyncio
import json
import re
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, Request, expect

from tests.support.wire_clients import OperatorClient

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADMIN, EDITOR, VIEWER = "admin@demo.test", "editor@demo.test", "viewer@demo.test"
WIDGET = "/app/settings/widget"
RULES = [
    {"name": "A second on a price page", "url": "*/pricing*", "seconds": 1},
    {"name": "Did not know", "url": "*/help*", "unknown": 1},
    {"name": "Read to the end", "url": "*/read*", "scroll": 90},
    {"name": "About to leave", "url": "*/leave*", "exit_intent": True},
]
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
EVERY_MS = 30_000

_numbers = count(1)

LEAVE = """() => {
    document.documentElement.dispatchEvent(new MouseEvent("mouseleave", { clientY: -1 }));
    return window.$baton?.isOpen() ?? false;
}"""
HIDE = """(state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
RECORD_NOTIFICATIONS = """
window.rung = [];
const Real = window.Notification;
window.Notification = class extends Real {
    constructor(title, options) { super(title, options); window.rung.push({ title, ...options }); }
};
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def rules(baton):
    admin = OperatorClient(baton.url, ADMIN)
    await admin.sign_in()
    before = json.loads((await admin.http("GET", WIDGET)).body)["settings"]
    kept = {name: before[name] for name in ("allowed_origins", "lead_form")}

    async def set_rules(rules: list[dict[str, Any]]) -> None:
        answer = await admin.http("POST", WIDGET, {**kept, "rules": rules})
        assert answer.code == 200, answer.body

    await set_rules(RULES)
    yield
    await set_rules(before["rules"])


async def leave_lead(page: Page, baton_url: str, **fields: str) -> dict[str, str]:
    """A lead by a site's own form."""
    given = {"name": f"Lea {next(_numbers)}", "email": "lea@example.com", **fields}
    answer = await page.request.post(f"{baton_url}/widget/demo/leads", data=given)
    assert answer.status == 201, await answer.text()
    return {**given, "id": (await answer.json())["lead_id"]}


def toasts(page: Page):
    return page.locator("#toasts .toast")


def asked_of(page: Page) -> list[str]:
    """The requests for the feed, from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/leads/feed" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


async def fed(page: Page) -> None:
    """Wait until the page has its place in the feed."""
    await page.wait_for_function("() => Object.keys(sessionStorage).some((key) => key.endsWith(':feed'))")


async def test_a_rule_opens_the_form_and_a_colleague_sees_the_lead_at_once(stage):
    adam, zoe = await stage.operator(ADMIN), await stage.visitor()
    await adam.page.goto(f"{stage.baton.url}/app/inbox")
    # There may be some of other tests.
    await adam.page.wait_for_selector("#rows > li, #never-any:not([hidden])")
    if await adam.page.locator("#rows > [data-unread]").count():
        await adam.page.get_by_role("button", name="Mark all read").click()
        await expect(adam.page.locator("#rows > [data-unread]")).to_have_count(0)
    await expect(adam.page.locator("#inbox-count")).to_be_hidden()

    await zoe.page.goto(f"{stage.site}/pricing?title=Prices")
    form = zoe.panel.locator(".lead form")
    await expect(form).to_be_visible()
    assert await zoe.page.evaluate("document.activeElement === document.body")
    await expect(zoe.composer).to_be_visible()

    # What is plain to see is said without asking the server, field by field.
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("Leave an address, so that we can reach you.")).to_be_visible()
    await form.get_by_label("E-mail").fill("zoe@example")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text("That does not look like an e-mail address")).to_be_visible()
    # What only the server knows, too.
    await form.get_by_label("E-mail").fill("zoe@example.com")
    await form.get_by_label("Name").fill(f"Zoë {HOSTILE}")
    await form.get_by_label("Phone").fill("+49 1")
    await form.get_by_label("What is it about?").fill(f"Call me\n{HOSTILE}")
    await form.get_by_role("button", name="Send").click()
    await expect(form.get_by_text(re.compile("no such phone number|not a phone number"))).to_be_visible()
    await expect(form.get_by_label("Phone")).to_have_attribute("aria-invalid", "true")
    await form.get_by_label("Phone").fill("+49 30 901820")
    await form.get_by_role("button", name="Send").click()
    await expect(zoe.panel.locator(".lead")).to_have_text(
        "Thank you. We will get back to you at zoe@example.com."
    )

    row = adam.page.locator("#rows > [data-unread]")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text(f"Zoë {HOSTILE}")
    await expect(adam.page.locator("#inbox-count")).to_have_text("1")
    await row.locator("a").click()
    details = adam.page.locator("#details")
    await expect(details).to_contain_text("opened by the rule “A second on a price page”")
    await expect(details.get_by_role("link", name="Prices").first).to_be_visible()
    await expect(details.get_by_role("link", name="+4930901820")).to_have_attribute("href", "tel:+4930901820")
    await expect(details).to_contain_text(f"Call me\n{HOSTILE}", use_inner_text=True)
    await expect(adam.page.locator("#rows > [data-unread]")).to_have_count(0)
    await expect(adam.page.locator("#inbox-count")).to_be_hidden()
    await adam.is_live()
    await adam.take_over()
    await adam.reply("Hello Zoë, Adam here.")
    await expect(zoe.replies).to_have_text("Hello Zoë, Adam here.")

    # Remembered: neither this rule nor another asks her again.
    await zoe.page.clock.install()
    await zoe.page.goto(f"{stage.site}/pricing")
    await expect(zoe.replies).to_have_count(1)
    await zoe.page.clock.run_for(1_500)  # longer than the rule's second: what must not happen has no event
    await expect(zoe.panel.locator(".lead")).to_have_count(0)


async def test_who_does_not_want_the_form_is_not_asked_again(stage):
    zoe = await stage.visitor()
    await zoe.page.goto(f"{stage.site}/leave")
    await expect(zoe.launcher).to_be_visible()
    async with asyncio.timeout(10):  # the rules are there a moment after the launcher
        while not await zoe.page.evaluate(LEAVE):
            await asyncio.sleep(0.05)
    await expect(zoe.panel.locator(".lead form")).to_be_visible()
    await zoe.panel.get_by_role("button", name="Not now").click()
    await expect(zoe.panel.locator(".lead")).to_have_count(0)
    await zoe.page.clock.install()
    await zoe.page.goto(f"{stage.site}/pricing")
    await expect(zoe.panel).to_be_visible()
    await zoe.page.clock.run_for(1_500)
    await expect(zoe.panel.locator(".lead")).to_have_count(0)


async def test_on_a_phone_a_rule_asks_beside_the_launcher_and_covers_nothing(stage):
    zoe = await stage.visitor(viewport={"width": 320, "height": 90}, has_touch=True)
    await zoe.page.goto(f"{stage.site}/read")
    await expect(zoe.launcher).to_be_visible()
    await expect(zoe.panel).to_have_count(0)
    note = zoe.page.locator("baton-widget span[role=status]")
    async with asyncio.timeout(10):
        while not await note.text_content():
            await zoe.page.evaluate("scrollTo(0, 0)")
            await zoe.page.evaluate("scrollTo(0, 10000)")
            await asyncio.sleep(0.05)
    await expect(note).to_have_text("Shall we get back to you?")
    await expect(zoe.panel).to_be_hidden()
    await zoe.page.set_viewport_size({"width": 320, "height": 640})
    await zoe.open()
    # It is higher than the thread: the visitor sees where it begins.
    await expect(zoe.panel.get_by_text("Where can we reach you?")).to_be_in_viewport(ratio=1)
    await expect(note).to_have_text("")


async def test_the_form_comes_below_the_answer_that_did_not_know(stage):
    zoe = await stage.visitor()
    await zoe.arrive(f"{stage.site}/help")
    await zoe.ask("Which colour was the emperor's third horse?")
    await expect(zoe.panel.locator(".lead form")).to_be_visible()
    order = await zoe.panel.locator(".list > *").evaluate_all("all => all.map((each) => each.className)")
    assert "lead" in order[-1]


async def test_who_asks_to_be_contacted_gets_the_form_and_may_correct_what_they_left(stage):
    zoe = await stage.visitor()
    await zoe.arrive(stage.site)
    await zoe.ask("Could you call me back, please?")
    lead = zoe.panel.locator(".lead")
    await lead.get_by_label("E-mail").fill("zora@example.com")
    await lead.get_by_role("button", name="Send").click()
    await expect(lead).to_contain_text("We will get back to you at zora@example.com")
    await zoe.page.evaluate("window.$baton.showLeadForm()")
    await lead.get_by_label("Name").fill("Zora")
    await lead.get_by_role("button", name="Send").click()
    await expect(lead).to_contain_text("We had zora@example.com already, and keep what you changed.")


async def test_the_inbox_is_searched_and_a_shared_address_opens_the_lead(stage):
    adam = await stage.operator(ADMIN)
    lead = await leave_lead(adam.page, stage.baton.url, name="Quentin Quill", message="About lamps")
    await adam.page.goto(f"{stage.baton.url}/app/inbox")
    await adam.page.locator("#search").fill("quill lamps")
    await expect(adam.page.locator("#rows > li")).to_have_count(1)
    await adam.page.locator("#rows a").click()
    await expect(adam.page).to_have_url(f"{stage.baton.url}/app/inbox/{lead['id']}?q=quill+lamps")
    await expect(adam.page.locator("#thread-name")).to_have_text("Quentin Quill")
    await adam.page.locator("#search").fill("nobody at all")
    await expect(adam.page.get_by_role("heading", name="Nothing in this view")).to_be_visible()
    await adam.page.get_by_role("button", name="Clear the search").click()
    await expect(adam.page.locator("#rows > li").first).to_be_visible()
    await adam.page.goto(f"{stage.baton.url}/app/inbox/{lead['id']}")
    await expect(adam.page.locator("#thread-name")).to_have_text("Quentin Quill")
    await adam.page.go_back()
    await expect(adam.page.locator("#rows > li").first).to_be_visible()


async def test_a_toast_comes_on_another_page_and_leads_to_the_row(stage):
    victor = await stage.operator(VIEWER, own=True)
    await victor.page.route_web_socket("**/ws/operator", lambda _: None)  # so the feed alone can tell
    await victor.page.clock.install()
    asked = asked_of(victor.page)
    await victor.page.goto(f"{stage.baton.url}/app/account")
    await fed(victor.page)
    assert len(asked) == 1
    lead = await leave_lead(victor.page, stage.baton.url, name=f"Tilda {HOSTILE}")
    await expect(toasts(victor.page)).to_have_count(0)
    await victor.page.clock.run_for(EVERY_MS)
    await expect(toasts(victor.page)).to_have_count(1)
    await expect(toasts(victor.page)).to_contain_text(f"Tilda {HOSTILE}")
    box, window = await victor.page.locator("#toasts").bounding_box(), victor.page.viewport_size
    assert box is not None
    assert window is not None
    assert window["width"] - (box["x"] + box["width"]) < 40
    await toasts(victor.page).locator("a").click()
    await expect(victor.page).to_have_url(f"{stage.baton.url}/app/inbox/{lead['id']}")
    await expect(victor.page.locator("#rows [aria-current]")).to_contain_text("Tilda")
    await expect(toasts(victor.page)).to_have_count(0)


async def test_a_hidden_tab_asks_nothing_and_catches_up_when_it_is_seen(stage):
    victor = await stage.operator(VIEWER, own=True)
    await victor.page.clock.install()
    asked = asked_of(victor.page)
    await victor.page.goto(f"{stage.baton.url}/app/account")
    await fed(victor.page)
    await victor.page.evaluate(HIDE, "hidden")
    stage.guard.allow("WebSocket is closed before")  # ten minutes pass before a connection stands
    asked.clear()
    names = [(await leave_lead(victor.page, stage.baton.url))["name"] for _ in range(5)]
    await victor.page.clock.run_for(20 * EVERY_MS)
    assert asked == []
    await expect(toasts(victor.page)).to_have_count(0)
    await victor.page.evaluate(HIDE, "visible")
    await expect(toasts(victor.page)).to_have_count(3)
    await expect(toasts(victor.page).first).to_contain_text(names[-1])
    await expect(victor.page.locator("#toasts-more")).to_have_text("2 more in the inbox")
    assert len(asked) == 1
    await victor.page.clock.run_for(EVERY_MS)
    await expect(toasts(victor.page)).to_have_count(0)  # they have gone by themselves
    assert len(asked) == 2


@pytest.mark.slow
async def test_two_tabs_of_a_browser_show_a_lead_once_and_at_once(stage):
    edith = await stage.operator(EDITOR)
    await edith.open_list()
    await fed(edith.page)
    second = await edith.page.context.new_page()
    await second.goto(f"{stage.baton.url}/app/conversations")
    await fed(second)
    lead = await leave_lead(edith.page, stage.baton.url)
    both = [edith.page, second]
    await shown_once(both, lead["name"])
    # The one that did not show it asks the feed, and still does not.
    for page in both:
        await page.evaluate(HIDE, "hidden")
        async with page.expect_response(re.compile("/leads/feed")):
            await page.evaluate(HIDE, "visible")
    assert sum([await toasts(page).count() for page in both]) <= 1
    # A third one, opened now, begins with what comes from now on.
    third = await edith.page.context.new_page()
    await third.goto(f"{stage.baton.url}/app/conversations")
    await fed(third)
    await expect(toasts(third)).to_have_count(0)


async def shown_once(pages: list[Page], name: str) -> None:
    """Wait until exactly one of the pages shows it."""
    for _ in range(100):
        shown = [await toasts(page).filter(has_text=name).count() for page in pages]
        if sum(shown):
            break
        await pages[0].wait_for_timeout(50)
    # Both have heard of it: what the other one decided is decided by now.
    for page in pages:
        await expect(page.locator("#inbox-count")).to_be_visible()
    assert sum([await toasts(page).filter(has_text=name).count() for page in pages]) == 1


async def rung_in(context: BrowserContext) -> list[str]:
    found = [await page.evaluate("window.rung.map(({ title }) => title)") for page in context.pages]
    return [title for titles in found for title in titles]


@pytest.mark.slow
async def test_with_permission_a_lead_rings_once_in_a_browser_also_while_nobody_looks(stage):
    edith = await stage.operator(EDITOR, own=True)
    context = edith.page.context
    await context.grant_permissions(["notifications"], origin=stage.baton.url)
    await context.add_init_script(RECORD_NOTIFICATIONS)
    await edith.open_list()
    second = await context.new_page()
    await second.goto(f"{stage.baton.url}/app/inbox")
    await expect(edith.page.locator("#bell")).to_have_attribute("data-state", "on")
    for page in (edith.page, second):
        await fed(page)
        await page.evaluate(HIDE, "hidden")
    lead = await leave_lead(edith.page, stage.baton.url)
    for page in (edith.page, second):
        await page.wait_for_function(
            "(id) => Object.keys(localStorage).some((key) => key.endsWith(`:rung:${id}`))",
            arg=lead["id"],
        )
    assert await rung_in(context) == [f"New lead: {lead['name']}"]
    # Turned off in this browser, and then on again.
    await edith.page.locator("#bell").click()
    await expect(second.locator("#bell")).to_have_attribute("data-state", "off")
    await edith.page.locator("#bell").click()
    await expect(edith.page.locator("#bell-note")).to_contain_text("Each new lead raises one notification")
    await expect(second.locator("#bell")).to_have_attribute("data-state", "on")


async def test_denied_permission_is_explained_at_the_bell(stage):
    edith = await stage.operator(EDITOR)
    await edith.page.add_init_script(
        "Object.defineProperty(Notification, 'permission', { configurable: true, get: () => 'denied' })"
    )
    await edith.open_list()
    bell, note = edith.page.locator("#bell"), edith.page.locator("#bell-note")
    await expect(bell).to_have_accessible_name("Notifications are blocked")
    await bell.click()
    await expect(note).to_contain_text("Your browser blocks notifications from this address")
    await edith.page.keyboard.press("Escape")
    await expect(note).to_be_hidden()


async def test_the_bell_asks_for_permission(stage):
    edith = await stage.operator(EDITOR)
    await edith.page.add_init_script(
        """let answer = "default";
        Object.defineProperty(Notification, "permission", { configurable: true, get: () => answer });
        Notification.requestPermission = async () => {
            window.asked = (window.asked ?? 0) + 1;
            return (answer = "granted");
        };"""
    )
    await edith.open_list()
    await expect(edith.page.locator("#bell")).to_have_attribute("data-state", "ask")
    assert await edith.page.evaluate("window.asked") is None
    await edith.page.locator("#bell").click()
    await expect(edith.page.locator("#bell")).to_have_attribute("data-state", "on")
    assert await edith.page.evaluate("window.asked") == 1
