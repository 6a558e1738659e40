"""A studio: a browser, a Baton in front of it, and every look in which a picture is taken."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Browser, Locator, Page, ViewportSize

from tests.browser.people import Operator, Visitor
from tests.support.process import BatonProcess
from tests.support.wire_clients import OperatorClient

PASSWORD = "baton-demo"  # noqa: S105 - the demo's, which every start prints
SIZES = {320: 640, 768: 1024, 1440: 900}
SCHEMES = ("light", "dark")
# The phone's last: a page that a finger was on has no mouse to hover with until it is loaded again.
LOOKS = [(width, scheme) for width in sorted(SIZES, reverse=True) for scheme in SCHEMES]
ONE_LOOK = [(1440, "light")]
WIDE = [(width, scheme) for width, scheme in LOOKS if width == max(SIZES)]
NARROW = [(width, scheme) for width, scheme in LOOKS if width < max(SIZES)]
PHONE = [(width, scheme) for width, scheme in LOOKS if width == min(SIZES)]
WITH_KEYS = [(width, scheme) for width, scheme in LOOKS if width > min(SIZES)]
"""A phone has no keyboard to look up."""

LETTER_WITHIN_S = 20
MOST_PIXELS = 4800
"""How tall a picture of a long page may be."""

_CONTENT = """Math.max(
    document.documentElement.scrollHeight,
    ...[...document.querySelectorAll(".scroll")].map((box) => box.scrollHeight + 64))"""
_PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Studio:
    """Lets people in, and takes their pictures. Pages do not move: what fades would be caught halfway."""

    browser: Browser
    baton: BatonProcess
    folder: Path
    _signed_in: dict[str, Any] = field(default_factory=dict)

    async def page(self, **options: Any) -> Page:
        """A page in a context of its own."""
        context = await self.browser.new_context(
            viewport=options.pop("viewport", _size(1440)),
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/Berlin",
            **options,
        )
        return await context.new_page()

    async def visitor(self, path: str = "/demo") -> Visitor:
        """A visitor on the demo's page, with the chat open."""
        visitor = Visitor(await self.page())
        await visitor.page.goto(f"{self.baton.url}{path}")
        return visitor

    async def operator(self, email: str, **options: Any) -> Operator:
        """A member at the console."""
        page = await self.page(storage_state=self._signed_in.get(email), **options)
        if email not in self._signed_in:
            form = {"email": email, "password": PASSWORD}
            answer = await page.request.post(f"{self.baton.url}/login", data=form)
            if not answer.ok:
                raise RuntimeError(f"{email} could not sign in: {await answer.text()}")
            self._signed_in[email] = await page.context.storage_state()
        return Operator(page, self.baton.url, email)

    async def shoot(
        self,
        page: Page,
        name: str,
        *,
        looks: list[tuple[int, str]] | None = None,
        whole: bool = False,
        height: int = 0,
        show: Locator | None = None,
        animations: Literal["allow", "disabled"] = "disabled",
    ) -> None:
        """Take this in every look, as `name-{width}-{scheme}.png`.

        `whole`: also what is below the fold. `height`: the window's, in pixels. `show`: what is scrolled to.
        """
        touch = await page.context.new_cdp_session(page)
        for width, scheme in looks or LOOKS:
            if width == min(SIZES):
                finger = {"enabled": True, "maxTouchPoints": 1}
                await touch.send("Emulation.setTouchEmulationEnabled", finger)
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            await page.set_viewport_size(_size(width, height))
            if whole:
                tall = max(SIZES[width], min(MOST_PIXELS, await page.evaluate(_CONTENT)))
                await page.set_viewport_size(_size(width, tall))
            if show:
                await show.scroll_into_view_if_needed()
            await page.evaluate(_PAINTED)
            path = self.folder / f"{name}-{width}-{scheme}.png"
            await page.screenshot(path=path, animations=animations)
        await touch.detach()
        await page.set_viewport_size(_size(1440))

    async def link(self, kind: str) -> str:
        """The address in the newest letter, `invite` or `reset`: without a mail server letters are logged."""
        async with asyncio.timeout(LETTER_WITHIN_S):
            while not (found := re.findall(rf"(/{kind}/[A-Za-z0-9_-]{{16,}})", self.baton.log)):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.1)
        return f"{self.baton.url}{found[-1]}"


def _size(width: int, height: int = 0) -> ViewportSize:
    return ViewportSize(width=width, height=height or SIZES.get(width, 900))


@asynccontextmanager
async def member(baton: BatonProcess, email: str) -> AsyncGenerator[OperatorClient]:
    """A member as a program."""
    client = OperatorClient(baton.url, email)
    await client.sign_in()
    await client.connect()
    yield client
    await client.close()


async def hire(baton: BatonProcess, email: str, name: str) -> None:
    """Make a member as an administrator does, on the command line."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server", "user", "add", email),
        *("--name", name, "--workspace", "demo"),
        stdin=asyncio.subprocess.PIPE,
        env=baton.environment,
    )
    await process.communicate(f"{PASSWORD}\n".encode())
    if process.returncode:
        raise RuntimeError(f"{email} could not be added")
