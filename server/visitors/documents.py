"""Visitors as the database keeps them, and the conversations that they begin."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from actors.ids import ConversationId, VisitorId, WorkspaceId
from actors.log import Conversation, ConversationKey, Page, Person, Visited
from server.conversations.rows import new_document, person_document, person_of_document
from server.store.database import Document
from server.store.derived_ids import conversation_id_of, visitor_name
from server.visitors.cache import KnownVisitor


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a visitor comes.

    Attributes:
        workspace_id: where.
        page: where the visitor is.
        now: the time.
        token: what this browser was given; of a browser, not of a person.
        user_agent: the browser.
        language: what they read the chat in; empty leaves it as it was.
        time_zone: of their browser; likewise.
        user_id: the site's id of a person who has proved to be it. They are the same visitor from any
            browser; who comes first under it brings the conversation that they have in this one.
        person: who the site says it is, proved or not.
    """

    workspace_id: WorkspaceId
    page: Page
    now: datetime
    token: str | None = None
    user_agent: str = ""
    language: str = ""
    time_zone: str = ""
    user_id: str | None = None
    person: Person | None = None

    @property
    def handle(self) -> str | None:
        """What stands for a token with a person who proved to be one."""
        return None if self.user_id is None else person_handle(self.workspace_id, self.user_id)


def person_handle(workspace_id: WorkspaceId, user_id: str) -> str:
    """What stands for a token's hash with a person; no token's hash looks like it."""
    return "person:" + token_hash_of(f"{workspace_id}:{user_id}")


def name_of(visitor_id: VisitorId, person: Person | None) -> str:
    """What operators call them: a name that nobody proved would let anybody be anyone."""
    return (person.name if person and person.verified else "") or visitor_name(visitor_id)


def token_hash_of(token: str) -> str:
    """What the database knows a token by."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def visitor_of(document: Document) -> KnownVisitor:
    """The visitor that a document keeps."""
    visitor_id, ordinal = VisitorId(document["_id"]), int(document["ordinal"])
    return KnownVisitor(
        visitor_id,
        WorkspaceId(document["workspace_id"]),
        document["token_hash"],
        ordinal,
        # None once it was deleted: then it is looked for in vain.
        ConversationId(document["conversation_id"] or conversation_id_of(visitor_id, ordinal)),
        document["last_seen_at"],
        document["last_seen_at"],
        person=person_of_document(document.get("person")),
    )


def visitor_document(visitor: KnownVisitor, now: datetime) -> Document:
    """The document of a visitor who was never here before."""
    return {
        "_id": visitor.id,
        "workspace_id": visitor.workspace_id,
        "token_hash": visitor.token_hash,
        "name": visitor_name(visitor.id),
        "person": person_document(visitor.person),
        "ordinal": visitor.ordinal,
        "conversation_id": visitor.conversation_id,
        "created_at": now,
        "last_seen_at": now,
    }


def conversation_document(visitor: KnownVisitor, arrival: Arrival) -> Document:
    """The document of their conversation, which is empty yet."""
    key = ConversationKey(visitor.workspace_id, visitor.conversation_id)
    page, now = arrival.page, arrival.now
    conversation = Conversation(
        key,
        visitor.id,
        name_of(visitor.id, visitor.person),
        now,
        page,
        pages=(Visited(page.url, page.title, now),) if page.url else (),
        person=visitor.person,
        language=arrival.language or visitor.language,
        time_zone=arrival.time_zone or visitor.time_zone,
    )
    return new_document(conversation, arrival.user_agent)
