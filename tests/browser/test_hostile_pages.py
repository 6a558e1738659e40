"""Pages that were not made for a widget: the chat opens where it should, and can be written in."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.site import OTHERS

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDGET = '<script async src="{baton}/widget.js" data-key="demo"></script>'
HEAD = '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Shop</title>'
POLICY = "script-src {baton}; connect-src {baton} {socket}; img-src {baton}"  # as the settings page says
STRICT = f"default-src 'none'; base-uri 'none'; require-trusted-types-for 'script'; {POLICY} data:"
OPEN = ""
RESETS = """<style>
* { all: revert !important; margin: 9px !important; font: 7px serif !important; display: block !important }
button, textarea, section { width: 3px !important; opacity: 0 !important; position: static !important }
</style>"""
MOVED = """<style>html { transform: scale(.5) translateX(99px); filter: blur(1px); font-size: 62.5% }
body { transform: rotate(3deg); contain: strict; height: 90px; overflow: hidden }</style>"""
ABOVE = '<div style="position: fixed; inset: 0; z-index: 2147483647; background: gold"></div>'
PAGES = {
    "resets": ("<!doctype html>" + RESETS, OPEN),
    "moved": ("<!doctype html>" + MOVED, OPEN),
    "above": ("<!doctype html>" + ABOVE, OPEN),
    "quirks": ("<table><tr><td>1998</table>", OPEN),
    "policy": ("<!doctype html>", STRICT),
}


@pytest.mark.parametrize("name", PAGES)
async def test_the_chat_works_on(stage, name):
    html, policy = PAGES[name]
    OTHERS[f"/{name}"] = (f"{html}{HEAD}<p>A shop</p>{WIDGET}", policy)
    zoe = await stage.visitor(viewport={"width": 1000, "height": 700})
    await zoe.page.goto(f"{stage.site}/{name}")
    await expect(zoe.launcher).to_be_visible()
    box = await zoe.launcher.bounding_box()
    assert box == {"x": 928, "y": 628, "width": 52, "height": 52}
    await zoe.open()
    await expect(zoe.composer).to_be_in_viewport(ratio=1)
    style = "field => [getComputedStyle(field).fontSize, getComputedStyle(field).opacity]"
    assert await zoe.composer.evaluate(style) == ["16px", "1"]
    await zoe.ask("Hello there")
    assert await zoe.page.evaluate("document.cookie") == ""
    await zoe.page.emulate_media(media="print")
    await expect(zoe.panel).to_be_hidden()
    await expect(zoe.launcher).to_be_hidden()


async def test_the_chat_is_at_home_on_an_arabic_page_at_twice_the_size_without_motion_or_colours(stage):
    OTHERS["/ar"] = (f'<!doctype html><html lang="ar" dir="rtl">{HEAD}<p>متجر</p>{WIDGET}', OPEN)
    zoe = await stage.visitor(
        viewport={"width": 500, "height": 400},
        device_scale_factor=2,
        reduced_motion="reduce",
        forced_colors="active",
    )
    await zoe.page.goto(f"{stage.site}/ar")
    await expect(zoe.launcher).to_be_visible()
    box = await zoe.launcher.bounding_box()
    assert box is not None
    assert box["x"] == 20, "the end of a line that is read from the right"
    assert await zoe.launcher.evaluate("launcher => getComputedStyle(launcher).borderTopWidth") == "2px"
    await zoe.open()
    await expect(zoe.panel).to_have_css("direction", "rtl")
    await expect(zoe.panel.locator("textarea")).to_be_in_viewport(ratio=1)
    await expect(zoe.panel.locator("footer button").first).to_be_in_viewport(ratio=1)
    still = """panel => panel.getAnimations({ subtree: true })
      .every(({ effect }) => effect.getTiming().duration < 20)"""
    assert await zoe.panel.evaluate(still)
