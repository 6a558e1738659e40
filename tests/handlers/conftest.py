"""`edge`: the whole edge, running."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.edge import Edge, running_edge


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with running_edge() as running:
        yield running
