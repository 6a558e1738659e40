"""What there is to search, read from the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from actors.ids import ConversationId, WorkspaceId
from actors.lead import Lead
from actors.log import ConversationKey, Entry, EntryType, Person, Speaker
from server.conversations.entries import entry_of
from server.conversations.rows import conversation_of, standing_of_document
from server.leads.documents import lead_of
from server.search.word_store import Item
from server.search.words import words_in
from server.store.batches import batches
from server.store.cursors import Place, milliseconds
from server.store.database import Collection, Database, Document
from server.store.newest_first import NewestFirst, Wanted, by_time
from server.visitors.cache import KnownVisitor
from server.visitors.documents import visitor_of

_AT_ONCE = 500
_NOT_JOBS = {"jobs": 0}


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in a conversation, at some time. `engaged`: the visitor wrote or asked for a person."""

    key: ConversationKey
    at: datetime
    engaged: bool = False
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Readable:
    """A conversation with all its words."""

    key: ConversationKey
    item: Item


@dataclass(frozen=True, slots=True)
class Some:
    """Items, and where the next ones begin; None at the end."""

    items: Sequence[Item]
    next: Place | None


def said(key: ConversationKey, entries: Sequence[Entry]) -> Said:
    """What entries say, and who of the team did."""
    texts = [text for entry in entries for text in (entry.text, entry.note) if text]
    names = {entry.author.name for entry in entries if entry.author and entry.role is not Speaker.BOT}
    engaged = any(entry.role is Speaker.VISITOR or entry.type is EntryType.WAITING for entry in entries)
    return Said(key, entries[-1].created_at, engaged, (*texts, *names))


def spoken(each: Said) -> Item:
    """A part of a conversation's words."""
    key = each.key
    identity = key.conversation_id
    at = milliseconds(each.at)
    return Item(key.workspace_id, identity, identity, at, each.engaged, words_in(*each.texts))


def named(key: ConversationKey, at: datetime, person: Person | None) -> Said:
    """Who the site says the visitor is, as a part of what is said there."""
    return Said(key, at, texts=names_of(person))


def left(lead: Lead) -> Said:
    """What the visitor left, likewise: a row that is called by it is found by it."""
    return Said(lead.key, lead.captured_at, texts=_reached_by(lead))


def names_of(person: Person | None) -> tuple[str, ...]:
    """What somebody may look for a person by."""
    return (person.name, person.email) if person else ()


def _reached_by(lead: Lead) -> tuple[str, ...]:
    fields = lead.fields
    return fields.name, fields.email, fields.phone


def lead_item(lead: Lead) -> Item:
    """A lead's words."""
    words = words_in(*_reached_by(lead), lead.fields.message)
    at = milliseconds(lead.captured_at)
    return Item(leads_of(lead.workspace_id), lead.id, lead.conversation_id, at, engaged=True, words=words)


def leads_of(workspace_id: WorkspaceId) -> str:
    """The space of a workspace's leads."""
    return f"{workspace_id}/leads"


