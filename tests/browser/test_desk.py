"""What operators lean on at a busy desk: rows that hold still, what is unread, the truth about a loss."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from playwright.async_api import Route, WebSocketRoute, expect

from actors.ids import WorkspaceId, new_id
from server.conversations.entries import entry_document
from server.conversations.rows import new_document, summary_of
from tests.support.logs import Log
from tests.support.wire_clients import OperatorClient

pytestmark = pytest.mark.asyncio(loop_scope="session")

EDITOR, ADMIN = "editor@demo.test", "admin@demo.test"
REFUSED = r"the server responded with a status of 409 \(Conflict\)"
HIDE = """(state) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
WRONG_CLOCK = """
const real = Date.now;
let ahead = 0;
window.setClock = (ms) => { ahead = ms; };
Date.now = () => real() + ahead;
window.setClock(3 * 3_600_000);
"""


async def test_rows_hold_still_under_the_pointer_and_under_focus(stage, street):
    anna, bert = await street.visitor("Anna was here"), await street.visitor("Bert was here")
    edith = await stage.operator(EDITOR)
    await edith.open_list()
    rows, bar = edith.page.locator("#rows > .row"), edith.page.locator("#new-bar")
    upper, lower = edith.row(bert.conversation_id), edith.row(anna.conversation_id)
    await expect(rows.nth(0)).to_have_attribute("data-id", bert.conversation_id)
    await expect(rows.nth(1)).to_have_attribute("data-id", anna.conversation_id)

    await upper.hover()
    before = await upper.bounding_box()
    await street.write(anna, "Anna writes again")
    carl = await street.visitor("Carl is new")
    await expect(bar).to_have_text("2 new")
    await expect(edith.page.locator("#announcer")).to_have_text("New conversations at the top of the list.")
    assert await upper.bounding_box() == before
    await expect(lower).to_have_attribute("data-unread", "")
    await edith.page.mouse.move(900, 400)
    await expect(rows.nth(0)).to_have_attribute("data-id", carl.conversation_id)
    await expect(rows.nth(1)).to_have_attribute("data-id", anna.conversation_id)
    await expect(bar).to_be_hidden()

    await edith.page.keyboard.press("j")
    await expect(rows.nth(0).locator("a")).to_be_focused()
    await street.write(bert, "Bert writes again")
    await expect(bar).to_have_text("1 new")
    await expect(rows.nth(0).locator("a")).to_be_focused()
    await bar.click()
    await expect(rows.nth(0)).to_have_attribute("data-id", bert.conversation_id)


@pytest.mark.slow
async def test_what_one_member_has_read_stays_unread_for_another_and_is_read_in_every_tab(
    stage, street, guard
):
    zoe = await street.visitor("Is anybody here?")
    edith, adam = await stage.operator(EDITOR), await stage.operator(ADMIN)
    await asyncio.gather(edith.open_list(), adam.open_list())
    second = type(edith)(await edith.page.context.new_page(), edith.url, EDITOR)
    await second.open_list()
    desks = (edith, second, adam)
    for desk in desks:
        await expect(desk.row(zoe.conversation_id)).to_have_attribute("data-unread", "")
    await expect(edith.row(zoe.conversation_id)).to_contain_text("Unread:")

    await edith.row(zoe.conversation_id).click()
    await edith.is_live()
    for desk in (edith, second):
        await expect(desk.row(zoe.conversation_id)).not_to_have_attribute("data-unread", "")
    await expect(adam.row(zoe.conversation_id)).to_have_attribute("data-unread", "")

    # Nobody sees what comes while the page is hidden.
    await edith.page.evaluate(HIDE, "hidden")
    await street.write(zoe, "Hello?")
    for desk in desks:
        await expect(desk.row(zoe.conversation_id)).to_have_attribute("data-unread", "")
    await edith.page.evaluate(HIDE, "visible")
    await expect(second.row(zoe.conversation_id)).not_to_have_attribute("data-unread", "")
    await second.page.reload()
    await expect(second.row(zoe.conversation_id)).to_be_visible()
    await expect(second.row(zoe.conversation_id)).not_to_have_attribute("data-unread", "")

    # All at once; what is refused is unread again, in words.
    guard.allow("net::ERR_FAILED")
    other = type(adam)(await adam.page.context.new_page(), adam.url, ADMIN)
    await other.open_list()
    await adam.page.route("**/app/conversations/read", lambda route: route.abort())
    await adam.page.keyboard.press("Shift+M")
    await expect(adam.page.locator("#list-wrong")).to_contain_text(
        "Nothing was marked as read. Couldn't reach"
    )
    await expect(adam.row(zoe.conversation_id)).to_have_attribute("data-unread", "")
    await adam.page.unroute("**/app/conversations/read")
    await adam.page.get_by_role("button", name="Try again").click()
    for desk in (adam, other):
        await expect(desk.page.locator("#rows > [data-unread]")).to_have_count(0)
    await expect(adam.page.locator("#list-wrong")).to_be_hidden()
    await street.write(zoe, "One more thing")
    await expect(other.row(zoe.conversation_id)).to_have_attribute("data-unread", "")


