"""The app's icons, drawn by Chromium from `web/assets/console/icons/icon-app.svg`: `make icons`.

They are committed, so that nobody needs a browser to run Baton. Run this again when the mark changes.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.browser.chromium import FLAGS, chromium

FOLDER = Path(__file__).parents[1] / "web/assets/console/icons"
ROUNDED = {"icon-192.png": 192, "icon-512.png": 512}
FULL = {"icon-maskable-512.png": 512, "icon-touch-180.png": 180}
"""Without round corners: whoever shows these cuts them as the system likes."""


async def draw(browser: Browser, svg: str, size: int, path: Path) -> None:
    """Write the drawing as a PNG of so many pixels each way."""
    page = await browser.new_page(viewport={"width": size, "height": size})
    shown = svg.replace("<svg ", '<svg style="display:block;width:100vw;height:100vh" ', 1)
    await page.set_content(f'<body style="margin:0;background:transparent">{shown}')
    await page.screenshot(path=path, omit_background=True)
    await page.close()


async def main() -> int:
    """Write all of them."""
    path = chromium()
    if path is None:
        print("Drawing the icons needs Chromium.", file=sys.stderr)
        return 1
    rounded = (FOLDER / "icon-app.svg").read_text()
    full = rounded.replace(' rx="112"', "")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        for svg, sizes in ((rounded, ROUNDED), (full, FULL)):
            for name, size in sizes.items():
                await draw(browser, svg, size, FOLDER / name)
        await browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
