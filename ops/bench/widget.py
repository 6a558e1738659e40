"""What the widget costs a site's visitor: bytes, requests, and time on a processor four times slower.

`python -m ops.bench widget`: a page of another origin, Chromium, one fresh browser context a round; a
mouse that comes near before it presses, and a finger that does not.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from ops.bench.harness import BATON, Measure, Sample, Sheet, Target, save
from tests.browser.chromium import FLAGS, chromium
from tests.browser.site import shop
from tests.support.process import BatonProcess

MOUSE = "mouse, 4× slower"
TOUCH = "touch, 4× slower"
DEVICES: dict[str, dict[str, Any]] = {
    MOUSE: {"viewport": {"width": 1280, "height": 800}},
    TOUCH: {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
ROUNDS = 9
NEAR_S = 0.2
"""How long a pointer is over the launcher before it presses; a finger never is."""

PRESS_S = 0.07
"""How long a button or a finger stays down. The click comes when it is let go, and the clock starts there."""

SHEET = Sheet(
    bench="widget",
    row=6,
    title="Widget: bytes, requests, main-thread time",
    work="A page with nothing but the widget, of a workspace with rules; then the launcher is pressed, as a "
    "browser hears it from a mouse and from a finger. Chromium slowed down 4×. Bytes are bodies, packed.",
    cases=(MOUSE, TOUCH),
    contenders=(BATON,),
    measures=(
        Measure("loader_b", "Loader", "B", "lower", 0),
        Measure("first_open_b", "All files, to the first open", "B", "lower", 0),
        Measure("headers_b", "Their headers", "B", "lower", 0),
        Measure("requests", "Requests before intent, beside the loader", "", "lower", 0),
        Measure("open_ms", "Click to a composer that is painted and usable", "ms", "lower"),
        Measure("load_longest_ms", "Longest task over 50 ms while the page loads", "ms", "lower"),
        Measure("open_longest_ms", "Longest task over 50 ms from intent on", "ms", "lower"),
        Measure("script_ms", "Main thread, scripts", "ms", "lower"),
        Measure("layout_ms", "Main thread, style and layout", "ms", "lower"),
        Measure("cls", "Layout shift", "", "lower", 3),
    ),
    targets=(
        Target("loader_b", MOUSE, "at most", 4_096),
        Target("first_open_b", MOUSE, "at most", 25_600),
        *(
            Target(measure, case, "at most", bound)
            for case in DEVICES
            for measure, bound in (
                ("requests", 1),
                ("open_ms", 200),
                ("load_longest_ms", 50),
                ("open_longest_ms", 50),
                ("cls", 0),
            )
        ),
    ),
)
_OBSERVE = """
window.seen = { tasks: [], shift: 0 };
const task = ({ startTime, duration }) => seen.tasks.push([startTime, duration]);
new PerformanceObserver(list => list.getEntries().forEach(task))
  .observe({ type: "longtask", buffered: true });
new PerformanceObserver(list => list.getEntries().forEach(each => (seen.shift += each.value)))
  .observe({ type: "layout-shift", buffered: true });
"""
_WATCH = """() => {
  const root = document.querySelector("baton-widget").shadowRoot;
  const launcher = root.querySelector("button");
  seen.intent = performance.now();
  seen.opened = new Promise(done => launcher.addEventListener("click", ({ timeStamp }) => {
    const look = () => {
      const panel = root.querySelector("baton-panel");
      // A phone's keyboard stays away until the field is touched: there it is the panel that has the focus.
      if (!panel?.shadowRoot?.activeElement) return requestAnimationFrame(look);
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - timeStamp)));
    };
    requestAnimationFrame(look);
  }, { once: true }));
  const { x, y, width, height } = launcher.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}"""
_SEEN = """() => {
  const within = (from, to) => seen.tasks.filter(([at]) => at >= from && at < to).map(([, ms]) => ms);
  const longest = (from, to) => Math.max(0, ...within(from, to));
  return { load: longest(0, seen.intent), open: longest(seen.intent, Infinity), shift: seen.shift };
}"""


class Wire:
    """What a page asks for, by URL: how many bytes came, packed, and with their headers."""

    def __init__(self, client: CDPSession) -> None:
        self._urls: dict[str, str] = {}
        self._bodies: Counter[str] = Counter()
        self._totals: Counter[str] = Counter()
        client.on("Network.requestWillBeSent", self._asked)
        client.on("Network.dataReceived", self._came)
        client.on("Network.loadingFinished", self._ended)

    def asked(self, of: str) -> list[str]:
        """Every URL that begins so, in order."""
        return [url for url in self._urls.values() if url.startswith(of)]

    def bodies(self) -> dict[str, int]:
        """Of the widget's files."""
        return {url: self._bodies[number] for number, url in self._files()}

    def headers(self) -> int:
        """Of the widget's files together."""
        return sum(self._totals[number] - self._bodies[number] for number, _ in self._files())

    def _files(self) -> list[tuple[str, str]]:
        return [
            (number, url)
            for number, url in self._urls.items()
            if "/assets/" in url or url.endswith("widget.js")
        ]

    def _asked(self, told: dict[str, Any]) -> None:
        self._urls[told["requestId"]] = told["request"]["url"]

    def _came(self, told: dict[str, Any]) -> None:
        self._bodies[told["requestId"]] += told["encodedDataLength"]

    def _ended(self, told: dict[str, Any]) -> None:
        self._totals[told["requestId"]] = int(told["encodedDataLength"])


