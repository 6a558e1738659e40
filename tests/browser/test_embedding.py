"""What a site's own developers do with the widget, and what it costs their visitors who never chat."""

from __future__ import annotations

import hashlib
import hmac
import re
from html import unescape
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from tests.browser.site import OTHERS

pytestmark = pytest.mark.asyncio(loop_scope="session")

WEB = Path(__file__).parents[2] / "web"
API_PAGE = WEB / "templates" / "settings" / "widget_api.html"
TYPES = WEB / "assets" / "widget" / "widget.d.ts"

WIDGET = '<script async src="{baton}/widget.js" data-key="demo"></script>'


def serve(path: str, html: str) -> str:
    """Let the site have a page that says this; gives its path."""
    OTHERS[path] = (f"<!doctype html><title>Page</title><link rel=icon href=data:,>{html}", "")
    return path


async def test_one_request_before_the_visitor_wants_the_chat_and_none_once_it_is_hidden(stage):
    zoe = await stage.visitor()
    asked: list[str] = []
    zoe.page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    loader, boot = f"GET {stage.baton.url}/widget.js", f"POST {stage.baton.url}/widget/demo/boot"
    await zoe.page.goto(f"{stage.site}/quiet")
    await zoe.page.wait_for_function("document.querySelector('baton-widget') && window.$baton")
    await zoe.page.evaluate("$baton.prefill('A lamp, please')")
    await zoe.page.wait_for_load_state("networkidle")
    # Also where the workspace has rules, as the demo has.
    assert [each for each in asked if stage.baton.url in each] == [loader, boot]
    await zoe.open()
    await expect(zoe.composer).to_have_value("A lamp, please")
    await zoe.panel.get_by_role("button", name="More").click()
    await zoe.panel.get_by_role("button", name="Hide this chat").click()
    await expect(zoe.launcher).to_be_hidden()
    asked.clear()
    await zoe.page.goto(f"{stage.site}/quiet")
    await zoe.page.wait_for_function("window.$baton")
    await zoe.page.wait_for_load_state("networkidle")
    await expect(zoe.launcher).to_be_hidden()
    assert [each for each in asked if stage.baton.url in each] == [loader]
    assert await zoe.page.evaluate("document.cookie") == ""
    await zoe.page.evaluate("$baton.open()")
    await expect(zoe.panel).to_be_visible()
    await zoe.page.reload()
    await expect(zoe.launcher).to_be_visible()


async def test_calls_before_load_are_kept_and_wrong_ones_change_nothing(stage, guard):
    guard.allow("Baton: ")
    zoe = await stage.visitor()
    documented = unescape(re.findall(r"<pre[^>]*><code>(.*?)</code>", API_PAGE.read_text("utf-8"))[0])
    assert len(documented.encode()) <= 200
    stub = (
        """<script>
      window.errors = [];
      document.addEventListener("baton:error", ({ detail }) => errors.push(detail.code));
    </script>"""
        + documented
    )
    methods = re.findall(r"^  (\w+)(?=[(<])", TYPES.read_text("utf-8"), re.MULTILINE)
    kept = set(re.findall(r'"([\w ]+)"\.split', documented)[0].split())
    assert set(methods) - kept == {"isOpen", "destroy"}, "what answers, and what there is nothing of yet"
    stub += """<script>
      $baton.on("ready", () => (window.ready = true));
      $baton.prefill("From before");
      $baton.identify(42);
    </script>"""
    asks = '<p><a href="#chat" data-baton-open>Talk <b>to us</b></a></p>'
    url = stage.site + serve("/calls", stub + asks + WIDGET)
    await zoe.page.goto(url)
    await zoe.page.wait_for_function("window.ready")
    wrong = """() => { $baton.identify(42); $baton.identify(null); $baton.identify({ id: 7 });
      $baton.identify({ userId: "a" });
      $baton.on("opened", () => {}); $baton.on("open", "close"); $baton.off("x"); $baton.prefill(null);
      return { errors, open: $baton.isOpen() } }"""
    assert await zoe.page.evaluate(wrong) == {"errors": ["invalid"] * 9, "open": False}
    await zoe.page.locator("[data-baton-open] b").click()
    await expect(zoe.composer).to_have_value("From before")
    assert await zoe.page.evaluate("location.hash") == ""
    await zoe.page.evaluate("$baton.close()")
    await expect(zoe.panel).to_be_hidden()
    await expect(zoe.page.locator("[data-baton-open]")).to_be_focused()