def hold_in(held: asyncio.Queue[Route]) -> Callable[[Route], None]:
    """Keep a request back until the test lets it go."""

    def keep(route: Route) -> None:
        held.put_nowait(route)

    return keep


async def test_a_claim_is_shown_at_once_and_a_lost_one_says_who_won(stage, street):
    zoe = await street.visitor("Hello")
    edith, adam = await stage.operator(EDITOR), await stage.operator(ADMIN)
    for loser, winner in ((edith, adam), (adam, edith)):
        await asyncio.gather(*(desk.open(zoe.conversation_id) for desk in (edith, adam)))
        stage.guard.allow(REFUSED)
        held: asyncio.Queue[Route] = asyncio.Queue()
        await loser.page.route("**/claim", hold_in(held), times=1)
        await loser.take_over_button.click()
        route = await asyncio.wait_for(held.get(), 10)
        # Nothing has come back yet, and it looks done, but for what says that it is not.
        await expect(loser.composer).to_be_visible()
        await expect(loser.reply_field).to_be_focused()
        await expect(loser.badge).to_have_attribute("data-pending", "")
        await expect(loser.badge).to_have_text(loser.name)
        await loser.reply_field.fill("Let me look that up")
        await winner.take_over()
        await route.continue_()
        await expect(loser.notice).to_have_text(
            f"{winner.name} was first and has this now. Your draft is kept."
        )
        await expect(loser.composer).to_be_hidden()
        await expect(loser.banner).to_contain_text(re.compile(rf"{winner.name} has this since \d\d:\d\d\."))
        preview = loser.row(zoe.conversation_id).locator(".row-preview")
        await expect(preview).to_have_text("Draft: Let me look that up")
        assert await preview.evaluate("it => it.clientHeight") < 24, "one line, as every row's"
        await expect(loser.take_it_button).to_be_visible(visible=loser is adam)
        await loser.page.locator("#watch").click()
        await expect(loser.notice).to_be_hidden()
        await street.write(zoe, "Still there?", answered=False)
        await expect(loser.said("user").last).to_have_text("Still there?")
        await winner.hand_back()
        await loser.page.evaluate("sessionStorage.clear()")  # the draft would be in the composer again


async def test_a_reply_that_failed_is_there_after_a_reload_and_goes_out_once(stage, street):
    zoe, edith = await street.visitor("Hello"), await stage.operator(EDITOR)
    await edith.open(zoe.conversation_id)
    await edith.take_over()
    stage.guard.allow(r"net::ERR_FAILED")
    await edith.page.route("**/reply", lambda route: route.abort())
    await edith.reply_field.fill("The spring sale starts on 21 March.")
    await edith.reply_field.press("Control+Enter")
    failed = edith.page.locator('#transcript .message[data-state="failed"]')
    for _ in range(2):
        await expect(failed).to_contain_text("The spring sale starts on 21 March.")
        await expect(failed).to_contain_text("Couldn't send. Couldn't reach the server.")
        await expect(edith.row(zoe.conversation_id)).to_contain_text("Not sent: The spring sale")
        await edith.page.reload()
    await edith.is_live()
    await edith.page.unroute("**/reply")
    await failed.get_by_role("button", name="Retry").click()
    await expect(edith.said("human-agent")).to_have_text(["The spring sale starts on 21 March."])
    await expect(edith.row(zoe.conversation_id)).not_to_contain_text("Not sent")
    await edith.page.reload()
    await expect(edith.said("human-agent")).to_have_count(1)
    await expect(failed).to_have_count(0)


