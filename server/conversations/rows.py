"""Conversation documents: what no entry changes about a conversation, and the summary of its log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from actors.ids import ConversationId, UserId, VisitorId, WorkspaceId
from actors.log import Conversation, ConversationKey, Holder, Page, Person, Speaker, Standing, Visited
from server.store.database import Document, Filter
from server.store.storable import storable

PAGE_CHARACTERS = 2000
_TRAIL_CHARACTERS = 500
ENGAGED_AT = "engaged_at"
"""`last_activity_at` of conversations in which the visitor did something, to list them by; None of others."""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation as the database has it; `standing` may lag a little behind the log."""

    conversation: Conversation
    standing: Standing
    tag_ids: tuple[str, ...] = ()
    user_agent: str = ""


def new_document(conversation: Conversation, user_agent: str = "") -> Document:
    """The document of a conversation whose log is still empty."""
    page = conversation.page
    return {
        **key_query(conversation.key),
        "visitor_id": conversation.visitor_id,
        "visitor_name": conversation.visitor_name,
        "created_at": conversation.created_at,
        **summary_of(Standing(last_activity_at=conversation.created_at)),
        "tag_ids": [],
        "language": conversation.language,
        "time_zone": conversation.time_zone,
        "person": person_document(conversation.person),
        "page": {
            name: storable(value)[:PAGE_CHARACTERS]
            for name, value in (("url", page.url), ("title", page.title), ("referrer", page.referrer))
        },
        "pages": [visited_document(visited) for visited in conversation.pages],
        "user_agent": storable(user_agent)[:PAGE_CHARACTERS],
    }


def visited_document(visited: Visited) -> Document:
    """One page of a visitor's trail; its words are kept shorter than the page a conversation began on."""
    return {
        "url": storable(visited.url)[:_TRAIL_CHARACTERS],
        "title": storable(visited.title)[:_TRAIL_CHARACTERS],
        "at": visited.at,
    }


def visited_of(pages: Iterable[Document]) -> tuple[Visited, ...]:
    """The trail that a document keeps."""
    return tuple(Visited(page.get("url") or "", page.get("title") or "", page["at"]) for page in pages)


def key_query(key: ConversationKey) -> Document:
    """Finds the document of a conversation, only within its workspace."""
    return {"_id": storable(key.conversation_id), "workspace_id": key.workspace_id}


def summary_of(standing: Standing) -> Document:
    """The fields of the conversation document that follow from the log."""
    holder, preview_role = standing.holder, standing.preview_role
    # Who asks for a person before writing anything is engaged too.
    engaged = standing.user_message_count > 0 or standing.waiting_since is not None
    return {
        "seq": standing.seq,
        "epoch": standing.epoch,
        "last_activity_at": standing.last_activity_at,
        ENGAGED_AT: standing.last_activity_at if engaged else None,
        "user_message_count": standing.user_message_count,
        "last_user_seq": standing.last_user_seq,
        "last_user_at": standing.last_user_at,
        "last_answer_seq": standing.last_answer_seq,
        "claimed_by_user_id": holder.user_id if holder else None,
        "claimed_by_name": storable(holder.name) if holder else None,
        "claimed_at": holder.claimed_at if holder else None,
        "waiting_since": standing.waiting_since,
        "preview": storable(standing.preview),
        "preview_role": preview_role.value if preview_role else None,
    }


def row_of(document: Document) -> ConversationRow:
    """The row that a document keeps."""
    return ConversationRow(
        conversation_of(document),
        standing_of_document(document),
        tuple(document.get("tag_ids") or ()),
        document.get("user_agent") or "",
    )


def conversation_of(document: Document) -> Conversation:
    """What no entry of the log changes about the conversation."""
    page: Filter = document.get("page") or {}
    return Conversation(
        key=ConversationKey(WorkspaceId(document["workspace_id"]), ConversationId(document["_id"])),
        visitor_id=VisitorId(document["visitor_id"]),
        visitor_name=document.get("visitor_name") or "Visitor",
        created_at=document["created_at"],
        page=Page(page.get("url") or "", page.get("title") or "", page.get("referrer") or ""),
        has_lead=bool(document.get("has_lead")),
        lead_name=document.get("lead_name") or "",
        tag_ids=tuple(document.get("tag_ids") or ()),
        tags_version=int(document.get("tags_version") or 0),
        pages=visited_of(document.get("pages") or ()),
        seen=_seen(document.get("seen") or {}),
        language=document.get("language") or "",
        time_zone=document.get("time_zone") or "",
        person=person_of_document(document.get("person")),
    )


def standing_of_document(document: Document) -> Standing:
    """What the document says that the log adds up to."""
    get = document.get
    preview_role = get("preview_role")
    return Standing(
        last_activity_at=document["last_activity_at"],
        seq=int(get("seq") or 0),
        epoch=int(get("epoch") or 0),
        holder=_holder(get("claimed_by_user_id"), get("claimed_by_name"), get("claimed_at")),
        waiting_since=get("waiting_since"),
        user_message_count=int(get("user_message_count") or 0),
        last_user_seq=int(get("last_user_seq") or 0),
        last_user_at=get("last_user_at"),
        last_answer_seq=int(get("last_answer_seq") or 0),
        preview=get("preview") or "",
        preview_role=Speaker(preview_role) if preview_role else None,
    )


def _seen(marks: Mapping[str, int]) -> dict[UserId, int]:
    return {UserId(user_id): int(seq) for user_id, seq in marks.items()}


def person_document(person: Person | None) -> Document | None:
    """Who the site says it is, as documents keep them."""
    if person is None:
        return None
    told = {"user_id": person.user_id, "name": person.name, "email": person.email}
    return {**{name: storable(value) for name, value in told.items()}, "verified": person.verified}


def person_of_document(document: Document | None) -> Person | None:
    """The same, read."""
    if not document:
        return None
    told = (document.get(name) or "" for name in ("user_id", "name", "email"))
    return Person(*told, verified=bool(document.get("verified")))


def _holder(user_id: str | None, name: str | None, claimed_at: datetime | None) -> Holder | None:
    if user_id is None or claimed_at is None:
        return None
    return Holder(UserId(user_id), name or "", claimed_at)
