"""`KnowledgeDesk` of `management_ports`: changes of knowledge, recorded, and answered from at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from handlers.management import management_ports as edge
from server.edge import reaching_the_store
from server.knowledge.documents import Document, DocumentError, read_document
from server.knowledge.knowledge import Knowledge, KnowledgeConflictError, KnowledgeSource

if TYPE_CHECKING:
    from actors.ids import WorkspaceId
    from handlers.doors.people_ports import Doer
    from server.audit.trail import Trail
    from server.store.database import Database

_READERS = 2


class StoreKnowledge:
    """Sources and passages, each call inside one workspace.

    Args:
        changed: has the workspace's index look again.
    """

    def __init__(self, database: Database, trail: Trail, changed: Callable[[WorkspaceId], None]) -> None:
        self._database = database
        self._trail = trail
        self._changed = changed
        self._reading = asyncio.Semaphore(_READERS)
        # Between looking whether a name is taken and taking it nobody else may.
        self._changing = asyncio.Lock()

    async def sources(self, workspace_id: WorkspaceId) -> tuple[edge.SourceRow, ...]:
        """Every source, by name."""
        with reaching_the_store():
            return tuple(map(_row, await self._knowledge(workspace_id).list_sources()))

    async def add(self, doer: Doer, name: str, data: bytes) -> edge.SourceRow:
        """Keep a new source."""
        document = await self._read(name, data)
        async with self._changing:
            if any(each.name == name for each in await self.sources(doer.workspace_id)):
                raise edge.NameTakenError(
                    f"There is a source {name} already. Replace it, or choose another name."
                )
            return await self._keep(doer, "knowledge.added", name, document)

    async def replace(self, doer: Doer, source_id: str, name: str, data: bytes) -> edge.SourceRow | None:
        """Put a document in the place of a source, which keeps its name."""
        source = await self._source(doer.workspace_id, source_id)
        if source is None:
            return None
        document = await self._read(name, data)
        if document.digest == source.digest:
            return _row(source)
        async with self._changing:
            return await self._keep(doer, "knowledge.replaced", source.name, document)

    async def delete(self, doer: Doer, source_id: str) -> bool:
        """Remove a source with its passages."""
        source = await self._source(doer.workspace_id, source_id)
        if source is None:
            return False
        with reaching_the_store():
            deleted = await self._knowledge(doer.workspace_id).delete_source(source_id)
        if deleted:
            await self._note(doer, "knowledge.deleted", _row(source))
        return deleted

    async def passages(
        self, workspace_id: WorkspaceId, source_id: str, start: int, limit: int
    ) -> tuple[edge.SourceRow, tuple[edge.PassageRow, ...]] | None:
        """A source and some of its passages."""
        source = await self._source(workspace_id, source_id)
        if source is None:
            return None
        with reaching_the_store():
            found = await self._knowledge(workspace_id).passages_of(source, start, limit)
        rows = tuple(edge.PassageRow(each.position, each.title, each.text) for each in found)
        return _row(source), rows

    async def _source(self, workspace_id: WorkspaceId, source_id: str) -> KnowledgeSource | None:
        with reaching_the_store():
            found = await self._knowledge(workspace_id).list_sources()
        return next((source for source in found if source.id == source_id), None)

    async def _read(self, name: str, data: bytes) -> Document:
        try:
            async with self._reading:
                return await asyncio.to_thread(read_document, name, data)
        except DocumentError as error:
            raise edge.UnreadableError(str(error)) from error

    async def _keep(self, doer: Doer, action: str, name: str, document: Document) -> edge.SourceRow:
        try:
            with reaching_the_store():
                source_id = await self._knowledge(doer.workspace_id).replace_source(name, document)
        except KnowledgeConflictError as error:
            raise edge.NameTakenError("Somebody else replaces this source just now. Try again.") from error
        kept = await self._source(doer.workspace_id, source_id)
        if kept is None:  # deleted by somebody else just now
            raise edge.NameTakenError("Somebody else deleted this source just now. Try again.")
        await self._note(doer, action, _row(kept))
        return _row(kept)

    async def _note(self, doer: Doer, action: str, source: edge.SourceRow) -> None:
        self._changed(doer.workspace_id)
        details = {"name": source.name, "passages": source.passage_count}
        target = ("knowledge_source", source.id)
        await self._trail.note_on(doer, action, target, details)

    def _knowledge(self, workspace_id: WorkspaceId) -> Knowledge:
        return Knowledge(self._database, workspace_id)


def _row(source: KnowledgeSource) -> edge.SourceRow:
    return edge.SourceRow(
        source.id, source.name, source.kind.value, source.passage_count, source.updated_at, source.url
    )
