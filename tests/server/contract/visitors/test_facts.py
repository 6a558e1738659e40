from __future__ import annotations

from datetime import UTC, datetime, timedelta

from actors.ids import WorkspaceId
from actors.log import ConversationKey, Page
from handlers.ports import VisitorFacts
from server.store.database import Database
from server.visitors.documents import Arrival
from server.visitors.facts import visitor_facts
from server.visitors.visitors import Visitors
from tests.support.logs import WORKSPACE

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


async def test_a_visitor_who_came_back_is_known(repository_database: Database):
    visitors = Visitors(repository_database)
    first = await visitors.resolve(Arrival(WORKSPACE, Page(), NOW, user_agent="Old/1"))
    second = await visitors.resolve(Arrival(WORKSPACE, Page(), NOW + timedelta(days=3), first.token, "New/2"))
    key = ConversationKey(WORKSPACE, second.conversation_id)
    assert await visitor_facts(repository_database, key) == VisitorFacts(NOW, 2, "New/2")
    foreign = ConversationKey(WorkspaceId("w2"), second.conversation_id)
    assert await visitor_facts(repository_database, foreign) is None


async def test_a_conversation_outlives_what_is_known_of_its_visitor(repository_database: Database):
    session = await Visitors(repository_database).resolve(Arrival(WORKSPACE, Page(), NOW))
    await repository_database["visitors"].delete_many({"workspace_id": WORKSPACE})
    key = ConversationKey(WORKSPACE, session.conversation_id)
    assert await visitor_facts(repository_database, key) == VisitorFacts(NOW, 1, "")
