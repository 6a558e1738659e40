"""How far each member has read a conversation; it stands in the conversation itself, and goes with it."""

from __future__ import annotations

from actors.ids import UserId
from actors.log import ConversationKey
from server.conversations.rows import key_query
from server.store.database import Database


async def mark_seen(database: Database, key: ConversationKey, user_id: UserId, seq: int) -> bool:
    """Note that a member has read up to `seq`, never less than before; false without the conversation."""
    change = {"$max": {f"seen.{user_id}": seq}}
    done = await database["conversations"].update_one(key_query(key), change)
    return done.matched_count > 0
