"""The widget, through everything that a visitor can live to see, in English and in Arabic."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from ops.screenshot_studio import ONE_LOOK, Studio
from tests.browser.people import Visitor
from tests.support.wire_clients import OperatorClient

QUESTION = "What happens when two of us take over at the same moment?"
NOTHING = "What is the weather in Oslo tomorrow?"
ARABIC = "/demo?lang=ar"
CODE = """```
curl -H "Accept: application/json" https://shop.example/rates?to=NO
```"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says to a visitor: hello, something with every mark there is, something long."""

    name: str
    hello: str
    rates: str
    terms: str


ENGLISH = Said(
    "widget",
    "Hi, this is Ana. What would you like to know?",
    f"""**Yes, to both.** Here is what it costs:

- *Norway*: 12 EUR, with code `NORGE`
- *Sweden*: 9 EUR, see [the rates](https://shop.example/rates)

1. Put it in the basket
2. Choose the country

{CODE}""",
    "\n\n".join(f"{number}. Goods are sent within three days of the order." for number in range(1, 41)),
)
IN_ARABIC = Said(
    "widget-rtl",
    "مرحبًا، أنا Ana. ماذا تود أن تعرف؟",
    f"""**نعم، إلى كليهما.** هذه هي التكلفة:

- *النرويج*: 12 EUR، بالرمز `NORGE`
- *السويد*: 9 EUR، انظر [الأسعار](https://shop.example/rates)

1. ضعه في السلة
2. اختر البلد

{CODE}""",
    "\n\n".join(f"{number}. تُرسل البضائع خلال ثلاثة أيام من الطلب." for number in range(1, 41)),
)


async def shoot_widget(studio: Studio, ana: OperatorClient) -> Visitor:
    """All states that need a server; gives the visitor for the one that needs none."""
    zoe = await studio.visitor()
    await expect(zoe.launcher).to_be_visible()
    await studio.shoot(zoe.page, "widget-01-closed", whole=True)
    await zoe.open()
    await studio.shoot(zoe.page, "widget-02-greeting")
    await zoe.say(QUESTION)
    await zoe.until_streaming()
    await studio.shoot(zoe.page, "widget-03-streaming", looks=ONE_LOOK)
    await expect(zoe.panel.locator(".chip").first).to_be_visible()
    await expect(zoe.streaming).to_have_count(0)
    await studio.shoot(zoe.page, "widget-04-answered")
    await zoe.panel.locator(".chip").first.click()
    await studio.shoot(zoe.page, "widget-05-source")
    await zoe.ask(NOTHING)
    await studio.shoot(zoe.page, "widget-06-not-known")
    await zoe.ask("And what about Bergen, is it warmer there?")
    await expect(zoe.panel.locator(".lead form")).to_be_visible()
    await studio.shoot(zoe.page, "widget-07-lead-form")
    await zoe.talk_to_a_person.click()
    await expect(zoe.panel.locator(".line-waiting")).to_be_visible()
    await studio.shoot(zoe.page, "widget-08-waiting")
    await _human(studio, zoe, ana, ENGLISH)
    return zoe


async def _human(studio: Studio, zoe: Visitor, ana: OperatorClient, said: Said) -> None:
    conversation = await zoe.conversation_id()
    before = await zoe.replies.count()
    await ana.act(conversation, "claim")
    await ana.act(conversation, "reply", {"text": said.hello})
    await expect(zoe.replies).to_have_count(before + 1)
    await ana.subscribe(conversation)
    await ana.send({"type": "typing", "channel": f"conversation.{conversation}", "on": True})
    await expect(zoe.typing).to_be_visible()
    await studio.shoot(zoe.page, f"{said.name}-09-human")
    await ana.act(conversation, "reply", {"text": said.rates})
    await expect(zoe.panel.locator("pre")).to_be_visible()
    await studio.shoot(zoe.page, f"{said.name}-13-marks")
    await ana.act(conversation, "reply", {"text": said.terms})
    await expect(zoe.panel.locator(".fold")).to_be_visible()
    await studio.shoot(zoe.page, f"{said.name}-14-folded")
    await ana.act(conversation, "release", {})
    await expect(zoe.panel.locator(".line-released")).to_be_visible()
    await studio.shoot(zoe.page, f"{said.name}-10-handed-back")


async def shoot_right_to_left(studio: Studio, ana: OperatorClient) -> None:
    """The same for who reads Arabic, as far as it differs."""
    zoe = await studio.visitor(ARABIC)
    await expect(zoe.launcher).to_be_visible()
    await studio.shoot(zoe.page, "widget-rtl-01-closed", whole=True)
    await zoe.launcher.click()
    await expect(zoe.panel).to_be_visible()
    await studio.shoot(zoe.page, "widget-rtl-02-greeting")
    await zoe.panel.locator(".suggestion").nth(1).click()
    await expect(zoe.panel.locator(".chip").first).to_be_visible()
    await expect(zoe.streaming).to_have_count(0)
    await studio.shoot(zoe.page, "widget-rtl-04-answered")
    await zoe.panel.locator(".chip").first.click()
    await studio.shoot(zoe.page, "widget-rtl-05-source")
    await zoe.panel.locator(".chip").first.click()
    await zoe.page.evaluate("$baton.showLeadForm()")
    await expect(zoe.panel.locator(".lead form")).to_be_visible()
    await zoe.panel.locator(".lead [type=submit]").click()
    await expect(zoe.panel.locator(".lead [aria-invalid=true]")).to_be_visible()
    await studio.shoot(zoe.page, "widget-rtl-07-lead-form")
    await zoe.panel.locator(".lead .plain").click()
    await _person(zoe).click()
    await expect(zoe.panel.locator(".line-waiting")).to_be_visible()
    await studio.shoot(zoe.page, "widget-rtl-08-waiting")
    await _human(studio, zoe, ana, IN_ARABIC)
    await zoe.page.context.close()


def _person(zoe: Visitor) -> Locator:
    """The way to a person, whatever language it is in."""
    return zoe.panel.locator("footer .ask")


async def shoot_without_a_server(studio: Studio, zoe: Visitor, newcomer: Page) -> None:
    """What is seen when the server is gone: in the middle of a chat, and by who has not opened one yet."""
    await zoe.say("And what does it cost?")
    await expect(zoe.next).to_contain_text("No connection")
    await studio.shoot(zoe.page, "widget-11-no-connection")
    await Visitor(newcomer).launcher.click()
    await expect(newcomer.get_by_text("The chat cannot be reached.")).to_be_visible()
    # The words go by an animation of no time, which a picture without animations takes as over.
    await studio.shoot(newcomer, "widget-12-not-reached", animations="allow")
