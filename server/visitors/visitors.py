"""Visitors: who a widget's token belongs to, and which conversation is theirs now."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.errors import BatonError
from actors.ids import ConversationId, VisitorId, new_id
from actors.log import MOST_PAGES, ConversationKey, Page, Visited
from actors.messages import PersonTold
from server.conversations.rows import (
    key_query,
    person_document,
    visited_document,
    visited_of,
)
from server.store.database import Collection, Database, Document, DuplicateKeyError, PyMongoError, UpdateOne
from server.store.derived_ids import conversation_id_of
from server.store.group_commit import GroupCommit
from server.store.storable import storable
from server.visitors.cache import KnownVisitor, Place, VisitorCache
from server.visitors.documents import (
    Arrival,
    conversation_document,
    name_of,
    token_hash_of,
    visitor_document,
    visitor_of,
)
from server.visitors.places import Places

SAME_CONVERSATION = timedelta(hours=24)
"""A visitor who comes back within this time of their last visit goes on with the same conversation."""

TOKEN_LIFE = timedelta(days=180)
"""After this time without a visit a token is that of nobody."""

_COARSE = timedelta(minutes=10)
_TOKEN_BYTES = 24  # 192 bits
_MOST_CHARACTERS = 200
_READS_AT_ONCE = 4
_TRIES = 3


class StoreUnavailableError(BatonError):
    """The database does not answer now; trying again later may help."""


@dataclass(frozen=True, slots=True)
class VisitorSession:
    """Where a visitor's socket belongs. `created` says that the conversation is new.

    `visited` is the page they came to since they were last seen, if they did; `told` who they are, when that
    is news. `token` is empty for a person who proved to be it: their proof is what brings them back.
    """

    visitor_id: VisitorId
    conversation_id: ConversationId
    token: str
    created: bool
    visited: Visited | None = None
    told: PersonTold | None = None


class Visitors:
    """The only maker of visitors and conversations.

    A visitor's n-th conversation has an id derived from both, so that two sockets that find the visitor
    without one make the same.
    """

    def __init__(self, database: Database) -> None:
        self._visitors: Collection = database["visitors"]
        self._conversations: Collection = database["conversations"]
        self._places = Places(self._visitors, self._conversations)
        self._sightings: GroupCommit[UpdateOne] = GroupCommit(self._write_sightings)
        self._details: GroupCommit[UpdateOne] = GroupCommit(self._write_details)
        self._cache = VisitorCache()
        self._reading = asyncio.Semaphore(_READS_AT_ONCE)

    async def resolve(self, arrival: Arrival) -> VisitorSession:
        """The visitor who comes so, or a new one; their conversation is durable on return.

        Raises:
            StoreUnavailableError: the database does not answer.
        """
        try:
            for _ in range(_TRIES):
                session = await self._arrive(arrival)
                if session is not None:
                    return session
        except PyMongoError as error:
            raise StoreUnavailableError("Baton can't reach its database. Try again in a moment.") from error
        raise StoreUnavailableError("That visitor is just being removed. Try again in a moment.")

    def seen(self, conversation_id: ConversationId, now: datetime) -> None:
        """The visitor of this conversation is active: their 24 hours begin anew. Written behind, coarsely."""
        visitor = self._cache.of_conversation(conversation_id)
        if visitor is not None:
            self._note(visitor, now)

    def moved(self, conversation_id: ConversationId, page: Page, now: datetime) -> Visited | None:
        """The visitor of this conversation came to a page. None when it is the one they were on."""
        visitor = self._cache.of_conversation(conversation_id)
        return self._visit(visitor, page, now) if visitor else None

    def forget(self, conversation_id: ConversationId) -> None:
        """The conversation was deleted: its visitor gets a new one next time."""
        self._cache.drop_conversation(conversation_id)

    async def close(self) -> None:
        """Write what waits to be written."""
        for waiting in (
            self._places.close(),
            self._sightings.drained(),
            self._details.drained(),
        ):
            await waiting

    async def _arrive(self, arrival: Arrival) -> VisitorSession | None:
        """None when the visitor was made, or what they had deleted, meanwhile."""
        now = arrival.now
        if arrival.handle is not None:
            visitor = await self._person(arrival, arrival.handle)
        else:
            visitor = await self._known(arrival)
        if visitor is None:
            return await self._welcome(arrival)
        created = await self._bring_back(visitor, arrival)
        if created is None:
            return None
        told = await self._tell(visitor, arrival)
        self._note(visitor, now)
        self._note_browser(visitor, arrival.language, arrival.time_zone)
        visited = self._visit(visitor, arrival.page, now) if not created else None
        return VisitorSession(
            visitor.id, visitor.conversation_id, arrival.token or "", created, visited, told
        )

    async def _known(self, arrival: Arrival) -> KnownVisitor | None:
        if not arrival.token or len(arrival.token) > _MOST_CHARACTERS:
            return None
        visitor = await self._by_token(token_hash_of(arrival.token))
        if visitor is None or visitor.workspace_id != arrival.workspace_id:
            return None
        return visitor if arrival.now - visitor.last_seen_at <= TOKEN_LIFE else None

    async def _person(self, arrival: Arrival, handle: str) -> KnownVisitor | None:
        """The visitor that a person is; else this browser's, who is that person from now on."""
        visitor = await self._by_token(handle)
        if visitor is not None:
            return visitor
        visitor = await self._known(arrival)
        if visitor is None:
            return None
        query: Document = {
            "_id": visitor.id,
            "workspace_id": visitor.workspace_id,
            "token_hash": visitor.token_hash,
        }
        try:
            renamed = await self._visitors.update_one(query, {"$set": {"token_hash": handle}})
        except DuplicateKeyError:  # another browser of theirs was first
            return await self._by_token(handle)
        if not renamed.matched_count:
            return None
        self._cache.rename(visitor, handle)
        return visitor

    async def _tell(self, visitor: KnownVisitor, arrival: Arrival) -> PersonTold | None:
        """Keep what the site says of the visitor, when it is news. Durable on return."""
        person = arrival.person
        if person is None or person == visitor.person:
            return None
        name = name_of(visitor.id, person)
        change: Document = {"person": person_document(person)}
        key = ConversationKey(visitor.workspace_id, visitor.conversation_id)
        named: Document = {**change, "visitor_name": storable(name)}
        await self._conversations.update_one(key_query(key), {"$set": named})
        # Last: while the visitor's document does not say it, it is news to the next visit too.
        query: Document = {"_id": visitor.id, "workspace_id": visitor.workspace_id}
        await self._visitors.update_one(query, {"$set": {**change, "told_at": arrival.now}})
        visitor.person = person
        return PersonTold(person, name)

    async def _by_token(self, token_hash: str) -> KnownVisitor | None:
        visitor = self._cache.of_token(token_hash)
        if visitor is None:
            async with self._reading:
                visitor = await self._read(token_hash)
        return visitor

    async def _read(self, token_hash: str) -> KnownVisitor | None:
        document = await self._visitors.find_one({"token_hash": token_hash})
        if document is None:
            return None
        visitor = visitor_of(document)
        query = key_query(ConversationKey(visitor.workspace_id, visitor.conversation_id))
        conversation = await self._conversations.find_one(query, {"pages": 1, "language": 1, "time_zone": 1})
        if conversation is None:
            visitor.place = Place.NAMED if document["conversation_id"] else Place.LOST
        trail = visited_of((conversation or {}).get("pages") or ())
        visitor.page_url = trail[-1].url if trail else ""
        visitor.language = (conversation or {}).get("language") or ""
        visitor.time_zone = (conversation or {}).get("time_zone") or ""
        return self._cache.add(visitor)

    async def _welcome(self, arrival: Arrival) -> VisitorSession | None:
        """Make a visitor; None when somebody else just made the person that they are.

        Nobody comes by a new token before it is given out; by a person's proof, as soon as they are there.
        """
        now, handle = arrival.now, arrival.handle
        token = "" if handle else secrets.token_urlsafe(_TOKEN_BYTES)
        visitor_id = VisitorId(new_id())
        visitor = KnownVisitor(
            visitor_id,
            arrival.workspace_id,
            handle or token_hash_of(token),
            1,
            conversation_id_of(visitor_id, 1),
            now,
            now,
        )
        visitor.language, visitor.time_zone = arrival.language, arrival.time_zone
        visitor.person = arrival.person
        known = await self._places.new_visitors.insert(visitor_document(visitor, now))
        if not handle:
            # Not beside it: one deleted before its visitor is there would be named then, and written again.
            created = await self._places.new_conversations.insert(conversation_document(visitor, arrival))
        elif not known or (created := await self._places.write(visitor, arrival)) is None:
            return None
        visitor.page_url = visited_document(Visited(arrival.page.url, "", now))["url"]
        self._cache.add(visitor)
        return VisitorSession(visitor_id, visitor.conversation_id, token, created)

    async def _bring_back(self, visitor: KnownVisitor, arrival: Arrival) -> bool | None:
        """Whether their conversation is new; None when it has been deleted meanwhile."""
        now, before = arrival.now, (visitor.ordinal, visitor.place)
        if visitor.place is Place.THERE and now - visitor.last_seen_at <= SAME_CONVERSATION:
            return False
        named = visitor if visitor.place is Place.NAMED else await self._places.name_next(visitor, now)
        created = await self._places.write(named, arrival)
        if created is None:
            self._cache.drop_conversation(visitor.conversation_id)
            return None
        # Whoever else brought the visitor on from there brought them to the same conversation.
        if (visitor.ordinal, visitor.place) == before:
            self._cache.move(visitor, named.ordinal, named.conversation_id)
            visitor.page_url = visited_document(Visited(arrival.page.url, "", now))["url"]
        return created

    def _visit(self, visitor: KnownVisitor, page: Page, now: datetime) -> Visited | None:
        """Note another page in the conversation's trail. Written behind: a page view waits for nothing."""
        document = visited_document(Visited(page.url, page.title, now))
        if not page.url or document["url"] == visitor.page_url:
            return None
        visitor.page_url = document["url"]
        key = ConversationKey(visitor.workspace_id, visitor.conversation_id)
        trail: Document = {"pages": {"$each": [document], "$slice": -MOST_PAGES}}
        self._details.add(UpdateOne(key_query(key), {"$push": trail}))
        return visited_of([document])[0]

    def _note(self, visitor: KnownVisitor, now: datetime) -> None:
        visitor.last_seen_at = max(visitor.last_seen_at, now)
        if now - visitor.noted_at >= _COARSE:
            visitor.noted_at = now
            self._sightings.add(UpdateOne({"_id": visitor.id}, {"$max": {"last_seen_at": now}}))

    async def _write_details(self, batch: Sequence[UpdateOne]) -> None:
        await self._conversations.bulk_write(batch)

    def _note_browser(self, visitor: KnownVisitor, language: str, time_zone: str) -> None:
        """Written behind: until then the conversation in memory knows it, which was told."""
        told = (language or visitor.language, time_zone or visitor.time_zone)
        if told == (visitor.language, visitor.time_zone):
            return
        visitor.language, visitor.time_zone = told
        key = ConversationKey(visitor.workspace_id, visitor.conversation_id)
        change = {"language": visitor.language, "time_zone": visitor.time_zone}
        self._details.add(UpdateOne(key_query(key), {"$set": change}))

    async def _write_sightings(self, batch: Sequence[UpdateOne]) -> None:
        await self._visitors.bulk_write(batch, ordered=False)
