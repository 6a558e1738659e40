"""Whether the logs are whole, for `baton doctor`."""

from __future__ import annotations

from server.store.database import Database


async def torn_logs(database: Database) -> list[str]:
    """Conversations whose entries are not numbered 1, 2, 3 … without a gap."""
    cursor = database["messages"].aggregate(
        [
            {"$group": {"_id": "$conversation_id", "count": {"$sum": 1}, "newest": {"$max": "$seq"}}},
            {"$match": {"$expr": {"$ne": ["$count", "$newest"]}}},
        ]
    )
    return sorted([str(document["_id"]) async for document in cursor])
