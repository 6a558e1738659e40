"""MongoDB: the client, the write concern, the indexes. The only import of Motor.

Repositories import from here what they need of PyMongo as well, so that moving to its own async client is a
change to this file and `server/store/database.py`. What they use is the subset that both clients share.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import ConfigurationError, NetworkTimeout
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from actors.errors import BatonError
from server.store.database import (
    ASCENDING,
    DESCENDING,
    DUPLICATE_KEY,
    TRANSIENT_ERRORS,
    AutoReconnect,
    BulkWriteError,
    Collection,
    ConnectionFailure,
    Cursor,
    Database,
    DeleteMany,
    DeleteOne,
    Document,
    DuplicateKeyError,
    IndexModel,
    InsertOne,
    OperationFailure,
    PyMongoError,
    ReplaceOne,
    UpdateMany,
    UpdateOne,
    Write,
)

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "DUPLICATE_KEY",
    "INDEXES",
    "TRANSIENT_ERRORS",
    "AutoReconnect",
    "BulkWriteError",
    "Collection",
    "Connection",
    "ConnectionFailure",
    "Cursor",
    "Database",
    "DatabaseUnavailable",
    "DeleteMany",
    "DeleteOne",
    "Document",
    "DuplicateKeyError",
    "InsertOne",
    "OperationFailure",
    "PyMongoError",
    "ReplaceOne",
    "UpdateMany",
    "UpdateOne",
    "Write",
    "connect",
    "ensure_indexes",
    "ping",
]

_log = logging.getLogger(__name__)

# What an address may set for itself. All within 5 s, so that a frozen database is noticed soon.
_TIMEOUTS: Mapping[str, Any] = {
    "serverSelectionTimeoutMS": 4000,
    "connectTimeoutMS": 4000,
    "socketTimeoutMS": 5000,
    "heartbeatFrequencyMS": 5000,
    "waitQueueTimeoutMS": 5000,
}
_NOT_ACKNOWLEDGED_MS = 4000
# A done job is kept for as long as what it follows from might still be repaired, and looked up.
_DONE_JOBS_KEPT_S = 30 * 86_400
_DELIVERIES_KEPT_S = 30 * 86_400
_INVITATIONS_KEPT_S = 30 * 86_400  # so that the team's list can say that one has expired
_INDEX_CONFLICTS = (85, 86)  # an index of this name, or of these keys, was made with other options


class DatabaseUnavailable(BatonError):
    """The database cannot be reached or used. Its text is one line, without the password."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An open client and our database in it. `close` ends it; what still waits on it fails."""

    database: Database
    close: Callable[[], None]


def _index(*keys: tuple[str, int] | str, **options: Any) -> IndexModel:
    pairs = [(key, ASCENDING) if isinstance(key, str) else key for key in keys]
    return IndexModel(pairs, name="_".join(key for key, _ in pairs), **options)


def _newest(key: str) -> tuple[str, int]:
    return (key, DESCENDING)


INDEXES: Mapping[str, Sequence[IndexModel]] = {
    "workspaces": [_index("key", unique=True), _index("slug", unique=True)],
    "users": [_index("email", unique=True)],
    "workspace_users": [_index("workspace_id", "user_id", unique=True), _index("user_id")],
    "sessions": [_index("user_id"), _index("expires_at", expireAfterSeconds=0)],
    "invitations": [
        _index("token_hash", unique=True),
        _index("workspace_id"),
        _index("expires_at", expireAfterSeconds=_INVITATIONS_KEPT_S),
    ],
    "password_resets": [
        _index("token_hash", unique=True),
        _index("user_id"),
        _index("expires_at", expireAfterSeconds=0),
    ],
    "visitors": [
        _index("token_hash", unique=True),
        _index("told_at", sparse=True),  # what the last run may not have finished; few are told of
    ],
    "conversations": [
        # `_id` settles ties of keyset paging. No more than these: on the embedded engine three more take a
        # summary, which every message updates, from 1.2 ms to 3 ms.
        _index("workspace_id", _newest("engaged_at"), _newest("_id")),
        _index("workspace_id", _newest("last_activity_at"), _newest("_id")),
        _index("workspace_id", "claimed_by_user_id"),
        _index("workspace_id", "waiting_since"),
        _index("tag_ids"),  # alone: with the workspace before it the embedded engine would not use it
    ],
    "tags": [_index("workspace_id", "name_key", unique=True)],
    "messages": [
        _index("conversation_id", "seq", unique=True),
        _index(
            "conversation_id",
            "client_id",
            unique=True,
            partialFilterExpression={"client_id": {"$type": "string"}},
        ),
        _index("created_at"),  # what the last run may not have finished
    ],
    "knowledge_sources": [_index("workspace_id")],
    "passages": [_index("workspace_id", "source_id", "position")],
    "leads": [
        _index("workspace_id", _newest("captured_at"), _newest("_id")),
        _index("conversation_id"),
        # Sparse, not partial: the embedded engine finds nothing by partial indexes, and reads all instead.
        _index("place", unique=True, sparse=True),
        _index(
            "conversation_id",
            "contact_key",
            unique=True,
            partialFilterExpression={"contact_key": {"$type": "string"}},
        ),
        _index("updated_at"),  # what the last run may not have finished
        _index("jobs_pending"),  # not partial either: it is looked for at every start
    ],
    "job_health": [_index("kind", "workspace_id")],
    "webhook_endpoints": [_index("workspace_id")],
    "webhook_deliveries": [
        _index("workspace_id", "endpoint_id", _newest("at")),
        _index("conversation_id"),
        _index("at", expireAfterSeconds=_DELIVERIES_KEPT_S),
    ],
    "analytics_events": [_index("workspace_id", "at"), _index("conversation_id")],
    "analytics_days": [_index("workspace_id", "day")],
    "jobs": [
        _index("status", "run_at"),
        _index("done_at", expireAfterSeconds=_DONE_JOBS_KEPT_S),
        _index("payload.lead_id", partialFilterExpression={"payload.lead_id": {"$type": "string"}}),
        _index(
            "payload.conversation_id",
            partialFilterExpression={"payload.conversation_id": {"$type": "string"}},
        ),
    ],
    "audit_logs": [
        _index("workspace_id", _newest("at")),
        _index("workspace_id", "chain_seq", unique=True),
    ],
}
"""Every index, by collection. A query without one here is a mistake."""


