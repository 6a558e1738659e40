"""Whatever anybody types or brings along is shown as it was typed, and does nothing."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.async_api import expect
from tornado.httpclient import HTTPRequest

from tests.support.wire_clients import Socket

pytestmark = pytest.mark.asyncio(loop_scope="session")

FOLDED_LINES = 20
EDITOR = "editor@demo.test"
HOSTILE = [
    '<script>alert("run")</script>',
    "<img src=x onerror=alert(1)>",
    '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">press</a></svg>',
    "<style>*{display:none}</style><iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "javascript:alert(document.domain)",
    "data:text/html,<script>alert(1)</script>",
    'https://shop.example/"onmouseover="alert(1) and <https://shop.example/?a=1&b=<2>>',
    "\u202egnp.exe\u202c, and the rest \u2066 of it",
    "مرحبا שלום 👩‍👩‍👧‍👦 🇳🇴 e\u0301 \U0001d518 \ufeff.",
    "{{7*7}} {% include 'x' %} ${alert(1)} {name} {agent} %s #{1}",
    "</textarea></title></template>--> ]]> &lt;b&gt; &amp;amp; &#0; \\u003c",
    "one\n\n  two\tthree\n<br>four",
]
# Two paragraphs of an answer stand apart without an empty line between them.
SAID = [text.replace("\n\n", "") for text in HOSTILE]
MARKED = (
    f"**Yes**, *we* do:\n\n- `NORGE`\n- [Rates](https://shop.example/rates)\n\n```\n<b>{'make ' * 40}\n```"
)
TEXTS = "bubbles => bubbles.map((bubble) => bubble.textContent)"
# What is made of a text may hold paragraphs and links, an answer also its citations, and nothing else.
STRANGE = """bubbles => {
    const known = new Set(["href", "target", "rel", "class", "dir", "title", "referrerpolicy"]);
    const tags = "p, div.rich, a[href^='http://'], a[href^='https://'], a[href^='mailto:']";
    return bubbles.flatMap((bubble) => [...bubble.querySelectorAll("*")])
        .filter((each) => !each.matches(tags) || [...each.attributes].some(({ name }) => !known.has(name)))
        .map((each) => each.outerHTML);
}"""


async def test_hostile_words_are_inert_on_both_sides(stage):
    zoe, edith = await stage.visitor(reduced_motion="no-preference"), await stage.operator(EDITOR)
    await zoe.arrive(stage.site)
    await zoe.ask("Hello")
    await edith.open(await zoe.conversation_id())
    await edith.take_over()
    for text in HOSTILE:
        await zoe.say(text)
        await edith.reply(text)
    for bubbles, words in (
        (zoe.own, ["Hello", *HOSTILE]),
        (edith.said("user"), ["Hello", *HOSTILE]),
        (zoe.replies, SAID),
        (edith.said("human-agent"), SAID),
    ):
        await expect(bubbles).to_have_count(len(words))
        assert await bubbles.evaluate_all(TEXTS) == words
        assert await bubbles.evaluate_all(STRANGE) == []

    note = " ".join(HOSTILE[:3])
    await edith.hand_back(f"The refund is agreed: {note}")
    await expect(edith.events.last.locator(".note")).to_have_text(f"The refund is agreed: {note}")
    # The bot may quote a note: it is as inert in its words.
    answer = await zoe.ask("Is my refund agreed?")
    await expect(answer.locator(".bubble")).to_contain_text(HOSTILE[0])
    await expect(zoe.streaming).to_have_count(0)
    await expect(answer.locator(".bubble [aria-hidden=true]")).to_have_count(0)
    with_sources = STRANGE.replace('"p, ', '"button.cite[type=button], p, ')
    with_sources = with_sources.replace('["href"', '["type", "aria-label", "href"')
    for bubbles in (zoe.answers.locator(".bubble"), edith.said("assistant")):
        assert await bubbles.evaluate_all(with_sources) == []
    for page in (zoe.page, edith.page):
        await page.reload()
    await expect(zoe.own).to_have_count(len(HOSTILE) + 2)
    assert (await zoe.own.evaluate_all(TEXTS))[1:-1] == HOSTILE
    assert await zoe.replies.evaluate_all(TEXTS) == SAID


async def test_a_small_part_of_markdown_is_shown_on_both_sides_and_a_visitor_is_taken_at_their_word(stage):
    zoe, edith = await stage.visitor(), await stage.operator(EDITOR)
    await zoe.arrive(stage.site)
    await zoe.ask("Hello")
    await edith.open(await zoe.conversation_id())
    await edith.take_over()
    await edith.reply(MARKED)
    await zoe.say(MARKED)
    rates = "li a[href='https://shop.example/rates'][target=_blank][rel='noopener noreferrer nofollow']"
    for reply, own in (
        (zoe.replies.last, zoe.own.last),
        (edith.said("human-agent").last, edith.said("user").last),
    ):
        shown = {"strong": "Yes", "em": "we", "li code": "NORGE", rates: "Rates", "pre": f"<b>{'make ' * 40}"}
        for part, words in shown.items():
            await expect(reply.locator(part)).to_have_text(words)
        await expect(own).to_contain_text("**Yes**, *we* do:")
        await expect(own.locator("strong, em, code, li, pre")).to_have_count(0)
        # Code that is too wide scrolls, and the bubble is as wide as there is room.
        widths = await reply.locator("pre").evaluate("pre => [pre.scrollWidth, pre.clientWidth]")
        assert widths[0] > widths[1]
        assert await reply.evaluate("bubble => bubble.scrollWidth <= bubble.clientWidth")


async def test_where_the_visitor_is_cannot_harm_the_console(stage):
    zoe, edith = await stage.visitor(), await stage.operator(EDITOR)
    title = "<img src=x onerror=alert(1)> \u202e{{7*7}}"
    path = "/<script>alert(1)</script>?q='\"><svg onload=alert(1)>"
    url = f"{stage.site}{path}&title={quote(title)}#javascript:alert(1)"
    await zoe.page.goto(url, referer=f"{stage.site}/from?<script>alert(1)</script>")
    await zoe.open()
    await zoe.ask("Hello")
    await edith.open(await zoe.conversation_id())
    where = edith.page.locator("#thread-where")
    assert await where.evaluate("where => where.textContent") == f"On the page{title}"
    title_alone = await where.locator("bdi").evaluate("bdi => bdi.textContent")
    assert title_alone == title, "an override must end with the title"
    link = edith.page.locator("#details [data-part=pages] a")
    assert await link.evaluate("a => a.textContent") == title
    assert (await link.get_attribute("href") or "").startswith(f"{stage.site}/")
    await expect(edith.page.locator("#details [data-part=referrer]")).to_contain_text("/from?")
    assert await edith.page.locator("#details-body :is(script, img, svg:not(.icon))").count() == 0


async def test_an_address_that_is_none_becomes_no_link(stage):
    edith = await stage.operator(EDITOR)
    socket = Socket()
    address = f"{stage.baton.url.replace('http', 'ws', 1)}/ws/visitor?key=demo"
    await socket.open(HTTPRequest(address, headers={"Origin": "https://shop.example"}))
    page = {
        "url": "javascript:alert(1)",
        "title": "<b>x",
        "referrer": "data:text/html,<script>alert(1)</script>",
    }
    await socket.send({"type": "hello", "token": None, "after": 0, "page": page})
    ready = await socket.wait("ready")
    await socket.send({"type": "message.post", "client_id": "n1", "text": "nul\x00and\x1bescape"})
    await socket.wait("message.ack")
    await edith.open(ready["conversation_id"])
    await expect(edith.said("user")).to_have_text("nulandescape")
    assert await edith.page.locator("#details a[href]").count() == 0
    assert await edith.page.locator("a[href^='javascript:'], a[href^='data:']").count() == 0
    await socket.close()


async def test_eight_thousand_characters_pass_and_one_more_is_refused_in_words(stage):
    zoe, edith = await stage.visitor(), await stage.operator(EDITOR)
    await zoe.arrive(stage.site)
    await zoe.ask("Hello")
    await edith.open(await zoe.conversation_id())
    await edith.take_over()
    longest = "<i>" + "0123456789" * 799 + "endend."
    assert len(longest) == 8_000
    await zoe.say(longest)
    await expect(zoe.delivery).to_have_text("Sent")
    await edith.reply(longest)
    for message in (
        zoe.panel.locator(".message.from-human").last,
        edith.page.locator(".message[data-role=human-agent]").last,
    ):
        button, text = message.get_by_role("button", name="Show"), message.locator(".rich")
        await expect(button).to_have_text("Show all")
        lines = "text => Math.round(text.clientHeight / parseFloat(getComputedStyle(text).lineHeight))"
        assert await text.evaluate(lines) == FOLDED_LINES
        await button.press("Enter")
        await expect(button).to_have_text("Show less")
        await expect(button).to_have_attribute("aria-expanded", "true")
        assert await text.evaluate(lines) > 2 * FOLDED_LINES
        await button.press("Enter")
        assert await text.evaluate(lines) == FOLDED_LINES
    assert (await edith.said("user").evaluate_all(TEXTS))[-1] == longest
    assert (await zoe.replies.evaluate_all(TEXTS))[-1] == longest

    await zoe.composer.fill(f"{longest}!")
    await zoe.composer.press("Enter")
    await expect(zoe.panel.get_by_role("alert")).to_contain_text("8,000")
    await expect(zoe.composer).to_have_value(f"{longest}!")
    await edith.reply_field.fill(f"{longest}!")
    await edith.reply_field.press("Control+Enter")
    await expect(edith.notice).to_contain_text("8,000")
    await expect(edith.reply_field).to_have_value(f"{longest}!")
    await edith.page.locator("#release-open").click()
    await edith.page.locator("#note").fill("n" * 2_001)
    await edith.page.locator("#release").click()
    await expect(edith.notice).to_contain_text("2,000")
    await expect(edith.page.locator("#note")).to_have_value("n" * 2_001)


async def test_signing_in_leads_nowhere_else(stage):
    context = (await stage.page()).context
    stage.guard.allow(r"status of 401")
    for target in ("javascript:alert(1)", "//evil.example/", "https://evil.example/", "/\\evil.example"):
        page = await context.new_page()
        await page.goto(f"{stage.baton.url}/login")
        await page.evaluate("target => { document.querySelector('[name=next]').value = target }", target)
        await page.get_by_label("E-mail address").fill("viewer@demo.test")
        await page.get_by_label("Password").fill("baton-demo")
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url(f"{stage.baton.url}/app/**")
        await page.close()  # first: a page that loses its session goes to the sign-in by itself
        await context.clear_cookies()


async def test_a_search_and_an_address_are_inert_too(stage, street):
    zoe, edith = await street.visitor(f"{HOSTILE[0]} zeppelin"), await stage.operator(EDITOR)
    await street.write(zoe, "Never mind", answered=False)
    await edith.open_list()
    await edith.page.locator("#search").fill("zepp")
    found = edith.row(zoe.conversation_id).locator(".row-line")
    await expect(found.locator("mark")).to_have_text("zepp")
    await expect(found).to_contain_text("</script> zeppelin")
    await edith.page.locator("#search").fill(HOSTILE[1])
    await expect(edith.page.locator("#none-in-view-why")).to_contain_text(HOSTILE[1])
    stage.guard.allow("status of 404")
    await edith.page.goto(f"{stage.baton.url}/app/conversations/<script>alert(1)</script>")
    await expect(edith.page.locator("body")).to_contain_text(
        "The address is wrong, or what was here has been deleted."
    )
