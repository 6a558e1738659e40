"""Logs for tests of the store: entries, and documents in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from actors.ids import ClientId, ConversationId, VisitorId, WorkspaceId, new_id
from actors.log import (
    Author,
    Conversation,
    ConversationKey,
    Entry,
    EntryType,
    Origin,
    Page,
    Speaker,
    Standing,
    standing_of,
)
from server.conversations.rows import new_document
from server.store.database import Database, Document

WORKSPACE = WorkspaceId("w1")
BEGAN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ANA = Author("u-ana", "Ana")
BEN = Author("u-ben", "Ben")


def conversation(conversation_id: str = "c1", workspace_id: WorkspaceId = WORKSPACE) -> Conversation:
    """A conversation that began at `BEGAN`."""
    key = ConversationKey(workspace_id, ConversationId(conversation_id))
    return Conversation(
        key, VisitorId(f"v-{conversation_id}"), "Visitor 4F2K", BEGAN, Page("https://s.test/")
    )


class Log:
    """A conversation's log as its actor has it: makes the next entries, and knows the standing."""

    def __init__(self, conversation_id: str = "c1", workspace_id: WorkspaceId = WORKSPACE) -> None:
        self.conversation = conversation(conversation_id, workspace_id)
        self.key = self.conversation.key
        self.entries: list[Entry] = []

    @property
    def standing(self) -> Standing:
        return standing_of(self.conversation, self.entries)

    def message(self, text: str = "Hello", client_id: str | None = None) -> Entry:
        return self._add(
            type=EntryType.MESSAGE,
            role=Speaker.VISITOR,
            text=text,
            client_id=ClientId(client_id or new_id()),
        )

    def waiting(self) -> Entry:
        return self._add(type=EntryType.WAITING)

    def claimed(self, by: Author = ANA, taken_from: Author | None = None) -> Entry:
        origin = Origin("192.0.2.7", "Browser/1")
        return self._add(type=EntryType.CLAIMED, author=by, taken_from=taken_from, origin=origin)

    def released(self, by: Author = ANA, note: str | None = None) -> Entry:
        return self._add(
            type=EntryType.RELEASED, author=by, note=note, origin=Origin("192.0.2.7", "Browser/1")
        )

    def back_to(self, seq: int) -> None:
        """Forget what was decided after `seq`."""
        del self.entries[seq:]

    def _add(self, **fields: object) -> Entry:
        seq = len(self.entries) + 1
        made: dict[str, object] = {
            "seq": seq,
            "created_at": BEGAN + timedelta(seconds=seq),
            "write_id": new_id(),
        }
        entry = Entry(**(made | fields))  # pyright: ignore[reportArgumentType]
        self.entries.append(entry)
        return entry


async def add_conversations(database: Database, *logs: Log) -> None:
    """Let the database have conversations, their logs still empty."""
    await database["conversations"].insert_many([new_document(log.conversation) for log in logs])


async def stored_seqs(database: Database, key: ConversationKey) -> Sequence[int]:
    """Which entries of a log are stored."""
    query = {"conversation_id": key.conversation_id}
    return [found["seq"] for found in await database["messages"].find(query, sort=[("seq", 1)]).to_list(None)]


async def summary(database: Database, key: ConversationKey) -> Document:
    """A conversation's document."""
    document = await database["conversations"].find_one({"_id": key.conversation_id})
    assert document is not None
    return document
