"""Fixtures that every test may ask for.

`mongo_uri`            the address of a running database: MongoDB when BATON_TEST_MONGODB_URI is set, else an
                       embedded engine shared by the session
`database`             an empty database of it with our indexes, which no other test has meanwhile
`repository_database`  the same, once on each of mongomock, the embedded engine and MongoDB when set: for the
                       contract suites of repositories
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from server.store.mongo import Database
from tests.support.engine import (
    KINDS,
    REAL_URI,
    drop_used,
    emptied_connection,
    engine_of_the_session,
    mock_database,
    quick_directory,
)

HERE = Path(__file__).parent
LONGEST_FIRST = ("browser", "flows", "web", "server")
"""So that of several processes none still has a long file before it when the others are done."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    part = item.path.relative_to(HERE).parts[0]
    return LONGEST_FIRST.index(part) if part in LONGEST_FIRST else len(LONGEST_FIRST)


@pytest.fixture(scope="session")
def embedded_uri() -> Iterator[str]:
    with quick_directory() as directory, engine_of_the_session(directory) as uri:
        yield uri


@pytest.fixture(scope="session")
def real_uri() -> Iterator[str]:
    yield REAL_URI
    drop_used(REAL_URI)


@pytest.fixture
def mongo_uri(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue("real_uri" if REAL_URI else "embedded_uri")


@pytest.fixture
async def database(mongo_uri: str) -> AsyncGenerator[Database, None]:
    async with emptied_connection(mongo_uri) as connection:
        yield connection.database


@pytest.fixture(params=KINDS)
async def repository_database(request: pytest.FixtureRequest) -> AsyncGenerator[Database, None]:
    if request.param == "mongomock":
        yield await mock_database()
        return
    uri = request.getfixturevalue("real_uri" if request.param == "mongodb" else "embedded_uri")
    async with emptied_connection(uri) as connection:
        yield connection.database
