"""Pictures of every page of the console and every state of the widget, and the two of the README.

`python -m ops.screenshots [FOLDER]` starts Batons of its own, lets people play, and writes
    FOLDER/{state}-{width}-{light|dark}.png   every state in every look (ops/screenshots/all)
    FOLDER/sheets/{state}.png                 all looks of a state on one picture: look at these
    ops/screenshots/console.png, widget.png   the README's
Nothing here judges.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

from ops.screenshot_console import EDITOR, shoot_conversations, shoot_pages
from ops.screenshot_desk import busy_desk
from ops.screenshot_doors import shoot_doors
from ops.screenshot_forms import shoot_forms
from ops.screenshot_moments import shoot_moments, shoot_reconnecting
from ops.screenshot_opens import shoot_what_opens
from ops.screenshot_sheets import make_sheets
from ops.screenshot_strain import shoot_strain
from ops.screenshot_studio import Studio, hire, member
from ops.screenshot_trouble import shoot_trouble
from ops.screenshot_webhooks import shoot_webhooks
from ops.screenshot_widget import QUESTION, shoot_right_to_left, shoot_widget, shoot_without_a_server
from tests.browser.chromium import FLAGS, chromium
from tests.browser.people import Visitor
from tests.support.process import BatonProcess

HERE = Path(__file__).parent / "screenshots"
ANA = ("ana@demo.test", "Ana Ruiz")


async def readme(studio: Studio, desk: dict[str, str]) -> None:
    """The two pictures that the README shows."""
    edith = await studio.operator(EDITOR)
    await edith.open(desk["waiting"])
    await edith.page.screenshot(path=HERE / "console.png", animations="disabled")
    await edith.page.context.close()
    phone = await studio.page(viewport={"width": 480, "height": 736}, device_scale_factor=2)
    zoe = Visitor(phone)
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
    await phone.context.close()


async def take_all(studio: Studio) -> None:
    """Every picture of the demo, in the order in which it comes to look like that."""
    await hire(studio.baton, *ANA)
    async with busy_desk(studio.baton, EDITOR, ANA[0]) as desk:
        await readme(studio, desk)
        await shoot_conversations(studio, desk)
        await shoot_what_opens(studio, desk)
    await shoot_pages(studio)
    await shoot_forms(studio)
    await shoot_webhooks(studio)
    await shoot_moments(studio)
    await shoot_strain(studio)
    await shoot_trouble(studio)
    async with member(studio.baton, ANA[0]) as ana:
        newcomer = (await studio.visitor()).page
        zoe = await shoot_widget(studio, ana)
        await shoot_right_to_left(studio, ana)
    edith = await studio.operator(EDITOR)
    await edith.open(await zoe.conversation_id())
    await studio.baton.kill()
    await shoot_reconnecting(studio, edith.page)
    await shoot_without_a_server(studio, zoe, newcomer)


async def main(folder: Path) -> None:
    """Set everything up, and take it down again."""
    with tempfile.TemporaryDirectory() as data:
        async with async_playwright() as playwright:
            browser: Browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            async with BatonProcess(Path(data) / "new", "serve") as baton:
                await shoot_doors(Studio(browser, baton, folder))
            async with BatonProcess(Path(data) / "demo") as baton:
                await take_all(Studio(browser, baton, folder))
            await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take pictures of the widget and the console.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE / "all")
    target: Path = parser.parse_args().folder
    started = time.monotonic()
    asyncio.run(main(target))
    sheets = make_sheets(target, target / "sheets")
    took_s = time.monotonic() - started
    print(f"{len(list(target.glob('*.png')))} pictures in {target}, {sheets} sheets of them in its `sheets`,")
    print(f"and the README's two in {HERE}. It took {took_s:.0f} s.")
