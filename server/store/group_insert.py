"""Inserts of single documents, many to a write: a thousand new visitors do not each pay for a disk sync."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.store.database import (
    DUPLICATE_KEY,
    AutoReconnect,
    BulkWriteError,
    Collection,
    Document,
    OperationFailure,
    PyMongoError,
)
from server.store.group_commit import GroupCommit


@dataclass(frozen=True, slots=True)
class _Wanted:
    document: Document
    inserted: asyncio.Future[bool]


class GroupInsert:
    """Inserts into one collection."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._commits: GroupCommit[_Wanted] = GroupCommit(self._write)

    async def insert(self, document: Document) -> bool:
        """Have the document durable on return; False when one of this `_id` is there already.

        Raises PyMongoError. Whether it is there then is not known: insert it again.
        """
        inserted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._commits.add(_Wanted(document, inserted))
        return await inserted

    async def close(self) -> None:
        """Write what waits."""
        await self._commits.drained()

    async def _write(self, batch: Sequence[_Wanted]) -> None:
        outcomes: Mapping[int, bool | PyMongoError] = {}
        try:
            await self._collection.insert_many([wanted.document for wanted in batch], ordered=False)
        except BulkWriteError as error:
            outcomes = _outcomes(error.details or {}, len(batch))
        except PyMongoError as error:
            outcomes = dict.fromkeys(range(len(batch)), error)
        for position, wanted in enumerate(batch):
            _settle(wanted.inserted, outcomes.get(position, True))


def _outcomes(details: Mapping[str, Any], count: int) -> Mapping[int, bool | PyMongoError]:
    if details.get("writeConcernErrors"):
        return dict.fromkeys(range(count), AutoReconnect("the outcome of a write is not known"))
    errors: list[dict[str, Any]] = details.get("writeErrors") or []
    return {
        error["index"]: False
        if error.get("code") == DUPLICATE_KEY
        else OperationFailure(str(error.get("errmsg")), error.get("code"))
        for error in errors
    }


def _settle(inserted: asyncio.Future[bool], outcome: bool | PyMongoError) -> None:
    if inserted.done():  # whoever asked has gone
        return
    if isinstance(outcome, PyMongoError):
        inserted.set_exception(outcome)
    else:
        inserted.set_result(outcome)
