"""Databases for tests: the embedded engine's, MongoDB's when it is there, and mongomock's."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
import uuid
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import mongomock.collection
import pymongo
from mongomock.collection import BulkOperationBuilder
from mongomock_motor import AsyncMongoMockClient

from server.store.embedded import EmbeddedEngine
from server.store.mongo import INDEXES, Connection, Database, connect, ensure_indexes

REAL_URI = os.environ.get("BATON_TEST_MONGODB_URI", "")
"""A MongoDB to test against as well; unset, the embedded engine alone stands for it."""

KINDS = ["mongomock", "embedded", *(["mongodb"] if REAL_URI else [])]

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 << 30


@asynccontextmanager
async def running_engine(data_dir: Path) -> AsyncGenerator[str, None]:
    """An embedded engine of the test's own; gives its address."""
    engine = EmbeddedEngine(data_dir)
    try:
        yield await engine.start()
    finally:
        await engine.stop()


@contextmanager
def quick_directory() -> Iterator[Path]:
    """A directory for the session, in memory where there is room: six hundred databases come and go in it.

    The engine flushes to the disk all the same, and is as durable as what it is told to flush to.
    """
    there = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES
    with TemporaryDirectory(prefix="baton-tests-", dir=MEMORY if there else None) as name:
        yield Path(name)


@contextmanager
def engine_of_the_session(data_dir: Path) -> Iterator[str]:
    """An embedded engine whose loop is none of any test's; gives its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="engine of the session")
    thread.start()
    engine = EmbeddedEngine(data_dir)
    try:
        yield asyncio.run_coroutine_threadsafe(engine.start(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(engine.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@asynccontextmanager
async def fresh_connection(uri: str) -> AsyncGenerator[Connection, None]:
    """A connection to an empty database with our indexes, dropped at the end."""
    connection = await connect(uri, f"test_{uuid.uuid4().hex[:12]}")
    try:
        await ensure_indexes(connection.database)
        yield connection
    finally:
        await cast("Any", connection.database).client.drop_database(connection.database.name)
        connection.close()


_used: defaultdict[str, deque[str]] = defaultdict(deque)
_AT_LEAST = 4


@asynccontextmanager
async def emptied_connection(uri: str) -> AsyncGenerator[Connection, None]:
    """As `fresh_connection`, to a database that other tests had before: what it costs to make forty indexes
    is paid a few times a session. For who leaves the indexes as they are.

    Emptied when it is lent, not when it comes back: what a test left running has long ended by then.
    """
    used = _used[uri]
    if len(used) < _AT_LEAST:
        connection = await connect(uri, f"test_{uuid.uuid4().hex[:12]}")
        await ensure_indexes(connection.database)
    else:
        connection = await connect(uri, used.popleft())
        await _empty(connection.database)
    try:
        yield connection
    finally:
        used.append(connection.database.name)
        connection.close()


def drop_used(uri: str) -> None:
    """Take away what `emptied_connection` keeps on a server that outlives the session."""
    with pymongo.MongoClient(uri) as client:
        for name in _used.pop(uri, ()):
            client.drop_database(name)


async def _empty(database: Database) -> None:
    there = await database.list_collection_names()
    await asyncio.gather(
        *(database[name].delete_many({}) for name in INDEXES),
        *(cast("Any", database).drop_collection(name) for name in there if name not in INDEXES),
    )


async def mock_database() -> Database:
    """An empty database in memory, with our indexes."""
    database: Any = AsyncMongoMockClient(tz_aware=True)["baton"]
    for name, indexes in INDEXES.items():
        for index in indexes:
            # Not create_indexes: mongomock's forgets that an index is partial.
            options = {option: value for option, value in index.document.items() if option != "key"}
            await database[name].create_index(list(index.document["key"].items()), **options)
    return cast("Database", database)


class _LenientBulk(BulkOperationBuilder):
    """mongomock's, but taking the `sort` that PyMongo passes since 4.11, always None for us."""

    def add_update(self, *arguments: Any, sort: None = None, **options: Any) -> None:
        super().add_update(*arguments, **options)

    def add_replace(self, *arguments: Any, sort: None = None, **options: Any) -> None:
        super().add_replace(*arguments, **options)


mongomock.collection.BulkOperationBuilder = _LenientBulk
