"""A database that is away, loses its replies, or refuses; a double at the port that repositories use."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any, cast

from pymongo.errors import AutoReconnect, NetworkTimeout

from server.store.database import Collection, Database, PyMongoError

_WRITES = {
    "insert_one",
    "insert_many",
    "update_one",
    "update_many",
    "delete_one",
    "delete_many",
    "bulk_write",
    "create_indexes",
}
_READS = {"find_one", "count_documents"}


class FaultyDatabase:
    """A database of ours with faults; without any it only counts calls and remembers batches."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.away = False
        self.calls: Counter[str] = Counter()
        self.batches: list[int] = []
        self.lose_replies: Counter[str] = Counter()
        """How many more calls of a name, such as "messages.insert_many", happen but fail."""
        self.fail: dict[str, list[PyMongoError]] = {}
        """With what the next calls of a name fail without happening."""
        self.gates: dict[str, asyncio.Event] = {}
        """Calls of a name wait for their gate before they happen."""
        self.before: dict[str, Callable[[], Any]] = {}
        """Is awaited before the next call of a name."""

    @property
    def name(self) -> str:
        return self._database.name

    async def command(self, command: str) -> Any:
        return await self.run("command", lambda: self._database.command(command))

    async def list_collection_names(self) -> list[str]:
        return await self._database.list_collection_names()

    def __getitem__(self, name: str) -> Collection:
        return cast("Collection", _FaultyCollection(self, self._database[name], name))

    async def run(self, name: str, call: Callable[[], Any]) -> Any:
        """Do a call, with what is planned for it."""
        self.calls[name] += 1
        if gate := self.gates.get(name):
            await gate.wait()
        if first := self.before.pop(name, None):
            await first()
        if self.away:
            raise AutoReconnect("the database is away")
        if planned := self.fail.get(name):
            raise planned.pop(0)
        result = await call()
        if self.lose_replies[name] > 0:
            self.lose_replies[name] -= 1
            raise NetworkTimeout("the reply was lost")
        return result


class _FaultyCollection:
    def __init__(self, faults: FaultyDatabase, collection: Any, name: str) -> None:
        self._faults = faults
        self._collection = collection
        self._name = name

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._collection, method)
        if method not in _WRITES | _READS:
            return real
        name = f"{self._name}.{method}"

        async def call(*arguments: Any, **options: Any) -> Any:
            if method in {"insert_many", "bulk_write"}:
                self._faults.batches.append(len(arguments[0]))
            return await self._faults.run(name, lambda: real(*arguments, **options))

        return call

    def find(self, *arguments: Any, **options: Any) -> Any:
        if self._faults.away:
            return _Away()
        self._faults.calls[f"{self._name}.find"] += 1
        return self._collection.find(*arguments, **options)


class _Away:
    async def to_list(self, _length: int | None = None) -> Any:
        raise AutoReconnect("the database is away")

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> Any:
        raise AutoReconnect("the database is away")