async def _press(page: Page, client: CDPSession, case: str, x: float, y: float) -> None:
    if case == TOUCH:
        await client.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
        )
        await asyncio.sleep(PRESS_S)
        await client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        return
    await page.mouse.move(x, y)
    await asyncio.sleep(NEAR_S)
    await page.mouse.down()
    await asyncio.sleep(PRESS_S)
    await page.mouse.up()


async def _round(browser: Browser, site: str, baton: str, case: str) -> dict[str, float]:
    context = await browser.new_context(**DEVICES[case])
    page = await context.new_page()
    await page.add_init_script(_OBSERVE)
    client = await context.new_cdp_session(page)
    await client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    await client.send("Network.enable")
    await client.send("Performance.enable")
    wire = Wire(client)
    await page.goto(site)
    await page.wait_for_function("window.$baton")
    await page.wait_for_load_state("networkidle")
    before = wire.asked(baton)
    place = await page.evaluate(_WATCH)
    await _press(page, client, case, place["x"], place["y"])
    open_ms = await page.evaluate("seen.opened")
    await page.wait_for_load_state("networkidle")
    await page.evaluate("new Promise(go => setTimeout(go, 500))")  # what comes over the socket, too
    seen = await page.evaluate(_SEEN)
    told = (await client.send("Performance.getMetrics"))["metrics"]
    spent = {each["name"]: 1_000 * each["value"] for each in told}
    await context.close()
    files = wire.bodies()
    return {
        "loader_b": next(size for url, size in files.items() if url.endswith("widget.js")),
        "first_open_b": sum(files.values()),
        "headers_b": wire.headers(),
        "requests": len(before) - 1,
        "open_ms": open_ms,
        "load_longest_ms": seen["load"],
        "open_longest_ms": seen["open"],
        "script_ms": spent["ScriptDuration"],
        "layout_ms": spent["LayoutDuration"] + spent["RecalcStyleDuration"],
        "cls": seen["shift"],
    }


async def _measure() -> list[Sample]:
    path = chromium()
    if path is None:
        raise SystemExit("This needs Chromium on the path.")
    with tempfile.TemporaryDirectory() as folder:
        async with (
            BatonProcess(Path(folder) / "var") as baton,
            shop(baton.url) as site,
            async_playwright() as play,
        ):
            browser = await play.chromium.launch(executable_path=path, args=FLAGS)
            await _round(browser, site, baton.url, MOUSE)  # once for the server's and the browser's own sake
            samples = [
                Sample("widget", case, BATON, number, await _round(browser, site, baton.url, case))
                for number in range(ROUNDS)
                for case in random.sample(list(DEVICES), len(DEVICES))
            ]
            await browser.close()
    return samples


def main(argv: Sequence[str]) -> int:
    """Measure, and keep it."""
    del argv
    samples = asyncio.run(_measure())
    for case in DEVICES:
        print(case)
        for measure in SHEET.measures:
            values = sorted(each.metrics[measure.name] for each in samples if each.case == case)
            low, middle, high = (f"{values[at]:.{measure.digits}f}" for at in (0, len(values) // 2, -1))
            print(f"  {measure.title}: {middle} {measure.unit} ({low} to {high})")
    save(SHEET, samples)
    return 0