class SearchReads:
    """Reads conversations with their logs and leads. Raises PyMongoError."""

    def __init__(self, database: Database) -> None:
        self._workspaces: Collection = database["workspaces"]
        self._conversations: Collection = database["conversations"]
        self._messages: Collection = database["messages"]
        self._leads: Collection = database["leads"]
        self._visitors: Collection = database["visitors"]

    async def workspaces(self) -> list[WorkspaceId]:
        """All."""
        return [WorkspaceId(each["_id"]) async for each in self._workspaces.find({}, {"_id": 1})]

    async def of_ids(self, ids: Sequence[ConversationId]) -> list[Readable]:
        """Those of these that there are."""
        found: list[Readable] = []
        for some in batches(ids):
            query = {"_id": {"$in": some}}
            found += await self._read(await self._conversations.find(query).to_list(None))
        return found

    async def conversations(self, workspace_id: WorkspaceId, newest: datetime, after: Place | None) -> Some:
        """The next conversations of a workspace, newest activity first."""
        wanted, scale = Wanted({"workspace_id": workspace_id}), by_time("last_activity_at")
        page = await NewestFirst(self._conversations, wanted, scale).page(
            milliseconds(newest), after, _AT_ONCE
        )
        return Some([each.item for each in await self._read(page.documents)], page.next)

    async def leads(self, workspace_id: WorkspaceId, newest: datetime, after: Place | None) -> Some:
        """The next leads of a workspace, newest first."""
        wanted, scale = Wanted({"workspace_id": workspace_id}), by_time("captured_at")
        page = await NewestFirst(self._leads, wanted, scale).page(milliseconds(newest), after, _AT_ONCE)
        return Some([lead_item(lead_of(document)) for document in page.documents], page.next)

    async def said_since(self, since: datetime) -> list[Said]:
        """What was said anywhere since then."""
        found = await self._messages.find({"created_at": {"$gte": since}}).to_list(None)
        keys = {each["conversation_id"]: WorkspaceId(each["workspace_id"]) for each in found}
        logs = _by_conversation(found)
        return [said(ConversationKey(keys[each], ConversationId(each)), log) for each, log in logs.items()]

    async def begun_since(self, workspace_id: WorkspaceId, since: datetime) -> list[Said]:
        """Conversations that were active since then, without their words."""
        query: Document = {"workspace_id": workspace_id, "last_activity_at": {"$gte": since}}
        found = await self._conversations.find(query, {"last_activity_at": 1}).to_list(None)
        return [
            Said(ConversationKey(workspace_id, ConversationId(each["_id"])), each["last_activity_at"])
            for each in found
        ]

    async def captured_since(self, workspace_id: WorkspaceId, since: datetime) -> list[Lead]:
        """Leads that came since then."""
        query: Document = {"workspace_id": workspace_id, "captured_at": {"$gte": since}}
        return [lead_of(document) for document in await self._leads.find(query, _NOT_JOBS).to_list(None)]

    async def updated_since(self, since: datetime) -> list[Lead]:
        """Leads anywhere that came again since then, and say something else."""
        query: Document = {"updated_at": {"$gte": since}}
        return [lead_of(document) for document in await self._leads.find(query, _NOT_JOBS).to_list(None)]

    async def told_since(self, since: datetime) -> list[Said]:
        """Who the site has said since then that visitors are, anywhere."""
        found = await self._visitors.find({"told_at": {"$gte": since}}).to_list(None)
        return [_told(visitor_of(document), document["told_at"]) for document in found]

    async def _read(self, documents: Sequence[Document]) -> list[Readable]:
        found: list[Readable] = []
        for some in batches(documents):
            ids = [document["_id"] for document in some]
            query: Document = {"conversation_id": {"$in": ids}}
            # Of all: a document is written behind its log, and may not tell of what was said yet.
            logs = _by_conversation(await self._messages.find(query).to_list(None))
            names = await self._names(ids)
            found += [_readable(document, logs.get(document["_id"], []), names) for document in some]
        return found

    async def _names(self, ids: Sequence[str]) -> Mapping[ConversationKey, Sequence[str]]:
        """What visitors left in conversations. A document of an earlier version does not say it by itself."""
        query: Document = {"conversation_id": {"$in": list(ids)}}
        names: dict[ConversationKey, list[str]] = {}
        for document in await self._leads.find(query, _NOT_JOBS).to_list(None):
            lead = lead_of(document)
            names.setdefault(lead.key, []).extend(_reached_by(lead))
        return names


def _told(visitor: KnownVisitor, at: datetime) -> Said:
    return named(ConversationKey(visitor.workspace_id, visitor.conversation_id), at, visitor.person)


def _by_conversation(documents: Sequence[Document]) -> dict[str, list[Entry]]:
    logs: dict[str, list[Entry]] = {}
    for document in documents:
        logs.setdefault(document["conversation_id"], []).append(entry_of(document))
    return logs


def _readable(
    document: Document, entries: Sequence[Entry], left_names: Mapping[ConversationKey, Sequence[str]]
) -> Readable:
    conversation, standing = conversation_of(document), standing_of_document(document)
    key, page = conversation.key, conversation.page
    log = said(key, entries) if entries else Said(key, standing.last_activity_at)
    names = (*left_names.get(key, ()), *names_of(conversation.person))
    item = Item(
        key.workspace_id,
        key.conversation_id,
        key.conversation_id,
        milliseconds(max(standing.last_activity_at, log.at)),
        bool(standing.user_message_count or standing.waiting_since or log.engaged),
        words_in(conversation.visitor_name, *names, page.url, page.title, *log.texts),
    )
    return Readable(key, item)
