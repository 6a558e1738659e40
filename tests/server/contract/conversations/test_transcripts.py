from __future__ import annotations

import pytest

from actors.ids import ConversationId, WorkspaceId
from actors.log import Page
from server.conversations.entries import entry_document
from server.conversations.transcripts import Transcripts
from server.store.database import Database
from tests.support.logs import WORKSPACE, Log, add_conversations


@pytest.fixture
async def log(repository_database: Database) -> Log:
    log = Log()
    for number in range(1, 9):
        log.message(f"message {number}")
    log.claimed()
    log.message("the tenth")
    await add_conversations(repository_database, log)
    documents = [entry_document(log.key, entry) for entry in log.entries]
    await repository_database["messages"].insert_many(documents)
    return log


@pytest.fixture
def transcripts(repository_database: Database) -> Transcripts:
    return Transcripts(repository_database, WORKSPACE)


async def test_a_conversation_comes_back_as_it_began(transcripts: Transcripts, log: Log):
    row = await transcripts.conversation(log.key.conversation_id)
    assert row is not None
    assert row.conversation == log.conversation
    assert row.conversation.page == Page("https://s.test/")
    assert row.standing.seq == 0


async def test_entries_are_read_by_seq(transcripts: Transcripts, log: Log):
    conversation_id = log.key.conversation_id
    assert await transcripts.entries(conversation_id) == tuple(log.entries)
    assert await transcripts.entries(conversation_id, after=3, limit=2) == tuple(log.entries[3:5])
    assert await transcripts.entries(conversation_id, after=10) == ()


async def test_the_newest_entries_are_found_though_the_document_lags(
    transcripts: Transcripts, log: Log, repository_database: Database
):
    conversation_id = log.key.conversation_id
    assert await transcripts.newest(conversation_id, 3) == tuple(log.entries[-3:])
    await repository_database["conversations"].update_one({"_id": conversation_id}, {"$set": {"seq": 10}})
    assert await transcripts.newest(conversation_id, 3) == tuple(log.entries[-3:])
    assert await transcripts.newest(conversation_id, 200) == tuple(log.entries)


async def test_messages_are_without_claims(transcripts: Transcripts, log: Log):
    assert [entry.seq for entry in await transcripts.messages(log.key.conversation_id)] == [*range(1, 9), 10]


@pytest.mark.parametrize("conversation_id", ["c1", "unknown", "", "$ne", "\ud83d", "\x00"])
async def test_another_workspace_sees_nothing(repository_database: Database, log: Log, conversation_id: str):
    others = Transcripts(repository_database, WorkspaceId("w2"))
    sought = ConversationId(conversation_id)
    assert await others.conversation(sought) is None
    assert await others.entries(sought) == ()
    assert await others.newest(sought) == ()
    assert await others.messages(sought) == ()
