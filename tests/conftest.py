"""Fixtures that every test may ask for.

`mongo_uri`            the address of a running database: MongoDB when BATON_TEST_MONGODB_URI is set, else an
                       embedded engine shared by the session
`database`             an empty database of it with our indexes, for this test alone
`repository_database`  the same, once on each of mongomock, the embedded engine and MongoDB when set: for the
                       contract suites of repositories
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator

import pytest

from server.mongo import Database
from tests.support.engine import (
    KINDS,
    REAL_URI,
    engine_of_the_session,
    fresh_connection,
    mock_database,
    quick_directory,
)


@pytest.fixture(scope="session")
def embedded_uri() -> Iterator[str]:
    with quick_directory() as directory, engine_of_the_session(directory) as uri:
        yield uri


@pytest.fixture
def mongo_uri(request: pytest.FixtureRequest) -> str:
    return REAL_URI or request.getfixturevalue("embedded_uri")


@pytest.fixture
async def database(mongo_uri: str) -> AsyncGenerator[Database, None]:
    async with fresh_connection(mongo_uri) as connection:
        yield connection.database


@pytest.fixture(params=KINDS)
async def repository_database(request: pytest.FixtureRequest) -> AsyncGenerator[Database, None]:
    if request.param == "mongomock":
        yield await mock_database()
        return
    uri = REAL_URI if request.param == "mongodb" else request.getfixturevalue("embedded_uri")
    async with fresh_connection(uri) as connection:
        yield connection.database
