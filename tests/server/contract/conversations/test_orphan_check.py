from __future__ import annotations

from datetime import UTC, datetime

from actors.ids import ConversationId, UserId
from server.cleanup.portions import Doomed, Order, Portions
from server.conversations.orphan_check import left_to_delete, orphans
from server.store.database import Database
from tests.support.logs import WORKSPACE, Log, add_conversations

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def a_whole_one(database: Database, conversation_id: str) -> None:
    await add_conversations(database, Log(conversation_id))
    await database["tags"].insert_one({"_id": f"t-{conversation_id}", "name_key": conversation_id})
    tagged = {"$set": {"tag_ids": [f"t-{conversation_id}"]}}
    await database["conversations"].update_one({"_id": conversation_id}, tagged)
    of = {"workspace_id": WORKSPACE, "conversation_id": conversation_id}
    await database["messages"].insert_one({"_id": f"{conversation_id}:1", **of, "seq": 1})
    await database["leads"].insert_one({"_id": f"l-{conversation_id}", **of, "captured_at": NOW})
    job = {"status": "done", "run_at": NOW, "payload": {"lead_id": f"l-{conversation_id}"}}
    await database["jobs"].insert_one({"_id": f"l-{conversation_id}:mail:u", **job})
    await database["analytics_events"].insert_one({"_id": f"e-{conversation_id}", **of, "at": NOW})


async def test_whole_conversations_have_no_orphans(repository_database: Database):
    await a_whole_one(repository_database, "c1")
    await repository_database["analytics_events"].insert_one(
        {"_id": "e0", "conversation_id": None, "at": NOW}
    )
    await repository_database["jobs"].insert_one({"_id": "j0", "status": "done", "payload": {}})
    assert await orphans(repository_database) == {}


async def test_each_kind_is_found_and_counted(repository_database: Database):
    for each in ("c1", "c2"):
        await a_whole_one(repository_database, each)
    await repository_database["conversations"].delete_one({"_id": "c1"})
    await repository_database["leads"].delete_one({"_id": "l-c2"})
    await repository_database["tags"].delete_one({"_id": "t-c2"})
    assert await orphans(repository_database) == {
        "messages": 1,
        "leads": 1,
        "analytics_events": 1,
        "jobs": 1,
        "conversations, by their tags": 1,
    }


async def test_what_is_being_deleted_is_no_orphan_yet(repository_database: Database):
    await a_whole_one(repository_database, "c1")
    portions = Portions(repository_database)
    order = Order("o1", WORKSPACE, UserId("u1"), NOW)
    (portion,) = await portions.add(order, [ConversationId("c1"), ConversationId("c2")])
    await portions.note(portion, Doomed((ConversationId("c1"),)))
    await repository_database["conversations"].delete_one({"_id": "c1"})
    assert await orphans(repository_database) == {}
    assert await left_to_delete(repository_database) == 2
    await portions.done(portion)
    assert await orphans(repository_database) == {"messages": 1, "leads": 1, "analytics_events": 1}
    assert await left_to_delete(repository_database) == 0