@pytest.mark.slow
async def test_after_an_outage_the_desk_catches_up_by_itself_and_says_how_much(stage, street):
    stage.guard.allow(r"net::ERR_", r"WebSocket connection to .* failed")
    zoe, edith = await street.visitor("Hello"), await stage.operator(EDITOR)
    await edith.open(zoe.conversation_id)
    await edith.take_over()
    await edith.reply_field.fill("Half a reply")
    await edith.page.evaluate("window.sameDocument = true")
    chip = edith.page.locator("#connection")
    await stage.baton.kill()
    await expect(chip).to_have_text(re.compile("Reconnecting…"))
    await edith.page.context.set_offline(True)
    await expect(chip).to_have_text(re.compile("You are offline"))
    await stage.baton.start()
    await zoe.hello(after=99)
    for text in ("One", "Two", "Three"):
        await street.write(zoe, text, answered=False)
    await edith.page.context.set_offline(False)
    await expect(chip).to_have_text(re.compile("3 missed, caught up"))
    await expect(edith.said("user")).to_have_text(["Hello", "One", "Two", "Three"])
    await expect(edith.reply_field).to_have_value("Half a reply")
    await edith.reply("And here is the answer.")
    assert await edith.page.evaluate("window.sameDocument")
    await expect(chip).to_be_hidden()


async def test_who_is_signed_out_meanwhile_comes_back_to_the_same_place_with_the_draft(stage, street):
    zoe = await street.visitor("Hello")
    page = await stage.page()
    form = {"email": EDITOR, "password": "baton-demo"}
    assert (await page.request.post(f"{stage.baton.url}/login", data=form)).ok
    edith = type(await stage.operator(ADMIN))(page, stage.baton.url, EDITOR)
    async with page.expect_response("**/read"):  # else it may be refused when the session has ended
        await edith.open(zoe.conversation_id)
    await edith.page.locator("#reply-open").click()
    await edith.reply_field.fill("Half a reply")
    token = next(each["value"] for each in await page.context.cookies() if each["name"] == "_xsrf")
    ended = await page.request.post(f"{stage.baton.url}/logout", headers={"X-XSRFToken": token})
    assert ended.ok
    await page.wait_for_url(re.compile(r"/login\?next="))
    await page.get_by_label("E-mail").fill(EDITOR)
    await page.get_by_label("Password").fill("baton-demo")
    await page.keyboard.press("Enter")
    await edith.is_live()
    await expect(edith.page).to_have_url(re.compile(rf"/app/conversations/{zoe.conversation_id}$"))
    await expect(edith.reply_field).to_have_value("Half a reply")


async def test_times_are_the_servers_whatever_the_clock_here_says(stage, street):
    zoe = await street.visitor("Hello")
    edith = await stage.operator(EDITOR)
    await edith.page.add_init_script(WRONG_CLOCK)
    await edith.open_list()
    time = edith.row(zoe.conversation_id).locator("time")
    await expect(time).to_have_text("now")
    assert re.search(r"\d{4} at \d\d:\d\d:\d\d", await time.get_attribute("title") or "")
    # The computer's clock is set while the page is open; the page is looked at again.
    await edith.page.evaluate("setClock(12 * 3_600_000)")
    async with edith.page.expect_response("**/healthz"):
        await edith.page.evaluate(HIDE, "visible")
    await expect(time).to_have_text("now")
    assert await time.bounding_box()


async def test_details_stay_as_this_browser_left_them_and_follow_the_visitor(stage, street):
    zoe, edith = (
        await street.visitor("Hello"),
        await stage.operator(EDITOR, viewport={"width": 1440, "height": 900}),
    )
    await edith.open(zoe.conversation_id)
    details, toggle = edith.page.locator("#details"), edith.page.locator("#details-toggle")
    trail = edith.page.locator("#details [data-part=pages] a")
    await expect(trail).to_have_text(["Shop"])
    local = details.locator("[data-part=clock]")
    await expect(local).to_be_hidden()
    zoe.page = {"url": "https://shop.example/help/returns", "title": "Returns", "referrer": ""}
    zoe.time_zone = "Pacific/Kiritimati"
    await zoe.hello(after=99)
    await expect(local).to_have_text(re.compile(r"\d\d:\d\d.* in Kiritimati$"))
    await expect(trail).to_have_text(["Returns", "Shop"])
    await expect(edith.page.locator("#thread-page")).to_have_text("Returns")
    for name, value in (("rel", "noopener noreferrer nofollow"), ("referrerpolicy", "no-referrer")):
        await expect(trail.first).to_have_attribute(name, value)
    await toggle.click()
    await expect(details).to_be_hidden()
    await expect(toggle).to_have_attribute("aria-expanded", "false")
    await edith.page.reload()
    await edith.is_live()
    await expect(details).to_be_hidden()
    await toggle.click()
    await expect(trail).to_have_text(["Returns", "Shop"])
    # Of somebody who has not written it is not said that they are answered, nor that they left.
    silent = await street.visitor()
    await edith.open(silent.conversation_id)
    await expect(edith.banner).to_contain_text("has not written yet. The bot will answer.")
    await silent.close()
    await expect(edith.banner).to_contain_text("has not written, and the chat is not open.")
    for where in ("#thread-online", "#details [data-part=online]"):
        await expect(edith.page.locator(where)).to_have_text("Chat not open")


