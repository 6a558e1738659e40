from __future__ import annotations

from actors.ids import ConversationId, UserId, WorkspaceId
from actors.log import ConversationKey
from server.conversations.seen import mark_seen
from server.conversations.transcripts import Transcripts
from server.store.database import Database
from tests.support.logs import WORKSPACE, Log, add_conversations

ANA, BEN = UserId("u-ana"), UserId("u-ben")


async def test_each_member_has_a_mark_that_only_goes_up(repository_database: Database):
    log = Log()
    await add_conversations(repository_database, log)
    for user_id, seq in [(ANA, 3), (BEN, 2), (ANA, 5), (ANA, 4)]:
        assert await mark_seen(repository_database, log.key, user_id, seq)
    row = await Transcripts(repository_database, WORKSPACE).conversation(log.key.conversation_id)
    assert row is not None
    assert row.conversation.seen == {ANA: 5, BEN: 2}


async def test_there_is_nothing_to_mark_elsewhere(repository_database: Database):
    log = Log()
    await add_conversations(repository_database, log)
    foreign = ConversationKey(WorkspaceId("w2"), log.key.conversation_id)
    unknown = ConversationKey(WORKSPACE, ConversationId("none"))
    for key in (foreign, unknown):
        assert not await mark_seen(repository_database, key, ANA, 3)
    assert await repository_database["conversations"].count_documents({}) == 1
    row = await Transcripts(repository_database, WORKSPACE).conversation(log.key.conversation_id)
    assert row is not None
    assert row.conversation.seen == {}
