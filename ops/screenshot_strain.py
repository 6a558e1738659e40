"""What strains a layout: the longest names and words, endless lists, a screen that a keyboard has covered."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from playwright.async_api import Page, expect

from ops.screenshot_past import give_a_browser, make_older
from ops.screenshot_studio import NARROW, PHONE, Studio, hire
from ops.screenshot_widget import QUESTION
from tests.browser.people import Visitor
from tests.support.process import BatonProcess
from tests.support.wire_clients import OperatorClient, VisitorClient

OWNER = "owner@demo.test"
LONG_NAME = "Maximiliane-Theodora von und zu Hohenlohe-Schillingsfürst-Langenburg"
LONG_MEMBER = ("bartholomew@demo.test", "Bartholomew Featherstonehaugh-Cholmondeley")
LONG_MAIL = "maximiliane-theodora.von-und-zu-hohenlohe@langenburg-schillingsfuerst.example"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
LONG_LINK = "https://lumen.example/a/path/that/goes/on?" + "&".join(
    f"parameter{n}=value{n}" for n in range(12)
)
LONG_TAGS = ("Wants an invoice before the end of year", "Escalated", "Enterprise, more than 500 seats", "VIP")
MANY = 200
# What a phone's keyboard leaves of its screen, and of the least screen there is.
KEYBOARD_PX = 320


async def shoot_strain(studio: Studio) -> None:
    """All of it, on both sides."""
    conversation = await _strained(studio.baton)
    olivia = await studio.operator(OWNER)
    page, url = olivia.page, studio.baton.url
    await page.goto(f"{url}/app/conversations/{conversation}")
    await olivia.is_live()
    await expect(page.locator("#transcript .tag, #details .tag").first).to_be_attached()
    await studio.shoot(page, "strain-conversation")
    await page.set_viewport_size({"width": 768, "height": 1024})
    await page.get_by_role("button", name="Details", exact=True).click()
    await studio.shoot(page, "strain-details", looks=NARROW, whole=True)
    await page.goto(f"{url}/app/inbox")
    await expect(page.locator(".row").first).to_be_visible()
    await studio.shoot(page, "strain-inbox")
    await page.goto(f"{url}/app/settings/team")
    await studio.shoot(page, "strain-team", whole=True)
    await _keyboard(studio, page, conversation)
    await _many(studio, page)
    await page.context.close()
    await _widget(studio)


async def _strained(baton: BatonProcess) -> str:
    """A conversation in which everything is as long as it may be; gives its id."""
    await hire(baton, *LONG_MEMBER)
    owner, long = OperatorClient(baton.url, OWNER), OperatorClient(baton.url, LONG_MEMBER[0])
    for member in (owner, long):
        await member.sign_in()
    made = [await owner.http("POST", "/app/tags", {"name": name, "colour": "teal"}) for name in LONG_TAGS]
    tags = [json.loads(each.body)["tag"]["id"] for each in made]
    visitor = VisitorClient(baton.url)
    visitor.page = {"url": LONG_LINK, "title": LONG_WORD, "referrer": LONG_LINK}
    await visitor.hello()
    await visitor.bot_answer((await visitor.post(f"{LONG_WORD}\n\n{LONG_LINK}", "c0"))["seq"])
    lead = {"visitor_token": visitor.token, "name": LONG_NAME, "email": LONG_MAIL, "phone": "+4930123456789"}
    await owner.http("POST", "/widget/demo/leads", {**lead, "message": LONG_WORD})
    await owner.http("POST", f"/app/conversations/{visitor.conversation_id}/tags", {"add": tags})
    await long.act(visitor.conversation_id, "claim")
    await long.act(visitor.conversation_id, "reply", {"text": f"**{LONG_WORD}**\n\n- `{LONG_LINK}`"})
    with baton.mongo() as client:
        give_a_browser(client["baton"], visitor.conversation_id)
    return visitor.conversation_id


async def _keyboard(studio: Studio, page: Page, conversation: str) -> None:
    """A phone in the hand, with its keyboard up: the composer, the note, dialogs, the palette."""
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.goto(f"{studio.baton.url}/app/conversations/{conversation}")
    await page.locator("#take").click()
    await expect(page.locator("#reply")).to_be_visible()
    await page.locator("#reply").fill("One line.\nAnd another.\nAnd a third, which is longer than the field.")
    await studio.shoot(page, "keyboard-reply", looks=PHONE, height=KEYBOARD_PX)
    await page.locator("#reply").fill("")
    await page.locator("#release-open").click()
    await studio.shoot(page, "keyboard-hand-back", looks=PHONE, height=KEYBOARD_PX)
    await page.locator("#handback-cancel").click()
    await page.set_viewport_size({"width": 320, "height": 640})
    await page.get_by_role("button", name="Details", exact=True).click()
    await page.locator(".tag-picker summary").click()
    await page.get_by_role("button", name="Make and change tags").click()
    await page.get_by_label("Name of a new tag").focus()
    await studio.shoot(page, "keyboard-tags", looks=PHONE, height=KEYBOARD_PX)
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Delete conversation").click()
    await studio.shoot(page, "keyboard-confirm", looks=PHONE, height=KEYBOARD_PX)
    await page.keyboard.press("Escape")
    await page.goto(f"{studio.baton.url}/app/conversations")
    await page.keyboard.press("Control+k")
    await page.locator("#palette-field").fill("set")
    await expect(page.locator(".palette-option").first).to_be_visible()
    await studio.shoot(page, "keyboard-palette", looks=PHONE, height=KEYBOARD_PX)


async def _many(studio: Studio, page: Page) -> None:
    """A list that goes on, read in its middle while somebody new writes at its top."""
    with studio.baton.mongo() as client:
        conversations = client["baton"]["conversations"]
        rows = list(conversations.find({"workspace_id": "demo", "engaged_at": {"$ne": None}}))
        copies = [{**rows[n % len(rows)], "_id": f"copy-{n}", "has_lead": False} for n in range(MANY)]
        for number, copy in enumerate(copies):
            copy["last_activity_at"] -= timedelta(days=1 + number // 9, minutes=number)
        conversations.insert_many(copies)
    await page.goto(f"{studio.baton.url}/app/conversations")
    await expect(page.locator(".row").nth(40)).to_be_visible()
    await page.locator(".row").nth(40).scroll_into_view_if_needed()
    newcomer = VisitorClient(studio.baton.url)
    await newcomer.hello()
    await newcomer.bot_answer((await newcomer.post("Is anybody there?", "c0"))["seq"])
    await expect(page.locator("#new-bar")).to_be_visible()
    await studio.shoot(page, "strain-list")
    await newcomer.close()
    with studio.baton.mongo() as client:
        make_older(client["baton"], newcomer.conversation_id, timedelta(minutes=1))
        client["baton"]["conversations"].delete_many({"_id": {"$regex": "^copy-"}})


async def _widget(studio: Studio) -> None:
    """The same names and words in the panel, above a keyboard, and the look that somebody chose."""
    zoe = await studio.visitor()
    await zoe.open()
    await zoe.ask(QUESTION)
    await zoe.say(f"{LONG_WORD}\n{LONG_LINK}")
    long = OperatorClient(studio.baton.url, LONG_MEMBER[0])
    await long.sign_in()
    conversation = await zoe.conversation_id()
    await long.act(conversation, "claim")
    await long.act(conversation, "reply", {"text": f"**{LONG_WORD}**\n\n- `{LONG_LINK}`"})
    await expect(zoe.replies).to_have_count(1)
    await studio.shoot(zoe.page, "widget-15-strain")
    await zoe.composer.fill("\n".join(f"Line {number} of what I want to say." for number in range(1, 9)))
    await studio.shoot(zoe.page, "widget-16-keyboard", looks=PHONE, height=KEYBOARD_PX)
    await long.act(conversation, "release", {})
    await zoe.composer.fill("")
    await zoe.page.evaluate("$baton.showLeadForm()")
    await zoe.panel.get_by_label("E-mail").focus()
    await studio.shoot(zoe.page, "widget-17-keyboard-form", looks=PHONE, height=KEYBOARD_PX)
    await zoe.page.context.close()
    await _chosen_look(studio)


async def _chosen_look(studio: Studio) -> None:
    owner = OperatorClient(studio.baton.url, OWNER)
    await owner.sign_in()
    before: dict[str, Any] = json.loads((await owner.http("GET", "/app/settings/appearance")).body)[
        "settings"
    ]
    chosen = {**before["appearance"], "accent": "#ffd400", "position": "left", "face": "initial"}
    language = before["language"]
    await owner.http(
        "POST", "/app/settings/appearance", {"appearance": {**chosen, "theme": "dark"}, "language": language}
    )
    zoe = Visitor((await studio.visitor()).page)
    await zoe.open()
    await zoe.ask(QUESTION)
    await studio.shoot(zoe.page, "widget-18-chosen-look")
    await zoe.page.context.close()
    await owner.http(
        "POST", "/app/settings/appearance", {"appearance": before["appearance"], "language": language}
    )