WATCH_WHAT_IS_LEFT = """
  window.left = { timers: new Set(), listeners: [], sockets: [] };
  const { setTimeout: wait, clearTimeout: forget, setInterval: repeat, WebSocket: Socket } = window;
  window.setTimeout = (run, ms, ...rest) => {
    const timer = wait((...given) => (left.timers.delete(timer), run(...given)), ms, ...rest);
    left.timers.add(timer);
    return timer;
  };
  window.clearTimeout = timer => (left.timers.delete(timer), forget(timer));
  window.setInterval = (...given) => { const timer = repeat(...given); left.timers.add(timer); return timer };
  window.WebSocket = class extends Socket { constructor(url) { super(url); left.sockets.push(this) } };
  // The widget's, on what outlives its elements.
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const outlives = [window, document, document.documentElement, window.visualViewport, window.navigation];
    if (outlives.includes(this) && /\\/widget[./]/.test(new Error().stack))
      left.listeners.push({ target: this, type, listener, signal: options?.signal });
    return add.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const same = each => each.target === this && each.type === type && each.listener === listener;
    left.listeners = left.listeners.filter(each => !same(each));
    return remove.call(this, type, listener, options);
  };
  window.leftOver = () => ({
    timers: left.timers.size,
    listeners: left.listeners.filter(({ signal }) => !signal?.aborted).map(({ type }) => type),
    sockets: left.sockets.filter(({ readyState }) => readyState < 2).length,
  });
"""


