"""The seed's story as people live it: a visitor, two operators and an admin, each in a browser."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect

from tests.support.model_server import Exchange

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Answers grow before their eyes, as they do for most.
IN_MOTION = {"reduced_motion": "no-preference"}

EDITOR, ADMIN, OWNER, VIEWER = "editor@demo.test", "admin@demo.test", "owner@demo.test", "viewer@demo.test"
QUESTION = "How does an operator take over a conversation?"
REFUSED = r"the server responded with a status of 409 \(Conflict\)"


async def test_a_visitor_asks_a_person_takes_over_answers_and_hands_back(stage, model):
    zoe, edith, adam = (
        await stage.visitor(**IN_MOTION),
        await stage.operator(EDITOR),
        await stage.operator(ADMIN),
    )
    await zoe.arrive(stage.site)
    await zoe.sees_the_bot()

    answer = await zoe.ask(QUESTION)
    await expect(zoe.delivery).to_have_text("Sent")
    await expect(answer.locator(".bubble")).to_contain_text("Take over")
    chip = answer.locator(".chip").first
    await chip.click()
    await expect(answer.locator(".source")).to_contain_text("take over a conversation")
    await answer.get_by_role("button", name="Source 1: ").first.click()
    await expect(answer.locator(".source")).to_be_hidden()

    conversation = await zoe.conversation_id()
    await edith.open_list()
    await edith.row(conversation).click()
    await edith.is_live()
    await adam.open(conversation)
    await edith.sees_badge("AI")
    await expect(edith.said("assistant")).to_have_count(1)
    await _source_opens_at_the_desk(edith)

    # Taken over while the bot is still writing: its answer stops and vanishes.
    await _taken_over_in_mid_answer(zoe, edith, model)
    await expect(zoe.panel.locator(".line-claimed").last).to_contain_text(f"{edith.name} joined")
    await adam.sees_badge(edith.name)
    await expect(adam.banner).to_contain_text(f"{edith.name} has this since")
    await expect(adam.take_over_button).to_be_hidden()
    await expect(adam.page.locator("#watchers")).to_have_text("E")

    # Dots and words both ways.
    await edith.reply_field.press_sequentially("Hello")
    await expect(zoe.typing).to_be_visible()
    await edith.reply("Hello Zoë, the spring sale starts on 21 March.")
    await expect(zoe.replies).to_have_text(["Hello Zoë, the spring sale starts on 21 March."])
    await expect(zoe.typing).to_have_count(0)
    await zoe.composer.press_sequentially("Thank")
    await expect(edith.typing).to_contain_text("is writing…")
    await zoe.say("Thank you. Who are you?")
    await expect(edith.said("user").last).to_have_text("Thank you. Who are you?")
    await expect(edith.typing).to_have_text("")
    await expect(adam.said("user").last).to_have_text("Thank you. Who are you?")

    # Handed back, with a note that is the team's own business.
    await edith.hand_back("Knows about the sale; wants an invoice")
    await zoe.sees_the_bot()
    await expect(zoe.panel.locator(".line-released").last).to_contain_text("handed back to Bea")
    await edith.sees_badge("AI")
    await expect(adam.events.last).to_contain_text("Knows about the sale; wants an invoice")
    assert "invoice" not in await zoe.panel.evaluate(
        "panel => panel.getRootNode().host.ownerDocument.documentElement.outerHTML + panel.outerHTML"
    )

    # The bot is back, and knows what the person said.
    answer = await zoe.ask("When does the spring sale start?")
    await expect(answer.locator(".bubble")).to_contain_text("21 March")
    stored = await edith.said("assistant").all_inner_texts()
    assert len(stored) == 2


async def _source_opens_at_the_desk(edith):
    cite, source = edith.said("assistant").locator(".cite").first, edith.page.locator(".source").first
    await expect(cite).to_have_text("1")
    await cite.click()
    await expect(source.locator(".source-body")).to_contain_text("take over a conversation")
    await expect(source.get_by_role("button")).to_be_focused()
    await edith.page.keyboard.press("Enter")
    await expect(source.locator(".source-body")).to_be_hidden()


async def _taken_over_in_mid_answer(zoe, edith, model) -> None:
    """Ask, and take over while the bot has begun and has more to say."""
    answered = await edith.said("assistant").count()

    async def begin(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.token("An operator takes over with one click, and")
        await exchange.hung_up.wait()

    otherwise, model.play = model.play, begin
    await zoe.say("How do I take over a conversation, and who wins when two operators click at once?")
    await asyncio.gather(zoe.until_streaming(), edith.until_streaming())
    await edith.take_over()
    await zoe.sees_human(edith.name)
    await expect(zoe.streaming).to_have_count(0)
    await expect(edith.streaming).to_have_count(0)
    assert await edith.said("assistant").count() == answered
    async with asyncio.timeout(10):
        await model.exchanges[-1].hung_up.wait()
    model.play = otherwise


async def test_two_who_click_take_over_at_once_are_told_who_was_first(stage):
    zoe = await stage.visitor(**IN_MOTION)
    edith, olivia = await stage.operator(EDITOR), await stage.operator(OWNER)
    await zoe.arrive(stage.site)
    await zoe.ask("Hello")
    conversation = await zoe.conversation_id()
    for operator in (edith, olivia):
        await operator.open(conversation)
    stage.guard.allow(REFUSED)
    await asyncio.gather(edith.take_over_button.click(), olivia.take_over_button.click())
    winner = await _only_holder(edith, olivia)
    loser = olivia if winner is edith else edith
    await zoe.sees_human(winner.name)
    await expect(loser.banner).to_contain_text(f"{winner.name} has this since")
    await expect(loser.composer).to_be_hidden()


async def _only_holder(*operators):
    async with asyncio.timeout(10):
        while True:
            for operator in operators:
                await operator.is_answered()
            holders = [operator for operator in operators if await operator.composer.is_visible()]
            if len(holders) == 1:
                return holders[0]
            await asyncio.sleep(0.02)


async def test_a_click_that_comes_too_late_names_who_has_it(stage, street):
    edith, olivia = await stage.operator(EDITOR), await stage.operator(OWNER)
    conversation = (await street.visitor("Hello")).conversation_id
    await edith.open(conversation)
    await olivia.open(conversation)
    await edith.take_over()
    await expect(olivia.banner).to_contain_text(f"{edith.name} has this since")
    # What a click does that was made before the news came.
    stage.guard.allow(REFUSED)
    answer = await olivia.page.evaluate(
        """async (path) => {
            const token = decodeURIComponent(/_xsrf=([^;]*)/.exec(document.cookie)[1]);
            const json = "application/json";
            const headers = { Accept: json, "Content-Type": json, "X-XSRFToken": token };
            const response = await fetch(path, { method: "POST", headers, body: "{}" });
            return { status: response.status, holder: (await response.json()).holder?.name };
        }""",
        f"/app/conversations/{conversation}/claim",
    )
    assert answer == {"status": 409, "holder": edith.name}


async def test_a_reply_to_a_conversation_that_a_colleague_took_is_refused_and_kept(stage, street):
    edith, olivia = await stage.operator(EDITOR), await stage.operator(OWNER)
    conversation = (await street.visitor("Hello")).conversation_id
    await edith.open(conversation)
    await olivia.open(conversation)
    await olivia.page.locator("#reply-open").click()
    await olivia.reply_field.fill("I was about to say this")
    await edith.take_over()
    await expect(olivia.notice).to_have_text(f"{edith.name} was first and has this now. Your draft is kept.")
    await expect(olivia.composer).to_be_hidden()
    await edith.hand_back()
    await expect(olivia.take_over_button).to_be_visible()
    await olivia.take_over()
    await expect(olivia.reply_field).to_have_value("I was about to say this")


async def test_asking_for_a_person_puts_it_in_the_queue_and_says_what_happens_next(stage):
    zoe, edith = await stage.visitor(), await stage.operator(EDITOR)
    await edith.open_list("?holder=waiting")
    await zoe.arrive(stage.site)
    await zoe.talk_to_a_person.click()
    await expect(zoe.panel.locator(".line-waiting")).to_contain_text("You asked for a person")
    await expect(zoe.panel.locator(".line-waiting time")).to_have_text(re.compile(r"^\d\d:\d\d$"))  # en-GB
    await expect(zoe.next).to_contain_text("The team has been told.")
    await expect(zoe.talk_to_a_person).to_be_hidden()
    row = edith.row(await zoe.conversation_id())
    await expect(row.locator(".badge")).to_have_text("Waiting")
    await row.click()
    await edith.is_live()
    await expect(edith.banner).to_contain_text(re.compile(r"^\s*Visitor \w+ has waited .* for a person\."))
    await edith.take_over()
    await zoe.sees_human(edith.name)
    await expect(zoe.next).to_be_hidden()


async def test_asking_in_words_does_the_same(stage):
    zoe, edith = await stage.visitor(), await stage.operator(EDITOR)
    await zoe.arrive(stage.site)
    answer = await zoe.ask("Can I talk to a human please?")
    await expect(answer.locator(".bubble")).to_contain_text("I have asked the team for a person")
    await expect(zoe.panel.locator(".line-waiting")).to_have_count(1)
    await edith.open(await zoe.conversation_id())
    await edith.sees_badge("Waiting")


@pytest.mark.slow
async def test_a_reload_on_either_side_finds_every_state_as_it_was(stage):
    zoe = await stage.visitor()
    edith, victor, adam = [await stage.operator(email) for email in (EDITOR, VIEWER, ADMIN)]
    await zoe.arrive(stage.site)
    await zoe.ask(QUESTION)
    conversation = await zoe.conversation_id()
    for operator in (edith, victor, adam):
        await operator.open(conversation)

    free = ["banner", "claim", "reply-open"]
    await _reload(zoe, bot=True, lines=[])
    await _reload_console(edith, "bot", free)
    await _reload_console(victor, "bot", ["banner"])

    await zoe.talk_to_a_person.click()
    await edith.sees_badge("Waiting")
    await _reload(zoe, bot=True, lines=["You asked for a person"])
    await expect(zoe.next).to_contain_text("The team has been told.")
    await expect(zoe.talk_to_a_person).to_be_hidden()
    await _reload_console(edith, "waiting", free)

    await edith.take_over()
    await edith.reply_field.fill("Half a reply")
    await zoe.composer.fill("Half a question")
    lines = ["You asked for a person", f"{edith.name} joined"]
    await _reload(zoe, bot=False, lines=lines)
    await expect(zoe.composer).to_have_value("Half a question")
    await zoe.sees_human(edith.name)
    await _reload_console(edith, "mine", ["composer", "release-open"])
    await expect(edith.reply_field).to_have_value("Half a reply")
    await _reload_console(adam, "other", ["banner", "take"])
    await expect(adam.banner).to_contain_text(f"{edith.name} has this since")
    await _reload_console(victor, "other", ["banner"])
    await edith.reply("A whole reply")
    await expect(zoe.replies).to_have_text(["A whole reply"])

    await edith.hand_back()
    await _reload(zoe, bot=True, lines=[*lines, f"{edith.name} handed back to Bea"])
    await _reload_console(edith, "bot", free)


async def _reload(visitor, *, bot: bool, lines: list[str]) -> None:
    """The same page again: the chat is open, can be written in, and shows the same as before, once."""
    before = await visitor.messages.count()
    await visitor.page.reload()
    await expect(visitor.panel).to_be_visible()
    await expect(visitor.composer).to_be_editable()
    await expect(visitor.messages).to_have_count(before)
    await expect(visitor.header.locator(".face-bot")).to_have_attribute("aria-hidden", str(not bot).lower())
    texts = await visitor.panel.locator(".line bdi").all_inner_texts()
    assert texts == lines


async def _reload_console(operator, mode: str, shown: list[str]) -> None:
    """Right after the reload, before anything came over the socket, and still when it has."""
    await operator.page.reload()
    assert await operator.dock_now() == {"mode": mode, "shown": shown}
    await operator.is_live()
    assert await operator.dock_now() == {"mode": mode, "shown": shown}


async def test_an_admin_takes_it_from_a_colleague_who_is_told(stage):
    zoe, edith, adam = await stage.visitor(), await stage.operator(EDITOR), await stage.operator(ADMIN)
    await zoe.arrive(stage.site)
    await zoe.ask("Hello")
    conversation = await zoe.conversation_id()
    await edith.open(conversation)
    await adam.open(conversation)
    await edith.take_over()
    await edith.reply_field.fill("One moment")
    await adam.take_it_button.click()
    await expect(adam.composer).to_be_visible()
    await zoe.sees_human(adam.name)
    await expect(edith.notice).to_have_text(f"{adam.name} took this over from you. Your draft is kept.")
    await expect(edith.composer).to_be_hidden()
    await expect(edith.take_it_button).to_be_hidden()
    await expect(adam.events.last).to_contain_text(f"You took this over from {edith.name}")
    await adam.reply("Adam here, Edith had to leave.")
    await expect(zoe.replies).to_have_text(["Adam here, Edith had to leave."])


async def test_two_tabs_of_a_visitor_stay_in_step(stage):
    zoe, edith = await stage.visitor(), await stage.operator(EDITOR)
    await zoe.arrive(stage.site)
    await zoe.ask("Hello")
    other = type(zoe)(await zoe.page.context.new_page())
    await other.page.goto(f"{stage.site}/another/page")
    await other.open()
    assert await other.conversation_id() == await zoe.conversation_id()
    await expect(other.own).to_have_text(["Hello"])
    await other.say("Written in the second tab")
    await expect(zoe.own).to_have_text(["Hello", "Written in the second tab"])
    await edith.open(await zoe.conversation_id())
    await edith.take_over()
    await edith.reply("Seen in both")
    for tab in (zoe, other):
        await tab.sees_human(edith.name)
        await expect(tab.replies).to_have_text(["Seen in both"])
    await zoe.say("And from the first")
    texts = ["Hello", "Written in the second tab", "And from the first"]
    for tab in (zoe, other):
        await expect(tab.own).to_have_text(texts)
    await expect(edith.said("user")).to_have_text(texts)


@asynccontextmanager
async def outage(baton):
    await baton.kill()
    try:
        yield
    finally:
        await baton.start()


@pytest.mark.slow
async def test_what_could_not_be_sent_survives_a_reload_and_goes_out_once(stage):
    stage.guard.allow(r"net::ERR_CONNECTION_REFUSED", r"WebSocket connection to .* failed")
    zoe, edith = await stage.visitor(), await stage.operator(EDITOR)
    await zoe.arrive(stage.site)
    await zoe.ask("Hello")
    conversation = await zoe.conversation_id()
    async with outage(stage.baton):
        await zoe.say("Written in the tunnel")
        await expect(zoe.delivery).to_have_text("Sending…")
        await expect(zoe.next).to_have_text("No connection. Your message goes out as soon as it is back.")
        await zoe.page.reload()
    await expect(zoe.own).to_have_text(["Hello", "Written in the tunnel"])
    await expect(zoe.delivery).to_have_text("Sent")
    await edith.open(conversation)
    await expect(edith.said("user")).to_have_text(["Hello", "Written in the tunnel"])
