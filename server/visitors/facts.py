"""What is known of a visitor, for whoever talks with them."""

from __future__ import annotations

from actors.log import ConversationKey
from handlers.ports import VisitorFacts
from server.conversations.rows import key_query
from server.store.database import Database


async def visitor_facts(database: Database, key: ConversationKey) -> VisitorFacts | None:
    """Who a conversation is with: two reads by id, when it is opened."""
    wanted = {"visitor_id": 1, "user_agent": 1, "created_at": 1}
    conversation = await database["conversations"].find_one(key_query(key), wanted)
    if conversation is None:
        return None
    query = {"_id": conversation["visitor_id"], "workspace_id": key.workspace_id}
    visitor = await database["visitors"].find_one(query, {"created_at": 1, "ordinal": 1}) or {}
    return VisitorFacts(
        visitor.get("created_at") or conversation["created_at"],
        int(visitor.get("ordinal") or 1),
        conversation.get("user_agent") or "",
    )
