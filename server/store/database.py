"""The words that repositories use of MongoDB: collections, writes, errors. No client is made here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from bson.errors import InvalidDocument
from pymongo import (
    ASCENDING,
    DESCENDING,
    DeleteMany,
    DeleteOne,
    IndexModel,
    InsertOne,
    ReplaceOne,
    UpdateMany,
    UpdateOne,
)
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,
)
from pymongo.results import BulkWriteResult, DeleteResult, InsertManyResult, InsertOneResult, UpdateResult

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "DUPLICATE_KEY",
    "TRANSIENT_ERRORS",
    "AutoReconnect",
    "BulkWriteError",
    "Collection",
    "ConnectionFailure",
    "Cursor",
    "Database",
    "DeleteMany",
    "DeleteOne",
    "Document",
    "DuplicateKeyError",
    "IndexModel",
    "InsertOne",
    "InvalidDocument",
    "OperationFailure",
    "PyMongoError",
    "ReplaceOne",
    "UpdateMany",
    "UpdateOne",
    "Write",
]

Document: TypeAlias = dict[str, Any]
Filter: TypeAlias = Mapping[str, Any]
Sort: TypeAlias = Sequence[tuple[str, int]]
Write: TypeAlias = (
    InsertOne[Document] | UpdateOne | UpdateMany | ReplaceOne[Document] | DeleteOne | DeleteMany
)

DUPLICATE_KEY = 11000
"""The code of a write refused by a unique index, in `BulkWriteError.details["writeErrors"]`."""

TRANSIENT_ERRORS = (ConnectionFailure, ExecutionTimeout, WriteConcernError)
"""The database is away, or slow, or cannot replicate: whether a write happened is unknown; try it again."""


class Cursor(Protocol):
    """The documents of a find."""

    def __aiter__(self) -> AsyncIterator[Document]: ...

    async def to_list(self, length: int | None = None) -> list[Document]:
        """All documents, `length` at most."""
        ...


class Collection(Protocol):
    """A collection."""

    def aggregate(self, pipeline: Sequence[Document]) -> Cursor:
        """What a pipeline gives."""
        ...

    async def find_one(
        self, query: Filter, projection: Filter | None = None, *, sort: Sort | None = None
    ) -> Document | None:
        """The first document that matches, or None."""
        ...

    def find(
        self,
        query: Filter,
        projection: Filter | None = None,
        *,
        skip: int = 0,
        limit: int = 0,
        sort: Sort | None = None,
    ) -> Cursor:
        """The documents that match; `limit` 0 is no limit."""
        ...

    async def count_documents(self, query: Filter, *, limit: int = 1_000_000_000) -> int:
        """How many documents match; counting stops at `limit`."""
        ...

    async def distinct(self, key: str, query: Filter) -> list[Any]:
        """The different values of `key`."""
        ...

    async def insert_one(self, document: Document) -> InsertOneResult:
        """Insert. Raises DuplicateKeyError."""
        ...

    async def insert_many(self, documents: Iterable[Document], *, ordered: bool = True) -> InsertManyResult:
        """Insert. Raises BulkWriteError with an outcome per document in `details`."""
        ...

    async def update_one(
        self, query: Filter, update: Filter | Sequence[Filter], *, upsert: bool = False
    ) -> UpdateResult:
        """Update the first document that matches."""
        ...

    async def update_many(
        self, query: Filter, update: Filter | Sequence[Filter], *, upsert: bool = False
    ) -> UpdateResult:
        """Update every document that matches."""
        ...

    async def replace_one(
        self, query: Filter, replacement: Document, *, upsert: bool = False
    ) -> UpdateResult:
        """Replace the first document that matches."""
        ...

    async def delete_one(self, query: Filter) -> DeleteResult:
        """Delete the first document that matches."""
        ...

    async def delete_many(self, query: Filter) -> DeleteResult:
        """Delete every document that matches."""
        ...

    async def bulk_write(self, requests: Sequence[Write], *, ordered: bool = True) -> BulkWriteResult:
        """Do many writes in one go."""
        ...

    async def create_indexes(self, indexes: Sequence[IndexModel]) -> list[str]:
        """Create what is missing."""
        ...

    async def drop_index(self, index_or_name: str) -> None:
        """Drop one index."""
        ...

    async def index_information(self) -> Mapping[str, Any]:
        """The indexes by name."""
        ...


class Database(Protocol):
    """A database: collections by name."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    def __getitem__(self, name: str) -> Collection: ...

    async def command(self, command: str) -> Mapping[str, Any]:
        """Run a command."""
        ...

    async def list_collection_names(self) -> list[str]:
        """The collections that exist."""
        ...
