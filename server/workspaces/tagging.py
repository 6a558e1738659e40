"""Tags as the edge wants them: made, changed and put on, with everybody who looks told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from actors.ids import ConversationId, WorkspaceId, new_id
from actors.log import ConversationKey
from actors.messages import TagsChanged, TagsPut
from actors.ports import Clock
from handlers.conversations import cleanup_ports as edge
from handlers.conversations.cleanup_ports import By
from handlers.ports import Ref
from server.audit.audit import AuditLog, AuditRecord
from server.edge import reaching_the_store
from server.store.database import Database
from server.workspaces.tags import Tag, Tags, TagTakenError, TooManyTagsError


class Actors(Protocol):
    """The directory."""

    def conversation(self, key: ConversationKey) -> Ref:
        """A conversation's actor."""
        ...

    def workspace(self, workspace_id: WorkspaceId) -> Ref:
        """A workspace's actor."""
        ...


class StoreTagging:
    """`handlers.conversations.cleanup_ports.Tagging`."""

    def __init__(self, database: Database, audit: AuditLog, actors: Actors, clock: Clock) -> None:
        self._database = database
        self._audit = audit
        self._actors = actors
        self._clock = clock

    async def all(self, workspace_id: WorkspaceId) -> Sequence[edge.Tag]:
        """Every tag."""
        with reaching_the_store():
            return [_edge(tag) for tag in await self._tags(workspace_id).all()]

    async def make(self, by: By, name: str, colour: str) -> edge.Tag:
        """A new tag."""
        tag = Tag(new_id(), name, colour)
        with reaching_the_store():
            try:
                await self._tags(by.workspace_id).make(tag, self._clock.now())
            except (TagTakenError, TooManyTagsError) as error:
                raise edge.TagRefusedError(str(error)) from error
        await self._changed(by, "tag.made", tag)
        return _edge(tag)

    async def change(self, by: By, tag_id: str, name: str | None, colour: str | None) -> edge.Tag | None:
        """Rename or colour one."""
        tags = self._tags(by.workspace_id)
        with reaching_the_store():
            before = await tags.find(tag_id)
            if before is None:
                return None
            tag = replace(before, name=name or before.name, colour=colour or before.colour)
            try:
                await tags.change(tag)
            except TagTakenError as error:
                raise edge.TagRefusedError(str(error)) from error
        await self._changed(by, "tag.changed", tag, before)
        return _edge(tag)

    async def remove(self, by: By, tag_id: str) -> bool:
        """Remove one."""
        tags = self._tags(by.workspace_id)
        with reaching_the_store():
            before = await tags.find(tag_id)
            if before is None or not await tags.remove(tag_id):
                return False
        await self._changed(by, "tag.removed", before)
        return True

    async def put(
        self, by: By, ids: Sequence[ConversationId], add: Sequence[str], remove: Sequence[str]
    ) -> Mapping[ConversationId, TagsPut]:
        """Put tags on conversations and take others off."""
        with reaching_the_store():
            borne = await self._tags(by.workspace_id).put(ids, add, remove)
        for each in borne.changed:
            # One that is not in memory is read, and then told: its row is shown wherever it is listed.
            self._actors.conversation(ConversationKey(by.workspace_id, each)).tell(borne.now[each])
        return borne.now

    async def _changed(self, by: By, action: str, tag: Tag, before: Tag | None = None) -> None:
        details: dict[str, str | int | bool | None] = {"name": tag.name, "colour": tag.colour}
        if before is not None:
            details |= {"name_before": before.name, "colour_before": before.colour}
        record = AuditRecord(
            new_id(),
            self._clock.now(),
            by.user_id,
            action,
            "tag",
            tag.id,
            by.origin.ip,
            by.origin.user_agent,
            details,
        )
        await self._audit.append(by.workspace_id, record)
        self._actors.workspace(by.workspace_id).tell(TagsChanged())

    def _tags(self, workspace_id: WorkspaceId) -> Tags:
        return Tags(self._database, workspace_id)


def _edge(tag: Tag) -> edge.Tag:
    return edge.Tag(tag.id, tag.name, tag.colour)