async def test_a_tag_shows_at_once_whatever_comes_meanwhile_and_a_refused_one_goes_in_words(stage, street):
    zoe, edith, admin = (
        await street.visitor("Hello"),
        await stage.operator(EDITOR),
        OperatorClient(stage.baton.url, ADMIN),
    )
    await admin.sign_in()
    made = await admin.http("POST", "/app/tags", {"name": "Billing desk", "colour": "blue"})
    await edith.open(zoe.conversation_id)
    stage.guard.allow(r"net::ERR_FAILED")
    held: asyncio.Queue[Route] = asyncio.Queue()
    await edith.page.route("**/tags", hold_in(held), times=1)
    extra, row = edith.page.locator(".details-extra"), edith.row(zoe.conversation_id)
    await extra.get_by_text("Change tags").click()
    box = extra.get_by_role("checkbox", name="Billing desk")
    for done in (False, True):
        await box.click()
        await expect(row).to_contain_text("Billing desk")
        if not done:
            route = await asyncio.wait_for(held.get(), 10)
            claimed = await admin.http("POST", f"/app/conversations/{zoe.conversation_id}/claim")
            assert claimed.code == HTTPStatus.OK
            await expect(row).to_contain_text("Adam")  # so a row has come
            await expect(row).to_contain_text("Billing desk")
            await expect(box).to_be_checked()
            await route.abort()
            await expect(row).not_to_contain_text("Billing desk")
            await expect(box).not_to_be_checked()
            await expect(extra).to_contain_text("The tag was not changed. Couldn't reach the server.")
    await expect(extra).not_to_contain_text("The tag was not changed.")
    await edith.page.reload()
    await expect(row).to_contain_text("Billing desk")
    tag_id = json.loads(made.body)["tag"]["id"]
    assert (await admin.http("DELETE", f"/app/tags/{tag_id}")).code == HTTPStatus.NO_CONTENT
    await expect(row).not_to_contain_text("Billing desk")


async def test_a_newer_baton_is_offered_and_comes_by_itself_when_nobody_looks(stage, street):
    zoe, edith = await street.visitor("Hello"), await stage.operator(EDITOR)
    newer = re.compile(r'"assets":"[0-9a-f]+"')

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda text: socket.send(newer.sub('"assets":"0a1b2c"', str(text))))

    await edith.page.route_web_socket("**/ws/operator", connect)
    await edith.open(zoe.conversation_id)
    await edith.page.locator("#reply-open").click()
    await edith.reply_field.fill("Half a reply")
    await expect(edith.page.locator("#connection")).to_contain_text("Baton was updated.")
    await expect(edith.page.get_by_role("button", name="Reload")).to_be_visible()
    await edith.page.evaluate("window.sameDocument = true")
    await edith.page.evaluate(HIDE, "hidden")
    await edith.page.wait_for_function("window.sameDocument === undefined")
    await edith.is_live()
    await expect(edith.reply_field).to_have_value("Half a reply")


def plant(baton, messages: int) -> str:
    """A conversation with a long past."""
    log = Log(new_id(), WorkspaceId("demo"))
    entries = [entry_document(log.key, log.message(f"Message {n}")) for n in range(1, messages + 1)]
    with baton.mongo() as client:
        client["baton"]["conversations"].insert_one(new_document(log.conversation) | summary_of(log.standing))
        client["baton"]["messages"].insert_many(entries)
    return log.key.conversation_id


