"""Entries of the log as documents of `messages`, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actors.ids import ClientId, StreamId
from actors.log import Author, ConversationKey, Entry, EntryType, Origin, Source, Speaker
from server.store.database import Document
from server.store.storable import storable


def entry_id(key: ConversationKey, seq: int) -> str:
    """The `_id` of an entry, so that the database refuses a second writer of the same seq."""
    return f"{key.conversation_id}:{seq}"


def entry_document(key: ConversationKey, entry: Entry) -> Document:
    """The document of an entry. The fields of the contract are always there, others when they are set."""
    author, taken_from = entry.author, entry.taken_from
    document: Document = {
        "_id": entry_id(key, entry.seq),
        "workspace_id": key.workspace_id,
        "conversation_id": key.conversation_id,
        "seq": entry.seq,
        "type": entry.type.value,
        "role": entry.role.value if entry.role else None,
        "text": None if entry.text is None else storable(entry.text),
        "author_id": author.id if author else None,
        "client_id": None if entry.client_id is None else storable(entry.client_id),
        "created_at": entry.created_at,
        "write_id": entry.write_id,
    }
    optional = {
        "author_name": storable(author.name) if author else None,
        "sources": [_source_document(source) for source in entry.sources] or None,
        "stream_id": entry.stream_id,
        "taken_from_id": taken_from.id if taken_from else None,
        "taken_from_name": storable(taken_from.name) if taken_from else None,
        "note": None if entry.note is None else storable(entry.note),
        "known": entry.known,
        "answers": entry.answers,
        "origin": _origin_document(entry.origin),
    }
    return document | {name: value for name, value in optional.items() if value is not None}


def entry_of(document: Document) -> Entry:
    """The entry that a document keeps."""
    get = document.get
    role, client_id, stream_id = get("role"), get("client_id"), get("stream_id")
    return Entry(
        seq=int(document["seq"]),
        type=EntryType(document["type"]),
        created_at=document["created_at"],
        write_id=get("write_id") or "",
        role=Speaker(role) if role else None,
        text=get("text"),
        author=_author(get("author_id"), get("author_name")),
        client_id=ClientId(client_id) if client_id is not None else None,
        sources=tuple(Source(s["title"], s["snippet"], s.get("url", "")) for s in get("sources") or ()),
        stream_id=StreamId(stream_id) if stream_id is not None else None,
        taken_from=_author(get("taken_from_id"), get("taken_from_name")),
        note=get("note"),
        known=get("known"),
        answers=get("answers"),
        origin=_origin(get("origin")),
    )


def size_of(documents: Iterable[Document]) -> int:
    """About how many bytes documents take on the wire; encoding them twice to know exactly costs more."""
    return sum(300 + len(document.get("text") or "") * 2 + _sources_size(document) for document in documents)


def _sources_size(document: Document) -> int:
    return sum(100 + 2 * len(source["snippet"]) for source in document.get("sources") or ())


def _source_document(source: Source) -> Document:
    return {"title": storable(source.title), "snippet": storable(source.snippet), "url": storable(source.url)}


def _origin_document(origin: Origin | None) -> Document | None:
    return {"ip": origin.ip, "user_agent": storable(origin.user_agent)} if origin else None


def _origin(document: Document | None) -> Origin | None:
    return Origin(document.get("ip", ""), document.get("user_agent", "")) if document else None


def _author(author_id: Any, name: Any) -> Author | None:
    return Author(author_id, name or "") if author_id is not None else None
