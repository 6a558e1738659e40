"""Whether anything points to what is not there, for `baton doctor`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from server.store.batches import batches
from server.store.database import Collection, Database, Document

# What points to conversations, and by which field. Visitors keep their place by it; events may point nowhere.
_POINTING: Mapping[str, str] = {
    "messages": "conversation_id",
    "leads": "conversation_id",
    "webhook_deliveries": "conversation_id",
    "analytics_events": "conversation_id",
    "jobs": "payload.conversation_id",
}


async def orphans(database: Database) -> dict[str, int]:
    """How many documents of each collection point to what is not there; none where there are none.

    What is being deleted at this moment does not count.
    """
    going = await _going(database)
    found: dict[str, int] = {}
    for name, field in _POINTING.items():
        missing = await _missing(database["conversations"], _values(database[name], field), going)
        found[name] = await _count(database[name], field, missing)
    leads = await _missing(database["leads"], _values(database["jobs"], "payload.lead_id"), going)
    found["jobs"] += await _count(database["jobs"], "payload.lead_id", leads)
    tags = await _missing(database["tags"], _tag_ids(database["conversations"]), set())
    found["conversations, by their tags"] = await _count(database["conversations"], "tag_ids", tags)
    return {name: count for name, count in found.items() if count}


async def left_to_delete(database: Database) -> int:
    """How many conversations clean-ups still have to look at."""
    return sum([len(each["ids"]) async for each in database["cleanups"].find({}, {"ids": 1})])


async def _going(database: Database) -> set[str]:
    going: set[str] = set()
    async for each in database["cleanups"].find({}, {"doomed": 1}):
        going.update(each["doomed"]["conversations"], each["doomed"]["leads"])
    return going


async def _values(collection: Collection, field: str) -> AsyncIterator[str]:
    async for document in collection.aggregate([{"$group": {"_id": f"${field}"}}]):
        yield document["_id"]


async def _tag_ids(conversations: Collection) -> AsyncIterator[str]:
    pipeline: list[Document] = [{"$unwind": "$tag_ids"}, {"$group": {"_id": "$tag_ids"}}]
    async for document in conversations.aggregate(pipeline):
        yield document["_id"]


async def _missing(targets: Collection, ids: AsyncIterator[Any], going: set[str]) -> list[str]:
    wanted = [each async for each in ids if each is not None and each not in going]
    there: set[str] = set()
    for some in batches(wanted):
        query: Document = {"_id": {"$in": some}}
        there |= {document["_id"] async for document in targets.find(query, {"_id": 1})}
    return [each for each in wanted if each not in there]


async def _count(collection: Collection, field: str, missing: list[str]) -> int:
    return sum([await collection.count_documents({field: {"$in": some}}) for some in batches(missing)])
