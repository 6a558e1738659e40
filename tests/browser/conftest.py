"""Chromium, a Baton, and people in front of both.

A console error, an uncaught error, a violated policy, a dialog or a request to a stranger fails the test
that it happened in, unless the test said so before (`guard.allow`). Without Chromium these tests are skipped;
where CI is true they fail.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.chromium import FLAGS, NAMES, chromium
from tests.browser.guard import Guard
from tests.browser.people import Operator, Visitor
from tests.browser.site import shop
from tests.support.process import BatonProcess

WITHIN_MS = 10_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncGenerator[Browser]:
    path = chromium()
    if path is None:
        told = f"none of {', '.join(NAMES)} is on the path"
        if os.environ.get("CI") == "true":
            pytest.fail(f"The browser tests need Chromium, and {told}.")
        pytest.skip(f"needs Chromium, and {told}")
    expect.set_options(timeout=WITHIN_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def baton(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[BatonProcess]:
    async with BatonProcess(tmp_path_factory.mktemp("browser") / "var") as baton:
        yield baton


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(baton: BatonProcess) -> AsyncGenerator[str]:
    async with shop(baton.url) as url:
        yield url


@pytest.fixture(scope="session")
def sessions() -> dict[str, Any]:
    """Who has signed in already: a password is made slow to check on purpose."""
    return {}


@pytest.fixture
def guard(baton: BatonProcess, site: str) -> Guard:
    return Guard(baton.url, site)


@dataclass
class Stage:
    """Lets people in; each has a browser context of their own."""

    browser: Browser
    baton: BatonProcess
    site: str
    guard: Guard
    sessions: dict[str, Any]
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def visitor(self, **options: Any) -> Visitor:
        """A new visitor, who has not yet come to a page."""
        return Visitor(await self.page(**options))

    async def operator(self, email: str, **options: Any) -> Operator:
        """A member who is signed in, and has opened nothing."""
        page = await self.page(**options, storage_state=self.sessions.get(email))
        if email not in self.sessions:
            form = {"email": email, "password": "baton-demo"}
            answer = await page.request.post(f"{self.baton.url}/login", data=form)
            assert answer.ok, await answer.text()
            self.sessions[email] = await page.context.storage_state()
        return Operator(page, self.baton.url, email)

    async def page(self, **options: Any) -> Page:
        """A page in a context of its own."""
        context = await self.browser.new_context(locale="en-GB", **options)
        context.set_default_timeout(WITHIN_MS)
        self._contexts.append(context)
        await self.guard.watch(context)
        return await context.new_page()

    async def close(self) -> None:
        """Send everybody home."""
        for context in self._contexts:
            await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def stage(
    browser: Browser, baton: BatonProcess, site: str, guard: Guard, sessions: dict[str, Any]
) -> AsyncGenerator[Stage]:
    stage = Stage(browser, baton, site, guard, sessions)
    yield stage
    await stage.close()
    assert guard.found == []
