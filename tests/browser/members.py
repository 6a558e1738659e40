"""Browser contexts that members of the team come back to.

A page of the console is two hundred small files; a new context fetches and compiles each of them again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import BrowserContext, Page

# All that a page can leave behind, but for its cookies and the cache of what it fetched.
_KEPT = "local_storage,indexeddb,cache_storage,service_workers,file_systems"


class Members:
    """Lends a context for each member and kind of window, as clean as a new one.

    `make` makes one that is new; its arguments are those of `Browser.new_context`.
    """

    def __init__(self, make: Callable[..., Awaitable[BrowserContext]], url: str) -> None:
        self._make = make
        self._url = url
        self._signed_in: dict[str, Any] = {}
        self._idle: defaultdict[str, list[BrowserContext]] = defaultdict(list)
        self._lent: dict[BrowserContext, tuple[str, str]] = {}

    async def borrow(self, email: str, options: dict[str, Any]) -> Page:
        """A page in a context that this member may have had before, in another test."""
        kind = f"{email} {sorted(options.items())}"
        if not self._idle[kind]:
            page = await self.new(email, options)
            self._lent[page.context] = email, kind
            return page
        context = self._idle[kind].pop()
        self._lent[context] = email, kind
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        await devtools.send("Storage.clearDataForOrigin", {"origin": self._url, "storageTypes": _KEPT})
        await devtools.detach()
        return page

    async def new(self, email: str, options: dict[str, Any]) -> Page:
        """A page in a context that nobody had before."""
        context = await self._make(**options, storage_state=self._signed_in.get(email))
        page = await context.new_page()
        # Once for each member: a password is made slow to check on purpose.
        if email not in self._signed_in:
            form = {"email": email, "password": "baton-demo"}
            answer = await page.request.post(f"{self._url}/login", data=form)
            assert answer.ok, await answer.text()
            self._signed_in[email] = await context.storage_state()
        return page

    def lent(self, context: BrowserContext) -> bool:
        """Whether it was borrowed, and is to be given back instead of closed."""
        return context in self._lent

    async def give_back(self, context: BrowserContext) -> None:
        """Close its pages; the next who borrows it finds it as it was at first."""
        email, kind = self._lent.pop(context)
        for page in context.pages:
            await page.close()
        await context.unroute_all()
        await context.set_offline(False)
        await context.clear_cookies()
        await context.add_cookies(self._signed_in[email]["cookies"])
        self._idle[kind].append(context)
