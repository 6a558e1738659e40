"""axe-core in a page: what somebody who cannot see it, or uses no mouse, would stumble over.

It comes through npm, for tests alone. Who has no npm skips these tests; where CI is true they fail.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Page

SOURCE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CONTRAST = ["color-contrast", "link-in-text-block"]
"""What another colour scheme changes, and nothing else."""


def axe_source() -> str:
    """The script. Without it the test that asks is skipped."""
    if not SOURCE.is_file():
        told = "axe-core is not there: `make check` installs it where there is npm"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    return SOURCE.read_text("utf-8")


async def found_by_axe(page: Page, only: list[str] | None = None) -> list[str]:
    """A line for each thing that is wrong, of any weight: rule, element, what to do. Sees into shadow roots.

    The script is evaluated, not linked, so that the page's policy stays as it is. Into frames it is not put,
    nor waits half a second for an answer from there: what is previewed in ours is looked at on its own.
    """
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(axe_source())
    return await page.evaluate(
        """async (only) => {
            const options = { resultTypes: ["violations"], iframes: false, ...(only && { runOnly: only }) };
            const { violations } = await axe.run(document, options);
            return violations.flatMap(({ id, impact, nodes }) =>
                nodes.map(({ target, failureSummary }) =>
                    `${impact} ${id}: ${JSON.stringify(target)} ${failureSummary.replace(/\\s+/g, " ")}`));
        }""",
        only,
    )