async def test_it_may_be_loaded_twice_and_leaves_nothing_behind(stage, guard):
    guard.allow("Baton: this page has another chat.")
    zoe = await stage.visitor()
    tag = WIDGET.replace("async ", "")
    url = stage.site + serve("/twice", tag + tag + tag.replace("demo", "other"))
    await zoe.page.add_init_script(WATCH_WHAT_IS_LEFT)
    await zoe.page.goto(url)
    await zoe.open()
    assert await zoe.page.locator("baton-widget").count() == 1
    # A page that swaps its body, as Turbo does, keeps the chat; one that moves on tells where it is.
    await zoe.page.evaluate(
        "document.documentElement.replaceChild(document.createElement('body'), document.body)"
    )
    await zoe.ask("Hello from the first page")
    await zoe.page.evaluate("history.pushState(null, '', '/second'), document.title = 'Second page'")
    edith = await stage.operator("editor@demo.test")
    await edith.open(await zoe.conversation_id())
    await edith.page.wait_for_function("""async () => {
        const answer = await fetch(location.href, { headers: { Accept: "application/json" } });
        return (await answer.json()).pages[0].title === "Second page";
    }""")
    before = await zoe.page.evaluate("leftOver()")
    assert before["timers"] > 0
    assert {"click", "online", "visibilitychange", "resize"} <= set(before["listeners"])
    assert before["sockets"] == 1
    await zoe.composer.fill("Half a sen")  # its typing has a timer
    await zoe.page.evaluate("$baton.destroy()")
    assert await zoe.page.evaluate("!document.querySelector('baton-widget') && !window.$baton")
    # What waits a moment for a frame or an address may end by itself; what begins again would be seen.
    await zoe.page.wait_for_function("leftOver().timers === 0")
    assert await zoe.page.evaluate("leftOver()") == {"timers": 0, "listeners": [], "sockets": 0}
    await zoe.page.evaluate("document.body.innerHTML = '<a href=\"#x\" data-baton-open>Chat</a>'")
    await zoe.page.locator("[data-baton-open]").click()
    assert await zoe.page.evaluate("location.hash") == "#x", "nobody listens to it any more"

    async def newer(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        await route.fulfill(response=answer, json={**told, "panel": f"{told['panel']}?of-a-newer-baton"})

    await zoe.page.route("**/widget/demo/boot", newer)
    await zoe.page.evaluate(
        """src => { const script = document.createElement("script");
          script.dataset.key = "demo"; script.src = src; document.head.append(script) }""",
        f"{stage.baton.url}/widget.js",
    )
    await expect(zoe.panel).to_be_visible()  # it was open when it went
    await expect(zoe.own.first).to_have_text("Hello from the first page")
    panels = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/panel.')).length"
    assert await zoe.page.evaluate(panels) == 2, "the panel of before, and the newer one"


@pytest.mark.slow
async def test_a_verified_visitor_is_named_and_followed_to_another_browser(stage, guard):
    guard.allow("Baton: The hash is not")
    olivia = await stage.operator("owner@demo.test")
    await olivia.page.goto(f"{stage.baton.url}/app/settings/widget/api")
    await olivia.page.get_by_role("button", name="Make a secret").click()
    await expect(olivia.page.locator("#identity-outcome")).to_contain_text("Made")
    secret = await olivia.page.locator("#identity-secret").input_value()
    await olivia.page.get_by_role("button", name="Load the widget").click()
    await expect(olivia.page.locator("#api-log")).to_contain_text("baton:ready")
    proof = hmac.new(secret.encode(), b"user-7", hashlib.sha256).hexdigest()
    tag = WIDGET.removesuffix("></script>") + ' data-user-id="user-7" data-user-name="Zoe Lind"'
    right = stage.site + serve("/right", f'{tag} data-user-hash="{proof}"></script>')
    wrong = stage.site + serve(
        "/wrong",
        "<script>document.addEventListener('baton:error', e => (window.code = e.detail.code))</script>"
        f'{tag} data-user-hash="{proof[::-1]}"></script>',
    )
    zoe, mallory = await stage.visitor(), await stage.visitor()
    await zoe.arrive(right)
    await zoe.ask("Hello, it is me")
    await mallory.page.goto(wrong)
    await mallory.page.wait_for_function("window.code === 'identity'")
    await mallory.open()
    await expect(mallory.own).to_have_count(0)
    await mallory.page.goto(right)  # where the chat opens again by itself
    await expect(mallory.own.first).to_have_text("Hello, it is me")
    await olivia.open(await zoe.conversation_id())
    await expect(olivia.page.locator("#thread-name")).to_have_text("Zoe Lind")
    await expect(olivia.page.locator(".thread-title .proof")).to_have_text("verified")
    row = olivia.row(await zoe.conversation_id())
    await expect(row.locator(".row-title")).to_have_text("Zoe Lind")
    await expect(row.locator(".proof")).to_have_text("verified")
    await expect(olivia.page).to_have_title(re.compile("Zoe Lind · Conversations"))
    await expect(olivia.page.locator('[data-part="person"]')).to_have_text("Zoe Lind · id user-7 (verified)")
    # A name without proof is a claim, marked as one, and there at once.
    other = await stage.visitor()
    await other.arrive(stage.site)
    await other.ask("Who am I?")
    await olivia.open(await other.conversation_id())
    row = olivia.row(await other.conversation_id())
    await expect(row.locator(".row-title")).to_have_text(re.compile(r"Visitor \w+"))
    await other.page.evaluate("$baton.identify({ name: 'Ida Brandt' })")
    await expect(row.locator(".row-title")).to_have_text("Ida Brandt")
    await expect(row.locator(".proof")).to_have_text("not verified")
    await expect(olivia.page.locator(".thread-title")).to_contain_text("Ida Brandtnot verified")
    await expect(olivia.page).to_have_title(re.compile(r"Ida Brandt \(not verified\) · Conversations"))
    await mallory.page.evaluate("$baton.reset()")
    await mallory.arrive(stage.site)
    await expect(mallory.own).to_have_count(0)
