"""A workspace's knowledge: sources, and the passages they are split into."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from actors.errors import BatonError
from actors.ids import WorkspaceId, new_id
from server.bot.retrieval import Indexed
from server.knowledge.documents import Document, Kind
from server.knowledge.passages import Passage

if TYPE_CHECKING:
    from server.store.database import Database

_BATCH = 200  # passages of one insert: about 200 kB
_TRIES = 5


class KnowledgeConflictError(BatonError):
    """Others replaced the same source again and again meanwhile."""


@dataclass(frozen=True, slots=True)
class KnowledgeSource:
    """A source that the bot answers from. `digest` tells whether its content is what was imported before."""

    id: str
    name: str
    kind: Kind
    revision: str
    digest: str
    passage_count: int
    updated_at: datetime
    url: str = ""


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it is read by people; positions count from 0."""

    position: int
    title: str
    text: str


class Knowledge:
    """The knowledge of one workspace.

    Passages carry the revision of their source, and readers take only the current one: while a source is
    replaced they see it as it was, then as it is. What a crash leaves behind is never read, and removed when
    the source is replaced next.
    """

    def __init__(self, database: Database, workspace_id: WorkspaceId) -> None:
        self._sources = database["knowledge_sources"]
        self._passages = database["passages"]
        self._workspace_id = workspace_id

    async def replace_source(self, name: str, document: Document) -> str:
        """Put a document in the place of the source of this name; its id, the same at every replacement.

        Nothing is written when the content is the same as before.

        Raises:
            KnowledgeConflictError: five times in a row another writer was quicker.
        """
        source_id = self._id_of(name)
        for _ in range(_TRIES):
            old = await self._reserved(source_id, name)
            if old["digest"] == document.digest:
                return source_id
            if await self._published(source_id, str(old["revision"]), document):
                return source_id
        raise KnowledgeConflictError(f"{name} is being replaced by someone else; try again")

    async def list_sources(self) -> list[KnowledgeSource]:
        """Every source, by name."""
        cursor = self._sources.find({"workspace_id": self._workspace_id})
        sources = [_source(document) async for document in cursor if document["revision"]]
        return sorted(sources, key=lambda source: source.name)

    async def delete_source(self, source_id: str) -> bool:
        """Remove a source with its passages; False when this workspace has no such source."""
        mine = {"workspace_id": self._workspace_id}
        deleted = await self._sources.delete_one({**mine, "_id": source_id})
        await self._passages.delete_many({**mine, "source_id": source_id})
        return deleted.deleted_count == 1

    async def passages(self) -> list[Indexed]:
        """Every current passage, by source name and position."""
        sources = {source.id: source for source in await self.list_sources()}
        rows = [
            (sources[document["source_id"]].name, int(document["position"]), document)
            async for document in self._passages.find({"workspace_id": self._workspace_id})
            if document["source_id"] in sources
            and document["revision"] == sources[document["source_id"]].revision
        ]
        rows.sort(key=lambda row: row[:2])
        return [_indexed(document, sources[document["source_id"]]) for _, _, document in rows]

    async def passages_of(self, source: KnowledgeSource, start: int, limit: int) -> list[StoredPassage]:
        """The current passages of a source, by position, from `start` on."""
        positions = {"$gte": start, "$lt": start + limit}
        query = {"workspace_id": self._workspace_id, "source_id": source.id, "revision": source.revision}
        found = [each async for each in self._passages.find({**query, "position": positions})]
        found.sort(key=lambda document: document["position"])
        return [StoredPassage(int(each["position"]), each["title"], each["text"]) for each in found]

    async def fingerprint(self) -> str:
        """Differs whenever the passages do."""
        revisions = [f"{source.id}{source.revision}" for source in await self.list_sources()]
        return hashlib.sha256("".join(sorted(revisions)).encode()).hexdigest()

    def _id_of(self, name: str) -> str:
        return hashlib.sha256(f"{self._workspace_id}\0{name}".encode()).hexdigest()[:22]

    async def _reserved(self, source_id: str, name: str) -> dict[str, str]:
        """The source's document as it is, made without content when there was none."""
        empty = {"workspace_id": self._workspace_id, "name": name, "revision": "", "digest": ""}
        await self._sources.update_one({"_id": source_id}, {"$setOnInsert": empty}, upsert=True)
        return await self._sources.find_one({"_id": source_id}) or empty

    async def _published(self, source_id: str, old: str, document: Document) -> bool:
        """Write the passages, then make them the current ones, unless someone else has replaced `old`."""
        revision = new_id()
        await self._write(source_id, revision, document.passages)
        found = await self._sources.update_one(
            {"_id": source_id, "revision": old},
            {
                "$set": {
                    "kind": document.kind.value,
                    "url": document.url,
                    "revision": revision,
                    "digest": document.digest,
                    "passage_count": len(document.passages),
                    "updated_at": datetime.now(UTC),
                }
            },
        )
        mine = {"workspace_id": self._workspace_id, "source_id": source_id}
        if found.matched_count == 0:
            await self._passages.delete_many({**mine, "revision": revision})
            return False
        # Revisions sort by time: this takes what is older, and leaves what another writer is just writing.
        await self._passages.delete_many({**mine, "revision": {"$lt": revision}})
        await self._passages.delete_many({**mine, "revision": old})
        return True

    async def _write(self, source_id: str, revision: str, passages: Sequence[Passage]) -> None:
        documents = [
            {
                "_id": f"{source_id}.{revision}.{passage.position}",
                "workspace_id": self._workspace_id,
                "source_id": source_id,
                "revision": revision,
                "position": passage.position,
                "title": passage.title,
                "anchor": passage.anchor,
                "text": passage.text,
                "asked": list(passage.asked),
            }
            for passage in passages
        ]
        for start in range(0, len(documents), _BATCH):
            await self._passages.insert_many(documents[start : start + _BATCH], ordered=False)


def _source(document: dict[str, Any]) -> KnowledgeSource:
    return KnowledgeSource(
        id=document["_id"],
        name=document["name"],
        kind=Kind(document["kind"]),
        revision=document["revision"],
        digest=document["digest"],
        passage_count=document["passage_count"],
        updated_at=document["updated_at"],
        url=document["url"],
    )


def _indexed(document: dict[str, Any], source: KnowledgeSource) -> Indexed:
    anchor = document["anchor"]
    url = f"{source.url}#{anchor}" if source.url and anchor and "#" not in source.url else source.url
    return Indexed(
        document["_id"], source.id, document["title"], document["text"], url, tuple(document["asked"])
    )
