from __future__ import annotations

from datetime import timedelta

import pytest

from actors.ids import UserId
from handlers.ports import ConversationQuery
from server.conversations.engaged_at import EngagedAt
from server.conversations.inbox_queries import ConversationList
from server.conversations.rows import ENGAGED_AT, new_document, summary_of
from server.conversations.shortcuts import Shortcuts
from server.store.database import Database, Document
from tests.support.logs import BEGAN, WORKSPACE, Log

ME = UserId("u-me")
AN_HOUR = timedelta(hours=1)


def document(conversation_id: str, *, engaged: bool) -> Document:
    log = Log(conversation_id)
    if engaged:
        log.message()
    return new_document(log.conversation) | summary_of(log.standing)


async def listed(database: Database, engagement: EngagedAt) -> list[str]:
    page = await ConversationList(database, WORKSPACE, Shortcuts(engagement=engagement)).page(
        ConversationQuery(ME)
    )
    return [row.conversation.key.conversation_id for row in page.rows]


@pytest.mark.parametrize("count", [0, 3])
async def test_documents_of_an_earlier_version_are_brought_up_to_date(
    repository_database: Database, count: int
):
    await repository_database["workspaces"].insert_one({"_id": WORKSPACE})
    earlier = [document(f"c{number}", engaged=number % 2 == 0) for number in range(count)]
    for each in earlier:
        del each[ENGAGED_AT]
    if earlier:
        await repository_database["conversations"].insert_many(earlier)
    expected = ["c2", "c0"] if earlier else []
    engagement = EngagedAt(repository_database)
    await engagement.start()
    assert not engagement.everywhere
    assert sorted(await listed(repository_database, engagement), reverse=True) == expected
    await engagement.run()
    assert engagement.everywhere
    assert sorted(await listed(repository_database, engagement), reverse=True) == expected
    again = EngagedAt(repository_database)
    await again.start()
    assert again.everywhere
    assert await repository_database["conversations"].count_documents({ENGAGED_AT: {"$exists": False}}) == 0


async def test_one_that_was_written_meanwhile_is_left_alone(repository_database: Database):
    await repository_database["workspaces"].insert_one({"_id": WORKSPACE})
    await repository_database["conversations"].insert_one(document("c1", engaged=True))
    await repository_database["conversations"].update_one(
        {"_id": "c1"}, {"$set": {ENGAGED_AT: BEGAN + AN_HOUR}}
    )
    await EngagedAt(repository_database).run()
    found = await repository_database["conversations"].find_one({"_id": "c1"})
    assert found is not None
    assert found[ENGAGED_AT] == BEGAN + AN_HOUR
