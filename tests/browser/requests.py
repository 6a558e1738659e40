"""What a page asks the server for, after it has loaded too."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, Request

_LOOK_S = 0.03
_WITHIN_S = 10.0


class Requests:
    """Those of a page that are not answered yet."""

    def __init__(self, page: Page) -> None:
        self._open: set[Request] = set()
        page.on("request", self._asked)
        for end in ("requestfinished", "requestfailed"):
            page.on(end, self._answered)

    async def settle(self) -> None:
        """Wait until none is open, at two looks: what one answer leads to is asked for at once."""
        quiet = 0
        async with asyncio.timeout(_WITHIN_S):
            while quiet < 2:
                await asyncio.sleep(_LOOK_S)
                quiet = 0 if self._open else quiet + 1

    def _asked(self, request: Request) -> None:
        self._open.add(request)

    def _answered(self, request: Request) -> None:
        self._open.discard(request)
