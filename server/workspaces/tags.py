"""Tags: a workspace's own words for its conversations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actors.errors import BatonError
from actors.ids import ConversationId, WorkspaceId
from actors.messages import TagsPut
from server.store.batches import batches
from server.store.database import (
    ASCENDING,
    Collection,
    Database,
    Document,
    DuplicateKeyError,
    UpdateOne,
)
from server.store.storable import storable

MOST_TAGS = 200
MOST_ON_ONE = 20

_LINKS_AT_ONCE = 100
_CHANGED: Document = {"$inc": {"tags_version": 1}}


class TagTakenError(BatonError):
    """The workspace has a tag of this name."""


class TooManyTagsError(BatonError):
    """The workspace has as many tags as it may have."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. `colour` is the name of one of the console's colours."""

    id: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Borne:
    """What conversations bear now, and which of them bore something else before."""

    now: Mapping[ConversationId, TagsPut]
    changed: frozenset[ConversationId]


class Tags:
    """The tags of one workspace, and which conversations bear them. Raises PyMongoError."""

    def __init__(self, database: Database, workspace_id: WorkspaceId) -> None:
        self._tags: Collection = database["tags"]
        self._conversations: Collection = database["conversations"]
        self._workspace_id = workspace_id

    async def all(self) -> list[Tag]:
        """Every tag, by name."""
        query = {"workspace_id": self._workspace_id}
        found = await self._tags.find(query, sort=[("name_key", ASCENDING)]).to_list(None)
        return [_tag(document) for document in found]

    async def make(self, tag: Tag, now: datetime) -> None:
        """Add a tag. Raises TagTakenError, TooManyTagsError."""
        if (
            await self._tags.count_documents({"workspace_id": self._workspace_id}, limit=MOST_TAGS)
            >= MOST_TAGS
        ):
            raise TooManyTagsError(f"A workspace has at most {MOST_TAGS} tags.")
        document = {"_id": tag.id, "workspace_id": self._workspace_id, "created_at": now, **_looks(tag)}
        try:
            await self._tags.insert_one(document)
        except DuplicateKeyError as error:
            raise _taken(tag) from error

    async def find(self, tag_id: str) -> Tag | None:
        """One tag; None when this workspace has none of this id."""
        document = await self._tags.find_one(self._one(tag_id))
        return _tag(document) if document else None

    async def change(self, tag: Tag) -> bool:
        """Rename or colour a tag; false when there is none of its id. Raises TagTakenError."""
        try:
            result = await self._tags.update_one(self._one(tag.id), {"$set": _looks(tag)})
        except DuplicateKeyError as error:
            raise _taken(tag) from error
        return result.matched_count > 0

    async def remove(self, tag_id: str) -> bool:
        """Remove a tag, from conversations too; false when there is none of this id."""
        if await self.find(tag_id) is None:
            return False
        while ids := await self._bearers(tag_id):
            # No link is left behind: the tag itself goes when the last one has gone.
            query: Document = {"_id": {"$in": ids}, "workspace_id": self._workspace_id}
            change: Document = {"$pull": {"tag_ids": storable(tag_id)}, **_CHANGED}
            await self._conversations.update_many(query, change)
        await self._tags.delete_one(self._one(tag_id))
        return True

    async def put(self, ids: Sequence[ConversationId], add: Iterable[str], remove: Iterable[str]) -> Borne:
        """Put tags on conversations and take others off.

        Ids of other workspaces, of conversations or tags, are dropped.
        """
        known = {tag.id for tag in await self.all()}
        put = [storable(tag) for tag in dict.fromkeys(add) if tag in known]
        off = [storable(tag) for tag in remove]
        before = await self._borne(ids)
        changes = [
            change for each, now in before.items() for change in self._changes(each, now.tag_ids, put, off)
        ]
        for start in range(0, len(changes), _LINKS_AT_ONCE):
            await self._conversations.bulk_write(changes[start : start + _LINKS_AT_ONCE])
        now = await self._borne(list(before))
        return Borne(now, frozenset(each for each in now if now[each] != before[each]))

    def _changes(
        self, conversation_id: ConversationId, tags: Sequence[str], put: Sequence[str], off: Sequence[str]
    ) -> Iterable[UpdateOne]:
        """Each tag for itself, so that two people who tag at once both get what they wanted."""
        one = {"_id": conversation_id, "workspace_id": self._workspace_id}
        new = [tag for tag in put if tag not in tags][: max(0, MOST_ON_ONE - len(tags))]
        if new:
            yield UpdateOne(one, {"$addToSet": {"tag_ids": {"$each": new}}, **_CHANGED})
        if set(off) & set(tags):
            yield UpdateOne(one, {"$pull": {"tag_ids": {"$in": list(off)}}, **_CHANGED})

    async def _borne(self, ids: Sequence[ConversationId]) -> dict[ConversationId, TagsPut]:
        found: list[Document] = []
        for some in batches([storable(each) for each in ids]):
            query: Document = {"_id": {"$in": some}, "workspace_id": self._workspace_id}
            found += await self._conversations.find(query, {"tag_ids": 1, "tags_version": 1}).to_list(None)
        rows = ((d["_id"], d.get("tag_ids") or (), d.get("tags_version") or 0) for d in found)
        return {ConversationId(each): TagsPut(tuple(tags), int(version)) for each, tags, version in rows}

    async def _bearers(self, tag_id: str) -> list[str]:
        query: Document = {"tag_ids": storable(tag_id)}
        found = await self._conversations.find(query, {"_id": 1}, limit=_LINKS_AT_ONCE).to_list(None)
        return [document["_id"] for document in found]

    def _one(self, tag_id: str) -> Document:
        return {"_id": storable(tag_id), "workspace_id": self._workspace_id}


def _looks(tag: Tag) -> Document:
    name = storable(tag.name)
    return {"name": name, "name_key": name.casefold(), "colour": tag.colour}


def _tag(document: Mapping[str, Any]) -> Tag:
    return Tag(document["_id"], document["name"], document["colour"])


def _taken(tag: Tag) -> TagTakenError:
    return TagTakenError(f"There is a tag called {tag.name} already.")
