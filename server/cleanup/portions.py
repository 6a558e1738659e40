"""What is still to be deleted, durably, so that a crash stops no clean-up half-way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from actors.ids import ConversationId, LeadId, UserId, VisitorId, WorkspaceId
from actors.log import NOWHERE, Origin
from server.store.database import Collection, Database, Document
from server.store.storable import storable

MOST_IDS = 500
"""Ids in one portion: its document is written again for every few conversations."""

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants conversations deleted, and which. `only_empty` spares those in which the visitor wrote."""

    id: str
    workspace_id: WorkspaceId
    user_id: UserId
    at: datetime
    origin: Origin = NOWHERE
    only_empty: bool = False


@dataclass(frozen=True, slots=True)
class Doomed:
    """What has been decided and can't be taken back: these go, with all that belongs to them."""

    conversations: tuple[ConversationId, ...] = ()
    visitors: tuple[VisitorId, ...] = ()
    leads: tuple[LeadId, ...] = ()


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of an order. `doomed` was under way when it was last written down."""

    id: str
    order: Order
    ids: tuple[ConversationId, ...]
    doomed: Doomed = Doomed()


class Portions:
    """`cleanups`. Raises PyMongoError; every step may be repeated."""

    def __init__(self, database: Database) -> None:
        self._cleanups: Collection = database["cleanups"]

    async def add(self, order: Order, ids: Sequence[ConversationId]) -> list[Portion]:
        """Write an order down, in portions."""
        portions = [
            Portion(f"{order.id}:{start:07}", order, tuple(ids[start : start + MOST_IDS]))
            for start in range(0, len(ids), MOST_IDS)
        ]
        for start in range(0, len(portions), _AT_ONCE):
            documents = [_document(portion) for portion in portions[start : start + _AT_ONCE]]
            await self._cleanups.delete_many({"_id": {"$in": [document["_id"] for document in documents]}})
            await self._cleanups.insert_many(documents)
        return portions

    async def note(self, portion: Portion, doomed: Doomed) -> Portion:
        """Write down what goes now."""
        await self._cleanups.update_one({"_id": portion.id}, {"$set": {"doomed": _doomed_document(doomed)}})
        return replace(portion, doomed=doomed)

    async def done(self, portion: Portion) -> None:
        """Nothing of it is left to do."""
        await self._cleanups.delete_one({"_id": portion.id})

    async def all(self) -> list[Portion]:
        """What the last run left."""
        return [_portion(document) async for document in self._cleanups.find({}, sort=[("_id", 1)])]


def _document(portion: Portion) -> Document:
    order = portion.order
    return {
        "_id": portion.id,
        "order_id": order.id,
        "workspace_id": order.workspace_id,
        "user_id": order.user_id,
        "at": order.at,
        "ip": storable(order.origin.ip),
        "user_agent": storable(order.origin.user_agent),
        "only_empty": order.only_empty,
        "ids": list(portion.ids),
        "doomed": _doomed_document(portion.doomed),
    }


def _doomed_document(doomed: Doomed) -> Document:
    return {
        "conversations": list(doomed.conversations),
        "visitors": list(doomed.visitors),
        "leads": list(doomed.leads),
    }


def _portion(document: Mapping[str, Any]) -> Portion:
    order = Order(
        id=document["order_id"],
        workspace_id=WorkspaceId(document["workspace_id"]),
        user_id=UserId(document["user_id"]),
        at=document["at"],
        origin=Origin(document["ip"], document["user_agent"]),
        only_empty=document["only_empty"],
    )
    doomed = document["doomed"]
    return Portion(
        document["_id"],
        order,
        tuple(document["ids"]),
        Doomed(tuple(doomed["conversations"]), tuple(doomed["visitors"]), tuple(doomed["leads"])),
    )
