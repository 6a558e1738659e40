from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actors.ids import ConversationId, UserId, WorkspaceId
from handlers.ports import ConversationQuery
from server.conversations.inbox_queries import ConversationList
from server.store.database import Database
from server.workspaces.tags import MOST_ON_ONE, Tag, Tags, TagTakenError
from tests.support.logs import WORKSPACE, Log, add_conversations

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OTHERS = WorkspaceId("w2")
ME = UserId("u-me")
C1, C2, FOREIGN = ConversationId("c1"), ConversationId("c2"), ConversationId("c3")
URGENT, BILLING = Tag("t1", "Urgent", "red"), Tag("t2", "billing", "blue")


@pytest.fixture
async def tags(repository_database: Database) -> Tags:
    tags = Tags(repository_database, WORKSPACE)
    await add_conversations(repository_database, Log("c1"), Log("c2"), Log("c3", OTHERS))
    await tags.make(URGENT, NOW)
    await tags.make(BILLING, NOW)
    await Tags(repository_database, OTHERS).make(Tag("t9", "Urgent", "red"), NOW)
    return tags


async def borne(
    tags: Tags, ids: list[ConversationId], add: list[str], remove: list[str]
) -> dict[ConversationId, tuple[str, ...]]:
    return {each: now.tag_ids for each, now in (await tags.put(ids, add, remove)).now.items()}


async def test_tags_are_listed_by_name_in_their_own_workspace(tags: Tags):
    assert await tags.all() == [BILLING, URGENT]
    assert await tags.find("t9") is None


async def test_a_name_is_there_once_whatever_its_case(tags: Tags):
    with pytest.raises(TagTakenError):
        await tags.make(Tag("t3", "URGENT", "grey"), NOW)
    with pytest.raises(TagTakenError):
        await tags.change(Tag("t2", "urgent", "blue"))
    assert await tags.change(Tag("t1", "URGENT", "green"))
    assert not await tags.change(Tag("t9", "Mine", "green"))


async def test_tags_are_put_on_and_taken_off_and_foreign_ones_dropped(tags: Tags):
    assert await borne(tags, [C1, FOREIGN], ["t1", "t9", "t1", "nothing"], []) == {C1: ("t1",)}
    assert await borne(tags, [C1, C2], ["t2"], ["t1"]) == {C1: ("t2",), C2: ("t2",)}
    assert await borne(tags, [C1], [], ["t2"]) == {C1: ()}


async def test_the_version_grows_with_what_changes_the_tags_and_with_nothing_else(tags: Tags):
    assert (await tags.put([C1], [], [])).now[C1].version == 0
    put = await tags.put([C1, C2], ["t1"], [])
    assert put.changed == {C1, C2}
    first, again = put.now[C1], await tags.put([C1], ["t1"], ["t2"])
    assert (again.now[C1], again.changed) == (first, frozenset())
    both = (await tags.put([C1], ["t2"], ["t1"])).now[C1]
    await tags.remove("t2")
    removed = (await tags.put([C1], [], [])).now[C1]
    assert 0 < first.version < both.version < removed.version
    assert (both.tag_ids, removed.tag_ids) == (("t2",), ())


async def test_one_conversation_bears_a_bounded_number(tags: Tags):
    many = [Tag(f"m{number:02}", f"tag {number:02}", "grey") for number in range(MOST_ON_ONE + 5)]
    for tag in many:
        await tags.make(tag, NOW)
    found = await borne(tags, [C1], [tag.id for tag in many], [])
    assert len(found[C1]) == MOST_ON_ONE


async def test_a_removed_tag_leaves_no_link(tags: Tags, repository_database: Database):
    await tags.put([C1, C2], ["t1", "t2"], [])
    assert not await tags.remove("t9")
    assert await tags.remove("t1")
    assert await tags.all() == [BILLING]
    found = await repository_database["conversations"].find({"tag_ids": "t1"}).to_list(None)
    assert found == []
    assert await borne(tags, [C1], [], []) == {C1: ("t2",)}


async def test_the_list_is_filtered_by_tag(tags: Tags, repository_database: Database):
    await tags.put([C2], ["t1"], [])
    await repository_database["conversations"].update_one({"_id": "c3"}, {"$set": {"tag_ids": ["t1"]}})
    conversations = ConversationList(repository_database, WORKSPACE)
    page = await conversations.page(ConversationQuery(ME, "all", tag="t1"))
    assert [row.conversation.key.conversation_id for row in page.rows] == ["c2"]
    assert [row.conversation.tag_ids for row in page.rows] == [("t1",)]
    assert (await conversations.page(ConversationQuery(ME, tag="t1"))).rows == ()
    tagged = await conversations.matching(ConversationQuery(ME, "all", tag="t1"))
    assert [each.id for each in tagged] == ["c2"]
    everything = await conversations.matching(ConversationQuery(ME, "all"))
    assert len(everything) == len(await conversations.empty()) == 2
