"""From an empty server to a team of two and back, at the pages that people see."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from server.people.links import Links
from tests.browser.conftest import Stage, new_context_of
from tests.browser.guard import Guard
from tests.browser.members import Members
from tests.support.process import BatonProcess
from tests.support.wire_clients import VisitorClient

pytestmark = pytest.mark.asyncio(loop_scope="session")

OWNER, NINA = "ana@shop.example", "nina@shop.example"
PASSWORD = "a long password"
REFUSED = r"the server responded with a status of (401|403|409|422)"
PHONE = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def empty(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[BatonProcess]:
    async with BatonProcess(tmp_path_factory.mktemp("team") / "var", "serve") as baton:
        yield baton


@pytest_asyncio.fixture(loop_scope="session")
async def desk(browser: Browser, empty: BatonProcess) -> AsyncGenerator[Stage]:
    stage = Stage(browser, empty, empty.url, Guard(empty.url), Members(new_context_of(browser), empty.url))
    yield stage
    await stage.close()
    assert stage.guard.found == []


def invitation_path(baton: BatonProcess, email: str) -> str:
    """What the link in somebody's mail leads to."""
    with baton.mongo() as client:
        user = client["baton"]["users"].find_one({"email": email})
        assert user is not None
        invitation = client["baton"]["invitations"].find_one({"user_id": user["_id"]})
    assert invitation is not None
    links = Links((baton.data_dir / "secret_key").read_text("ascii").strip(), "invitation")
    return f"/invite/{links.token(invitation['_id'], invitation['nonce'])}"


async def sign_in(page: Page, url: str, email: str, password: str = PASSWORD) -> None:
    """By the form."""
    await page.goto(f"{url}/login")
    await page.get_by_label("E-mail address").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/app/conversations")


async def test_the_first_visit_makes_the_owner(desk):
    page = await desk.page()
    await page.goto(desk.baton.url)
    await expect(page).to_have_url(re.compile("/setup$"))
    await page.get_by_label("Name of your site").fill("The shop")
    await page.get_by_label("Your name").fill("Ana Lind")
    await page.get_by_label("E-mail address").fill(OWNER)
    await page.get_by_label("Password").fill("aaaaaaaaaaaa")
    desk.guard.allow(REFUSED)
    await page.get_by_role("button", name="Create the workspace").click()
    await expect(page.get_by_role("alert")).to_contain_text("one character over and over")
    await expect(page.get_by_label("Your name")).to_have_value("Ana Lind")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Create the workspace").click()
    await expect(page).to_have_url(re.compile("/app/conversations$"))
    await expect(page.locator("#never-any")).to_be_visible()


async def wrote(desk, text: str) -> VisitorClient:
    """A visitor who has written this."""
    with desk.baton.mongo() as client:
        key = client["baton"]["workspaces"].find_one({})["key"]
    visitor = VisitorClient(desk.baton.url, key)
    await visitor.hello()
    await visitor.post(text, "m1")
    return visitor


