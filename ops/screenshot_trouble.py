"""What is seen when something is broken: a list that does not come, no database, a fault of ours."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.async_api import expect

from ops.screenshot_studio import Studio
from tests.support.process import BatonProcess

OWNER, EDITOR = "owner@demo.test", "editor@demo.test"
DATABASE_IS_MISSED_WITHIN_MS = 60_000


async def shoot_trouble(studio: Studio) -> None:
    """The worst comes last, and passes."""
    await _not_reached(studio)
    olivia = await studio.operator(OWNER)
    page, url = olivia.page, studio.baton.url
    with _spoilt_source(studio.baton):
        await page.goto(f"{url}/app/settings/knowledge")
        await studio.shoot(page, "error-500")
    with _frozen_database(studio.baton):
        await page.goto(f"{url}/app/overview", timeout=DATABASE_IS_MISSED_WITHIN_MS)
        await studio.shoot(page, "error-503")
    await studio.baton.until_ready()
    await page.context.close()


async def _not_reached(studio: Studio) -> None:
    edith = await studio.operator(EDITOR)
    page = edith.page
    await edith.open_list()
    await page.wait_for_load_state("networkidle")
    await page.route("**/app/conversations?*", lambda route: route.abort())
    await page.locator("#search").fill("invoice")
    await expect(page.locator("#list-wrong")).to_be_visible()
    await studio.shoot(page, "error-not-reached")
    await page.context.close()


@contextmanager
def _spoilt_source(baton: BatonProcess) -> Iterator[None]:
    """A document that somebody wrote by hand, with half of it missing."""
    with baton.mongo() as client:
        sources = client["baton"]["knowledge_sources"]
        sources.insert_one({"_id": "spoilt", "workspace_id": "demo"})
        yield
        sources.delete_one({"_id": "spoilt"})


@contextmanager
def _frozen_database(baton: BatonProcess) -> Iterator[None]:
    engine = baton.engine_pid
    os.kill(engine, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(engine, signal.SIGCONT)
