"""Chromium, a Baton, and people in front of both.

A console error, an uncaught error, a violated policy, a dialog or a request to a stranger fails the test
that it happened in, unless the test said so before (`guard.allow`). Without Chromium these tests are skipped;
where CI is true they fail.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.chromium import FLAGS, NAMES, chromium
from tests.browser.guard import Guard
from tests.browser.members import Members
from tests.browser.people import Operator, Visitor
from tests.browser.site import shop
from tests.browser.street import Street
from tests.support.model_server import Exchange, ModelServer, model_server
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


async def _refuse(exchange: Exchange) -> None:
    await exchange.raw(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def language_model() -> AsyncGenerator[ModelServer]:
    """Refuses, so that the bot answers by itself, at a pace of its own."""
    async with model_server(_refuse) as model:
        yield model


@pytest_asyncio.fixture(loop_scope="session")
async def model(language_model: ModelServer) -> AsyncGenerator[ModelServer]:
    """The same, for a test that plays the bot's words by hand."""
    yield language_model
    language_model.play = _refuse


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def baton(
    tmp_path_factory: pytest.TempPathFactory, language_model: ModelServer
) -> AsyncGenerator[BatonProcess]:
    data_dir = tmp_path_factory.mktemp("browser") / "var"
    async with BatonProcess(data_dir, BATON_LLM_URL=language_model.url, BATON_LLM_MODEL="by-hand") as baton:
        yield baton


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(baton: BatonProcess) -> AsyncGenerator[str]:
    async with shop(baton.url) as url:
        yield url


@pytest.fixture(scope="session")
def members(browser: Browser, baton: BatonProcess) -> Members:
    return Members(new_context_of(browser), baton.url)


def new_context_of(browser: Browser) -> Callable[..., Awaitable[BrowserContext]]:
    """Makes contexts in which every violation of a policy is told."""

    async def make(**options: Any) -> BrowserContext:
        context = await browser.new_context(locale="en-GB", **options)
        context.set_default_timeout(WITHIN_MS)
        await Guard.prepare(context)
        return context

    return make


@pytest.fixture
def guard(baton: BatonProcess, site: str) -> Guard:
    return Guard(baton.url, site)


@pytest_asyncio.fixture(loop_scope="session")
async def street(baton: BatonProcess) -> AsyncGenerator[Street]:
    street = Street(baton.url)
    yield street
    await street.close()


@dataclass
class Stage:
    """Lets people in, each in a browser context of their own."""

    browser: Browser
    baton: BatonProcess
    site: str
    guard: Guard
    members: Members
    _contexts: list[BrowserContext] = field(default_factory=list)

    async def visitor(self, **options: Any) -> Visitor:
        """A new visitor, who has not yet come to a page.

        Theirs is a browser without motion, in which an answer stands as soon as it is there. Who has it grow
        asks for `reduced_motion="no-preference"`.
        """
        return Visitor(await self.page(**{"reduced_motion": "reduce", **options}))

    async def operator(self, email: str, *, own: bool = False, **options: Any) -> Operator:
        """A member who is signed in, and has opened nothing.

        `own`: in a context that no other test sees, to change what cannot be changed back, as its clock.
        """
        page = await (self.members.new if own else self.members.borrow)(email, options)
        self._watch(page.context)
        return Operator(page, self.baton.url, email)

    async def page(self, **options: Any) -> Page:
        """A page in a context of its own."""
        context = await new_context_of(self.browser)(**options)
        self._watch(context)
        return await context.new_page()

    async def close(self) -> None:
        """Send everybody home."""
        for context in self._contexts:
            if self.members.lent(context):
                await self.members.give_back(context)
                self.guard.unwatch(context)
            else:
                await context.close()

    def _watch(self, context: BrowserContext) -> None:
        self._contexts.append(context)
        self.guard.watch(context)


@pytest_asyncio.fixture(loop_scope="session")
async def stage(
    browser: Browser, baton: BatonProcess, site: str, guard: Guard, members: Members
) -> AsyncGenerator[Stage]:
    stage = Stage(browser, baton, site, guard, members)
    yield stage
    await stage.close()
    assert guard.found == []