async def test_somebody_is_invited_joins_takes_over_and_is_removed(desk):
    ana, nina = await desk.page(), await desk.page()
    await sign_in(ana, desk.baton.url, OWNER)
    await ana.get_by_role("link", name="Settings").click()
    await ana.get_by_role("link", name="Team", exact=True).click()
    await ana.get_by_label("E-mail address").fill(NINA)
    await ana.get_by_label("Role", exact=True).first.select_option("Editor")
    await ana.get_by_role("button", name="Send the invitation").click()
    await expect(ana.get_by_role("status").filter(has_text=f"Sent to {NINA}.")).to_be_visible()
    row = ana.locator("#members .member", has_text=NINA)
    await expect(row).to_contain_text("Invited. The link works until")

    early = await wrote(desk, "Before Nina came")

    path = invitation_path(desk.baton, NINA)
    await nina.goto(f"{desk.baton.url}{path}")
    await expect(nina.get_by_role("heading")).to_have_text("Join The shop")
    await expect(nina.locator("main")).to_contain_text("Ana Lind invited you")
    await nina.get_by_label("Your name").fill("Nina Berg")
    await nina.get_by_label("Password").fill(PASSWORD)
    await nina.get_by_role("button", name="Join").click()
    await expect(nina).to_have_url(re.compile("/app/conversations$"))
    await expect(nina.get_by_role("link", name="Settings")).to_have_count(0)
    row = nina.locator(f'#rows > [data-id="{early.conversation_id}"]')
    await expect(row).to_be_visible()
    await expect(row).not_to_have_attribute("data-unread", "")
    await early.post("And after", "m2")
    await expect(row).to_have_attribute("data-unread", "")
    await early.close()

    stranger = await desk.page()
    desk.guard.allow(r"the server responded with a status of 404")
    await stranger.goto(f"{desk.baton.url}{path}")
    await expect(stranger.get_by_role("heading")).to_have_text("This link does not work any more")

    visitor = await wrote(desk, "Hello")
    await nina.goto(f"{desk.baton.url}/app/conversations/{visitor.conversation_id}")
    await nina.locator("#claim").click()
    await expect(nina.locator("#composer")).to_be_visible()
    await visitor.wait("conversation.claimed")

    desk.guard.allow(REFUSED)
    await ana.reload()
    row = ana.locator("#members .member", has_text="Nina Berg")
    await row.get_by_label("Role").select_option("Admin")
    await expect(ana.locator("#team-notice")).to_have_text("Nina Berg is admin now.")
    await row.get_by_role("button", name="Remove Nina Berg").click()
    dialog = ana.get_by_role("dialog", name="Remove Nina Berg?")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(row).to_be_visible()
    await row.get_by_role("button", name="Remove Nina Berg").click()
    await dialog.get_by_role("button", name="Remove").click()
    await expect(row).to_have_count(0)
    await visitor.wait("conversation.released")
    await expect(nina).to_have_url(re.compile("/login"))
    await visitor.close()


async def test_the_last_owner_has_no_way_out(desk):
    ana = await desk.page()
    await sign_in(ana, desk.baton.url, OWNER)
    await ana.goto(f"{desk.baton.url}/app/settings/team")
    row = ana.locator("#members .member", has_text=OWNER)
    await expect(row).to_contain_text("Owner")
    await expect(row.get_by_role("combobox")).to_have_count(0)
    await expect(row.get_by_role("button")).to_have_count(0)
    desk.guard.allow(REFUSED)
    await ana.goto(f"{desk.baton.url}/app/account")
    await ana.get_by_role("button", name="Leave The shop").click()
    await ana.get_by_role("dialog").get_by_role("button", name="Leave").click()
    await expect(ana.locator("#account-notice")).to_contain_text("A workspace needs an owner.")


async def test_ones_own_account(desk):
    ana, elsewhere = await desk.page(), await desk.page()
    await sign_in(ana, desk.baton.url, OWNER)
    await sign_in(elsewhere, desk.baton.url, OWNER)
    await ana.goto(f"{desk.baton.url}/app/account#notifications")
    await ana.get_by_label("Name", exact=True).fill("Ana Lindqvist")
    await ana.get_by_role("button", name="Save").click()
    await expect(ana.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    await expect(ana.locator("#account > summary")).to_contain_text("Ana Lindqvist")

    mail = ana.get_by_label("E-mail me about each new lead of The shop")
    await expect(mail).to_be_checked()
    await mail.uncheck()
    await expect(ana.locator("#account-notice")).to_have_text("You get no e-mail for new leads.")
    await ana.reload()
    await expect(mail).not_to_be_checked()

    desk.guard.allow(REFUSED)
    await ana.get_by_label("Present password").fill("wrong")
    await ana.get_by_label("New password").fill("another long password")
    await ana.get_by_role("button", name="Change the password").click()
    await expect(ana.locator("#current-wrong")).to_have_text("That is not your present password.")
    await expect(ana.get_by_label("Present password")).to_be_focused()

    await expect(ana.locator("#own-sessions .member").first).to_contain_text("This browser.")
    await ana.get_by_role("button", name="Sign out everywhere else").click()
    await expect(ana.locator("#own-sessions .member")).to_have_count(1)
    await expect(ana.locator("#sessions-alone")).to_have_text("You are signed in nowhere else.")
    await expect(elsewhere).to_have_url(re.compile("/login"))


async def test_the_doors_and_what_is_behind_them_fit_a_small_phone(desk):
    page = await desk.page(**PHONE)
    for path in ("/login", "/forgot", "/app/settings/team", "/app/account"):
        if path == "/app/settings/team":
            await sign_in(page, desk.baton.url, OWNER)
        await page.goto(f"{desk.baton.url}{path}")
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(wider) == 0, path