async def connect(uri: str, name: str, timeout_s: float = 8.0) -> Connection:
    """Connect, and wait for an answer. Raises DatabaseUnavailable, within `timeout_s` and a little.

    Everything written through it is acknowledged by the majority and in the journal (`w: majority, j: true`),
    everything read is what the majority has. Instants come back aware, in UTC. Timeouts of the address hold.
    """
    try:
        given = {option.lower() for option in parse_qs(urlsplit(uri).query)}
        timeouts = {option: value for option, value in _TIMEOUTS.items() if option.lower() not in given}
        client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            uri, tz_aware=True, tzinfo=UTC, appname="baton", connect=False, **timeouts
        )
    except (PyMongoError, ValueError) as error:
        raise DatabaseUnavailable(f"BATON_MONGODB_URI is not right: {_one_line(error)}") from error
    database = cast(
        "Database",
        client.get_database(
            name,
            write_concern=WriteConcern("majority", j=True, wtimeout=_NOT_ACKNOWLEDGED_MS),
            read_concern=ReadConcern("majority"),
        ),
    )
    try:
        await asyncio.wait_for(database.command("ping"), timeout_s)
    except (PyMongoError, TimeoutError) as error:
        client.close()
        raise DatabaseUnavailable(_why(error, uri, timeout_s)) from error
    return Connection(database, client.close)


async def ensure_indexes(database: Database, within_s: float = 600.0) -> None:
    """Create every index that is missing, and make anew those whose definition changed.

    Among many documents that takes longer than an answer may: the database goes on, and we ask again.

    Raises DatabaseUnavailable, for instance when documents already break a unique index.
    """
    until = time.monotonic() + within_s
    while (error := await _ensure_all(database)) is not None:
        if not isinstance(error, NetworkTimeout) or time.monotonic() > until:
            raise DatabaseUnavailable(
                f"The indexes of the database could not be made: {_one_line(error)}"
            ) from error
        _log.warning("the indexes of the database are being made; with many conversations that takes a while")


async def ping(database: Database, timeout_s: float = 2.0) -> bool:
    """Whether the database answers within `timeout_s`."""
    try:
        await asyncio.wait_for(database.command("ping"), timeout_s)
    except (PyMongoError, TimeoutError):
        return False
    return True


async def _ensure_all(database: Database) -> PyMongoError | None:
    making = (_ensure(database[name], indexes) for name, indexes in INDEXES.items())
    failed: list[PyMongoError] = []
    for error in await asyncio.gather(*making, return_exceptions=True):
        if isinstance(error, PyMongoError):
            failed.append(error)
        elif error is not None:
            raise error
    # Waiting helps against nothing but a timeout, so that another reason is the one to tell.
    return min(failed, key=lambda error: isinstance(error, NetworkTimeout), default=None)


async def _ensure(collection: Collection, indexes: Sequence[IndexModel]) -> None:
    try:
        await collection.create_indexes(indexes)
    except OperationFailure as error:
        if error.code not in _INDEX_CONFLICTS:
            raise
        for index in indexes:
            await _replace(collection, index)


async def _replace(collection: Collection, index: IndexModel) -> None:
    try:
        await collection.create_indexes([index])
    except OperationFailure as error:
        if error.code not in _INDEX_CONFLICTS:
            raise
        name = str(index.document["name"])
        _log.warning("index %s changed, making it anew", name)
        await collection.drop_index(name)
        await collection.create_indexes([index])


def _why(error: Exception, uri: str, timeout_s: float) -> str:
    where = _without_password(uri)
    if isinstance(error, ConfigurationError):
        return f"BATON_MONGODB_URI is not right: {_one_line(error)}"
    if isinstance(error, OperationFailure):
        return f"MongoDB at {where} refuses us: {_one_line(error)}"
    if isinstance(error, TimeoutError):
        return f"MongoDB at {where} gave no answer within {timeout_s:g} s. Is it running?"
    return f"MongoDB at {where} cannot be reached: {_one_line(error)}. Is it running?"


def _without_password(uri: str) -> str:
    scheme, _, rest = uri.partition("://")
    hosts = rest.split("/", 1)[0].rsplit("@", 1)[-1]
    return f"{scheme}://{hosts}"


def _one_line(error: Exception) -> str:
    # Drivers append their whole view of the topology and the server's whole reply.
    text = str(error).split(" (configured timeouts", 1)[0].split(", full error:", 1)[0]
    return " ".join(text.split()).rstrip(".")
