"""Pictures of the widget and the console in every state, and the two of the README.

`python -m ops.screenshots [FOLDER]` starts a Baton of its own with the demo, lets people play, and writes
    FOLDER/widget-…, FOLDER/console-…   every state at three widths, light and dark (ops/screenshots/all)
    ops/screenshots/console.png, widget.png   the README's
Look at them; nothing here judges.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from ops.screenshot_desk import busy_desk
from tests.browser.chromium import FLAGS, chromium
from tests.browser.people import Operator, Visitor
from tests.support.process import BatonProcess
from tests.support.wire_clients import OperatorClient

HERE = Path(__file__).parent / "screenshots"
PASSWORD = "baton-demo"  # noqa: S105 - the demo's, which every start prints
SIZES = {320: 640, 768: 1024, 1440: 900}
SCHEMES = ("light", "dark")
ADMIN, EDITOR = "admin@demo.test", "editor@demo.test"
ANA = ("ana@demo.test", "Ana Ruiz")
QUESTION = "What happens when two of us take over at the same moment?"
NOTHING = "What is the weather in Oslo tomorrow?"


@dataclass
class Studio:
    """A browser, a Baton, and a folder for the pictures."""

    browser: Browser
    baton: BatonProcess
    folder: Path
    _signed_in: dict[str, Any] = field(default_factory=dict)

    async def page(self, width: int, scheme: str, **options: Any) -> Page:
        """A page as wide as this, in a context of its own."""
        context = await self.browser.new_context(
            viewport={"width": width, "height": options.pop("height", SIZES.get(width, 900))},
            color_scheme="dark" if scheme == "dark" else "light",
            has_touch=width < min(SIZES) + 1,
            locale="en-GB",
            timezone_id="Europe/Berlin",
            **options,
        )
        return await context.new_page()

    async def visitor(self, width: int, scheme: str) -> Visitor:
        """A visitor on the demo's page."""
        visitor = Visitor(await self.page(width, scheme))
        await visitor.page.goto(f"{self.baton.url}/demo")
        await expect(visitor.launcher).to_be_visible()
        return visitor

    async def operator(self, email: str, width: int, scheme: str, **options: Any) -> Operator:
        """A member at the console."""
        page = await self.page(width, scheme, storage_state=self._signed_in.get(email), **options)
        if email not in self._signed_in:
            await sign_in(page.context, self.baton.url, email)
            self._signed_in[email] = await page.context.storage_state()
        return Operator(page, self.baton.url, email)

    async def shoot(self, what: Page | Locator, name: str) -> None:
        """Write a picture, once nothing moves any more."""
        await what.screenshot(path=self.folder / f"{name}.png", animations="disabled")


async def sign_in(context: BrowserContext, url: str, email: str) -> None:
    """Sign this browser in."""
    answer = await context.request.post(f"{url}/login", data={"email": email, "password": PASSWORD})
    if not answer.ok:
        raise RuntimeError(f"{email} could not sign in: {await answer.text()}")


async def empty_console(studio: Studio, width: int, scheme: str) -> None:
    """What there is before anybody came."""
    name = f"{width}-{scheme}"
    page = await studio.page(width, scheme)
    await page.goto(f"{studio.baton.url}/login")
    await studio.shoot(page, f"console-{name}-01-sign-in")
    await page.get_by_label("E-mail address").fill(ADMIN)
    await page.get_by_label("Password").fill("not this one")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await studio.shoot(page, f"console-{name}-02-sign-in-refused")
    await page.context.close()
    operator = await studio.operator(ADMIN, width, scheme)
    page = operator.page
    await page.goto(f"{studio.baton.url}/app/inbox")
    await studio.shoot(page, f"console-{name}-03-inbox-empty")
    await operator.open_list()
    await expect(page.locator("#never-any")).to_be_visible()
    await studio.shoot(page, f"console-{name}-04-never-any")
    await page.goto(f"{studio.baton.url}/nowhere")
    await studio.shoot(page, f"console-{name}-05-not-found")
    await page.context.close()


