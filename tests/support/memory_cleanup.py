"""Clean-up and tags in memory, on the journal's conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count

from actors.directory import Directory
from actors.ids import ConversationId, WorkspaceId
from actors.log import ConversationKey, standing_of
from actors.messages import TagsPut
from handlers.conversations.cleanup_ports import By, Deleted, Preview, Tag, TagRefusedError
from handlers.ports import ConversationQuery, UnavailableError
from tests.support.memory_journal import MemoryJournal


@dataclass
class MemoryCleanup:
    """`handlers.conversations.cleanup_ports.Cleanup`."""

    journal: MemoryJournal
    directory: Directory
    available: bool = True
    deleted_by: list[By] = field(default_factory=list)

    async def preview(self, workspace_id: WorkspaceId, query: ConversationQuery) -> Preview:
        return Preview(len(self._of(workspace_id, query.show == "engaged")), 0, datetime.now(UTC))

    async def preview_empty(self, workspace_id: WorkspaceId) -> Preview:
        everything = self._of(workspace_id, engaged=False)
        return Preview(len(everything) - len(self._of(workspace_id, engaged=True)), 0, datetime.now(UTC))

    async def delete(self, by: By, ids: Sequence[ConversationId]) -> Deleted:
        if not self.available:
            raise UnavailableError("away")
        ours = [each for each in ids if each in self._of(by.workspace_id, engaged=False)]
        for each in ours:
            del self.journal.logs[each]
        self.directory.erase([ConversationKey(by.workspace_id, each) for each in ours])
        self.deleted_by.append(by)
        return Deleted(len(ours))

    async def delete_matching(self, by: By, query: ConversationQuery, upto: datetime) -> Deleted:
        return await self.delete(by, self._of(by.workspace_id, query.show == "engaged"))

    async def delete_empty(self, by: By) -> Deleted:
        engaged = self._of(by.workspace_id, engaged=True)
        return await self.delete(
            by, [each for each in self._of(by.workspace_id, engaged=False) if each not in engaged]
        )

    def _of(self, workspace_id: WorkspaceId, engaged: bool) -> list[ConversationId]:
        return [
            each
            for each, stored in self.journal.logs.items()
            if stored.conversation.key.workspace_id == workspace_id
            and (not engaged or standing_of(stored.conversation, stored.entries).user_message_count)
        ]


@dataclass
class MemoryTagging:
    """`handlers.conversations.cleanup_ports.Tagging`."""

    journal: MemoryJournal
    tags: dict[WorkspaceId, dict[str, Tag]] = field(default_factory=dict)
    borne: dict[ConversationId, TagsPut] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    async def all(self, workspace_id: WorkspaceId) -> Sequence[Tag]:
        return list(self.tags.get(workspace_id, {}).values())

    async def make(self, by: By, name: str, colour: str) -> Tag:
        if any(tag.name == name for tag in await self.all(by.workspace_id)):
            raise TagRefusedError(f"There is a tag called {name} already.")
        tag = Tag(f"t{next(self._numbers)}", name, colour)
        self.tags.setdefault(by.workspace_id, {})[tag.id] = tag
        return tag

    async def change(self, by: By, tag_id: str, name: str | None, colour: str | None) -> Tag | None:
        ours = self.tags.get(by.workspace_id, {})
        if tag_id not in ours:
            return None
        ours[tag_id] = replace(
            ours[tag_id], name=name or ours[tag_id].name, colour=colour or ours[tag_id].colour
        )
        return ours[tag_id]

    async def remove(self, by: By, tag_id: str) -> bool:
        return self.tags.get(by.workspace_id, {}).pop(tag_id, None) is not None

    async def put(
        self, by: By, ids: Sequence[ConversationId], add: Sequence[str], remove: Sequence[str]
    ) -> Mapping[ConversationId, TagsPut]:
        known, ours = self.tags.get(by.workspace_id, {}), self.journal.logs
        for each in ids:
            if each in ours and ours[each].conversation.key.workspace_id == by.workspace_id:
                now = self.borne.get(each, TagsPut((), 0))
                kept = [tag for tag in now.tag_ids if tag not in remove]
                tag_ids = tuple(dict.fromkeys([*kept, *(tag for tag in add if tag in known)]))
                self.borne[each] = TagsPut(tag_ids, now.version + (tag_ids != now.tag_ids))
        return {each: self.borne[each] for each in ids if each in self.borne}
