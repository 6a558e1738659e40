"""Entries into the database: many in one write, with an outcome for each."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from server.store.database import (
    DUPLICATE_KEY,
    AutoReconnect,
    BulkWriteError,
    Collection,
    Database,
    Document,
    InvalidDocument,
)
from server.store.persistence import Persistence

_log = logging.getLogger(__name__)

# Answers of a server that is stepping down, shutting down or out of time: nothing about the document.
_PASSING = frozenset({6, 7, 50, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436})


class EntryStore:
    """Writes entries' documents until the outcome of each is known."""

    def __init__(self, database: Database, persistence: Persistence) -> None:
        self._messages: Collection = database["messages"]
        self._persistence = persistence

    async def write(self, documents: Sequence[Document]) -> Mapping[str, str]:
        """Insert them all; gives why, by `_id`, for those that are refused. The others are durable.

        A document that is there already with our `write_id` is our own write repeated, and durable.
        """
        try:
            return await self._persistence.until_done("writing entries", lambda: self._insert(documents))
        except (InvalidDocument, OverflowError, TypeError, ValueError) as error:  # what BSON cannot hold
            if len(documents) > 1:
                return await self._each_alone(documents)
            _log.exception("an entry cannot be stored: %s", documents[0]["_id"])
            return {documents[0]["_id"]: str(error)}

    async def take_back(self, documents: Sequence[Document]) -> None:
        """Delete what we wrote; entries of other writers stay."""
        ids = [document["_id"] for document in documents]
        write_ids = list({document["write_id"] for document in documents})
        query = {"_id": {"$in": ids}, "write_id": {"$in": write_ids}}
        await self._persistence.until_done("taking entries back", lambda: self._messages.delete_many(query))

    async def _each_alone(self, documents: Sequence[Document]) -> Mapping[str, str]:
        refused: dict[str, str] = {}
        for document in documents:
            refused |= await self.write([document])
        return refused

    async def _insert(self, documents: Sequence[Document]) -> Mapping[str, str]:
        try:
            await self._messages.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return await self._refused(documents, error.details or {})
        return {}

    async def _refused(self, documents: Sequence[Document], details: Mapping[str, Any]) -> Mapping[str, str]:
        errors: list[dict[str, Any]] = list(details.get("writeErrors") or ())
        if details.get("writeConcernErrors") or any(error.get("code") in _PASSING for error in errors):
            raise AutoReconnect("the outcome of a write is not known")
        refused: dict[str, str] = {
            documents[error["index"]]["_id"]: str(error.get("errmsg")) for error in errors
        }
        duplicates: list[Document] = [
            documents[error["index"]] for error in errors if error.get("code") == DUPLICATE_KEY
        ]
        for ours in await self._stored_by_us(duplicates):
            del refused[ours]
        return refused

    async def _stored_by_us(self, documents: Sequence[Document]) -> list[str]:
        if not documents:
            return []
        query = {"_id": {"$in": [document["_id"] for document in documents]}}
        stored = await self._messages.find(query, {"write_id": 1}).to_list(None)
        written = {document["_id"]: document["write_id"] for document in documents}
        return [found["_id"] for found in stored if found.get("write_id") == written[found["_id"]]]