async def console(studio: Studio, width: int, scheme: str, desk: dict[str, str]) -> None:
    """A busy desk, and one conversation in every state."""
    name = f"{width}-{scheme}"
    operator = await studio.operator(EDITOR, width, scheme)
    page = operator.page
    await operator.open_list()
    await expect(page.locator(".row").first).to_be_visible()
    await studio.shoot(page, f"console-{name}-06-list")
    await operator.open_list("?holder=mine&q=nobody")
    await expect(page.locator("#none-in-view")).to_be_visible()
    await studio.shoot(page, f"console-{name}-07-none-in-view")
    for number, state in enumerate(("bot", "waiting", "other", "mine"), 8):
        await operator.open(desk[state])
        await studio.shoot(page, f"console-{name}-{number:02}-{state}")
    await operator.reply_field.fill(
        "I looked into it: your messages are all there.\n\nShall I send you the list?"
    )
    await studio.shoot(page, f"console-{name}-12-reply")
    await operator.reply_field.fill("")
    await page.locator("#release-open").click()
    await page.locator("#note").fill("Knows the price; wants an invoice to the Oslo office.")
    await studio.shoot(page, f"console-{name}-13-hand-back")
    await page.locator("#handback-cancel").click()
    if await page.locator("#details-toggle").is_visible():
        await page.get_by_role("button", name="Details").click()
        await studio.shoot(page, f"console-{name}-14-details")
    await page.context.close()


@dataclass
class WidgetShoot:
    """One visitor at one width through every state."""

    studio: Studio
    width: int
    scheme: str
    ana: OperatorClient
    newcomer: Page

    async def play(self) -> Visitor:
        """All states that need a server; gives the visitor for the one that needs none."""
        zoe = await self.studio.visitor(self.width, self.scheme)
        await self._shoot(zoe, "01-closed")
        await zoe.open()
        await zoe.composer.blur()
        await self._shoot(zoe, "02-greeting")
        answer = await self._ask(zoe)
        await self._shoot(zoe, "04-answered")
        await answer.locator(".chip").first.click()
        await self._shoot(zoe, "05-source")
        await expect((await zoe.ask(NOTHING)).locator(".bubble")).to_contain_text("write “person”")
        await self._shoot(zoe, "06-not-known")
        await zoe.talk_to_a_person.click()
        await expect(zoe.panel.locator(".line-waiting")).to_be_visible()
        await self._shoot(zoe, "07-waiting")
        await self._human(zoe)
        return zoe

    async def _ask(self, zoe: Visitor) -> Locator:
        before = await zoe.answers.count()
        await zoe.say(QUESTION)
        await zoe.until_streaming()
        await self._shoot(zoe, "03-streaming")
        await expect(zoe.panel.locator(".chip").first).to_be_visible()
        return zoe.answers.nth(before)

    async def _human(self, zoe: Visitor) -> None:
        conversation = await zoe.conversation_id()
        await self.ana.act(conversation, "claim")
        await self.ana.act(conversation, "reply", {"text": "Hi, this is Ana. What would you like to know?"})
        await expect(zoe.replies).to_have_count(1)
        await zoe.say("Does it work with our own MongoDB?")
        await expect(zoe.delivery).to_have_text("Sent")
        await self.ana.subscribe(conversation)
        await self.ana.send({"type": "typing", "channel": f"conversation.{conversation}", "on": True})
        await expect(zoe.typing).to_be_visible()
        await self._shoot(zoe, "08-human")
        text = "It does. One setting, BATON_MONGODB_URI, and the embedded one is not started."
        await self.ana.act(conversation, "reply", {"text": text})
        await expect(zoe.replies).to_have_count(2)
        await self.ana.act(conversation, "release", {})
        await zoe.sees_the_bot()
        await self._shoot(zoe, "09-handed-back")

    async def without_a_server(self, zoe: Visitor) -> None:
        """What is seen when the connection is gone."""
        await zoe.say("And what does it cost?")
        await expect(zoe.next).to_contain_text("No connection")
        await self._shoot(zoe, "10-no-connection")
        newcomer = Visitor(self.newcomer)
        await newcomer.launcher.click()
        await expect(self.newcomer.get_by_text("The chat cannot be reached.")).to_be_visible()
        await self._shoot(newcomer, "11-not-reached")

    async def _shoot(self, zoe: Visitor, state: str) -> None:
        await self.studio.shoot(zoe.page, f"widget-{self.width}-{self.scheme}-{state}")


