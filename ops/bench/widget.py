"""What the widget costs a site's visitor: bytes, requests, and time on a processor four times slower.

`python -m ops.bench widget`: a page of another origin, Chromium, one fresh browser context a round.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from ops.bench.harness import BATON, Measure, Sample, Sheet, Target, save
from tests.browser.chromium import FLAGS, chromium
from tests.browser.site import shop
from tests.support.process import BatonProcess

CASE = "4× slower processor"
ROUNDS = 9
SHEET = Sheet(
    bench="widget",
    row=6,
    title="Widget: bytes, requests, main-thread time",
    work="A page with nothing but the widget; then the launcher is clicked. Chromium slowed down four times.",
    cases=(CASE,),
    contenders=(BATON,),
    measures=(
        Measure("loader_b", "Loader", "B", "lower", 0),
        Measure("first_open_b", "All, to the first open", "B", "lower", 0),
        Measure("requests", "Requests before intent, beside the loader", "", "lower", 0),
        Measure("open_ms", "Click to a focused composer that is painted", "ms", "lower"),
        Measure("longest_ms", "Longest task", "ms", "lower"),
        Measure("script_ms", "Main thread, scripts", "ms", "lower"),
        Measure("layout_ms", "Main thread, style and layout", "ms", "lower"),
        Measure("cls", "Layout shift", "", "lower", 3),
    ),
    targets=(
        Target("loader_b", CASE, "at most", 4_096),
        Target("first_open_b", CASE, "at most", 25_600),
        Target("open_ms", CASE, "at most", 200),
        Target("longest_ms", CASE, "at most", 50),
        Target("cls", CASE, "at most", 0),
    ),
)
_OBSERVE = """
window.seen = { longest: 0, shift: 0 };
const longest = ({ duration }) => (seen.longest = Math.max(seen.longest, duration));
new PerformanceObserver(list => list.getEntries().forEach(longest))
  .observe({ type: "longtask", buffered: true });
new PerformanceObserver(list => list.getEntries().forEach(each => (seen.shift += each.value)))
  .observe({ type: "layout-shift", buffered: true });
"""
_CLICK = """() => new Promise(done => {
  const root = document.querySelector("baton-widget").shadowRoot;
  const began = performance.now();
  root.querySelector("button").click();
  const look = () => {
    const field = root.querySelector("baton-panel")?.shadowRoot?.activeElement;
    if (field?.localName !== "textarea") return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  };
  look();
})"""
_HOVER = """document.querySelector("baton-widget").shadowRoot.querySelector("button")
  .dispatchEvent(new Event("pointerenter"))"""


async def _round(browser: Browser, site: str, baton: str) -> dict[str, float]:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.add_init_script(_OBSERVE)
    client = await context.new_cdp_session(page)
    await client.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    await client.send("Network.enable")
    await client.send("Performance.enable")
    asked: dict[str, str] = {}
    sizes: dict[str, float] = {}
    client.on(
        "Network.requestWillBeSent", lambda told: asked.update({told["requestId"]: told["request"]["url"]})
    )
    client.on(
        "Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]})
    )
    await page.goto(site)
    await page.wait_for_function("window.$baton")
    await page.wait_for_load_state("networkidle")
    before = [url for url in asked.values() if url.startswith(baton) and not url.endswith("/widget.js")]
    await page.evaluate(_HOVER)  # who clicks with a mouse has come near before
    await page.wait_for_load_state("networkidle")
    open_ms = await page.evaluate(_CLICK)
    await page.wait_for_load_state("networkidle")
    seen = await page.evaluate("window.seen")
    told = (await client.send("Performance.getMetrics"))["metrics"]
    spent = {each["name"]: 1_000 * each["value"] for each in told}
    files = {
        url: sizes.get(number, 0)
        for number, url in asked.items()
        if "/assets/" in url or url.endswith("widget.js")
    }
    await context.close()
    return {
        "loader_b": next(size for url, size in files.items() if url.endswith("widget.js")),
        "first_open_b": sum(files.values()),
        "requests": len(before),
        "open_ms": open_ms,
        "longest_ms": seen["longest"],
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
            await _round(browser, site, baton.url)  # once for the server's and the browser's own sake
            rounds = [await _round(browser, site, baton.url) for _ in range(ROUNDS)]
            await browser.close()
    return [Sample("widget", CASE, BATON, number, metrics) for number, metrics in enumerate(rounds)]


def main(argv: Sequence[str]) -> int:
    """Measure, and keep it."""
    del argv
    samples = asyncio.run(_measure())
    for measure in SHEET.measures:
        values = sorted(each.metrics[measure.name] for each in samples)
        low, middle, high = (f"{values[at]:.{measure.digits}f}" for at in (0, len(values) // 2, -1))
        print(f"{measure.title}: {middle} {measure.unit} ({low} to {high})")
    save(SHEET, samples)
    return 0