@pytest.mark.slow
async def test_what_does_not_work_is_undone_and_said_with_the_way_on(stage, baton):
    """Older messages, a hand-back, a deletion, a search: refused, or never heard."""
    adam, conversation_id = await stage.operator(ADMIN), plant(baton, 205)
    page, row = adam.page, adam.row(conversation_id)
    stage.guard.allow(r"net::ERR_FAILED|status of (503|429)")
    await page.goto(f"{adam.url}/app/conversations/{conversation_id}?show=all")
    await adam.is_live()

    await page.route("**/messages?before=*", lambda route: route.abort(), times=1)
    await page.get_by_role("button", name="Show earlier messages").click()
    wrong = page.locator("#older-wrong")
    await expect(wrong).to_have_text("Couldn't load earlier messages. Couldn't reach the server.")
    await expect(adam.messages.first).to_contain_text("Message 6")
    await page.locator("#older").click()
    await expect(adam.messages.first).to_contain_text("Message 1")
    await expect(wrong).to_be_hidden()

    await adam.take_over()
    held: asyncio.Queue[Route] = asyncio.Queue()
    await page.route("**/release", hold_in(held), times=1)
    await page.locator("#release-open").click()
    await page.locator("#note").fill("Refund agreed")
    await page.locator("#release").click()
    await expect(adam.banner).to_contain_text("Handing back to the bot")
    gateway = "<html><h1>503 Service Temporarily Unavailable</h1></html>"
    await (await asyncio.wait_for(held.get(), 10)).fulfill(status=503, body=gateway)
    await expect(adam.notice).to_have_text(
        "That did not work. Baton does not answer just now. Try again in a moment."
    )
    await expect(adam.badge).to_have_text(adam.name)
    await expect(page.locator("#note")).to_have_value("Refund agreed")  # to be sent again, or not
    await page.locator("#handback-cancel").click()
    await expect(adam.reply_field).to_be_focused()

    await page.route(f"**/{conversation_id}", hold_in(held), times=1)
    await page.locator(".details-extra").get_by_role("button", name="Delete conversation").click()
    await page.locator("#confirm").get_by_role("button", name="Delete").click()
    await expect(row).to_have_attribute("data-leaving", "")
    await (await asyncio.wait_for(held.get(), 10)).fulfill(status=429, headers={"Retry-After": "20"})
    await expect(page.locator("#cleanup-wrong")).to_have_text(
        "That did not work. That was too much at once. Wait 20 seconds, then try again."
    )
    await expect(row).not_to_have_attribute("data-leaving", "")
    await expect(adam.composer).to_be_visible()

    await page.route("**/app/inbox?q=*", lambda route: route.abort(), times=1)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    field = page.locator("#palette-field")
    await field.fill("Message 17")
    again = page.get_by_role("option", name="Couldn't search everything. Try again")
    await expect(again).to_contain_text("Couldn't reach the server.")
    await again.click()
    await expect(field).to_have_value("Message 17")
    await expect(again).to_have_count(0)


async def test_what_could_not_be_read_is_not_shown_as_if_it_were_true(stage, street):
    await street.visitor()  # who writes nothing
    page = (await stage.operator(ADMIN)).page
    stage.guard.allow(r"net::ERR_FAILED")
    reads = ("**/delete-preview?empty=1", "**/app/leads/feed*")
    for read in reads:
        await page.route(read, lambda route: route.abort())
    await page.goto(f"{stage.baton.url}/app/conversations?show=all")
    await expect(page.locator("#inbox-count")).to_have_text("?")
    await expect(page.locator("#delete-empty")).to_have_text("Delete empty")
    for read in reads:
        await page.unroute(read)
    await page.locator("#delete-empty").click()  # counted before anything goes
    await expect(page.locator("#confirm")).to_contain_text("in which nobody wrote")
    await page.keyboard.press("Escape")
    await expect(page.locator("#delete-empty")).to_have_text(re.compile(r"^Delete empty \(\d+\)$"))

    await page.route("**/logout", lambda route: route.abort(), times=1)
    await page.keyboard.press("Control+k")
    await page.locator("#palette-field").fill("Sign out")
    await page.keyboard.press("Enter")
    still = page.locator("#sign-out-wrong")
    await expect(still).to_have_text("You are still signed in. Couldn't reach the server.")
    await expect(page.locator("#sign-out")).to_be_focused()