async def readme(studio: Studio, desk: dict[str, str]) -> None:
    """The two pictures that the README shows."""
    edith = await studio.operator(EDITOR, 1440, "light")
    await edith.open(desk["waiting"])
    await edith.page.screenshot(path=HERE / "console.png", animations="disabled")
    zoe = Visitor(await studio.page(480, "light", height=736, device_scale_factor=2))
    await zoe.page.goto(f"{studio.baton.url}/demo")
    await zoe.open()
    await zoe.ask(QUESTION)
    await zoe.say("Good. Can I talk to someone about our contract?")
    await expect(zoe.panel.locator(".line-waiting")).to_be_visible()
    async with member(studio.baton, ANA[0]) as ana:
        conversation = await zoe.conversation_id()
        await ana.act(conversation, "claim")
        text = "Hi, Ana here. I have your questions in front of me. What is it about the contract?"
        await ana.act(conversation, "reply", {"text": text})
        await zoe.sees_human(ANA[1])
        await expect(zoe.replies).to_have_count(1)
        await zoe.composer.blur()
        await zoe.page.evaluate("document.body.remove()")  # what shines through at the corners
        await zoe.panel.screenshot(path=HERE / "widget.png", animations="disabled", omit_background=True)
        await ana.act(conversation, "release", {})


@asynccontextmanager
async def member(baton: BatonProcess, email: str) -> AsyncGenerator[OperatorClient]:
    """A member as a program."""
    client = OperatorClient(baton.url, email)
    await client.sign_in()
    await client.connect()
    yield client
    await client.close()


async def hire(baton: BatonProcess, email: str, name: str) -> None:
    """Make a member as an administrator does, on the command line."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", "user", "add", email),
        *("--name", name, "--workspace", "demo"),
        stdin=asyncio.subprocess.PIPE,
        env=baton.environment,
    )
    await process.communicate(f"{PASSWORD}\n".encode())
    if process.returncode:
        raise RuntimeError(f"{email} could not be added")


async def take_all(studio: Studio) -> None:
    """Every picture, in the order in which a Baton comes to look like that."""
    looks = [(width, scheme) for width in SIZES for scheme in SCHEMES]
    for look in looks:
        await empty_console(studio, *look)
    await hire(studio.baton, *ANA)
    async with busy_desk(studio.baton, EDITOR, ANA[0]) as desk:
        await readme(studio, desk)
        for look in looks:
            await console(studio, *look, desk)
    visitors: list[tuple[WidgetShoot, Visitor]] = []
    async with member(studio.baton, ANA[0]) as ana:
        for look in looks:
            newcomer = (await studio.visitor(*look)).page
            shoot = WidgetShoot(studio, *look, ana, newcomer)
            visitors.append((shoot, await shoot.play()))
    await studio.baton.kill()
    for shoot, zoe in visitors:
        await shoot.without_a_server(zoe)


async def main(folder: Path) -> None:
    """Set everything up, and take it down again."""
    with tempfile.TemporaryDirectory() as data:
        async with async_playwright() as playwright, BatonProcess(Path(data) / "var") as baton:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            await take_all(Studio(browser, baton, folder))
            await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take pictures of the widget and the console.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE / "all")
    target: Path = parser.parse_args().folder
    asyncio.run(main(target))
    print(f"{len(list(target.glob('*.png')))} pictures in {target}, and the README's two in {HERE}.")
