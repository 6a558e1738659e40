"""The visitors who were here lately, so that a storm of reconnecting widgets reads nothing."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from actors.ids import ConversationId, VisitorId, WorkspaceId
from actors.log import Person

_MOST = 50_000  # about 25 MB


class Place(Enum):
    """How it is with the conversation that a visitor's document names."""

    THERE = "there"
    NAMED = "named"
    """It is still to be written: whoever names one may not have come to it yet, or never will."""
    LOST = "lost"
    """It was deleted: no other is written under its id."""


@dataclass(slots=True)
class KnownVisitor:
    """A visitor. `ordinal` counts their conversations; `noted_at` is the `last_seen_at` in the database.

    `page_url` is where they were last.
    """

    id: VisitorId
    workspace_id: WorkspaceId
    token_hash: str
    ordinal: int
    conversation_id: ConversationId
    last_seen_at: datetime
    noted_at: datetime
    place: Place = Place.THERE
    person: Person | None = None
    page_url: str = ""
    language: str = ""
    time_zone: str = ""

    def with_conversation(self, ordinal: int, conversation_id: ConversationId) -> KnownVisitor:
        """The visitor as they are with this conversation."""
        return replace(self, ordinal=ordinal, conversation_id=conversation_id, place=Place.NAMED)


class VisitorCache:
    """Visitors by token and by conversation; the one longest not asked for makes room."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._by_token: OrderedDict[str, KnownVisitor] = OrderedDict()
        self._by_conversation: dict[ConversationId, KnownVisitor] = {}

    def of_token(self, token_hash: str) -> KnownVisitor | None:
        """The visitor with this token."""
        visitor = self._by_token.get(token_hash)
        if visitor is not None:
            self._by_token.move_to_end(token_hash)
        return visitor

    def of_conversation(self, conversation_id: ConversationId) -> KnownVisitor | None:
        """The visitor whose conversation this is now."""
        return self._by_conversation.get(conversation_id)

    def add(self, visitor: KnownVisitor) -> KnownVisitor:
        """Remember a visitor; gives the one that is remembered already when there is one."""
        known = self._by_token.setdefault(visitor.token_hash, visitor)
        self._by_conversation[known.conversation_id] = known
        while len(self._by_token) > self._most:
            _, gone = self._by_token.popitem(last=False)
            self._by_conversation.pop(gone.conversation_id, None)
        return known

    def rename(self, visitor: KnownVisitor, token_hash: str) -> None:
        """The visitor is known by another token now."""
        self._by_token.pop(visitor.token_hash, None)
        visitor.token_hash = token_hash
        self._by_token[token_hash] = visitor

    def move(self, visitor: KnownVisitor, ordinal: int, conversation_id: ConversationId) -> None:
        """The visitor has another conversation now."""
        self._by_conversation.pop(visitor.conversation_id, None)
        visitor.ordinal, visitor.conversation_id = ordinal, conversation_id
        visitor.place = Place.THERE
        self._by_conversation[conversation_id] = visitor

    def drop_conversation(self, conversation_id: ConversationId) -> None:
        """This conversation is no more, and perhaps its visitor neither: the database knows."""
        visitor = self._by_conversation.pop(conversation_id, None)
        if visitor is not None:
            visitor.place = Place.LOST
            self._by_token.pop(visitor.token_hash, None)
