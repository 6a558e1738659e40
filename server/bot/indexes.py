"""The passage indexes of the workspaces that are being asked."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from actors.ids import WorkspaceId
from server.bot.retrieval import Indexed, PassageIndex

CHECK_S = 5.0  # how soon a change by another process, such as `baton knowledge import`, is seen
MOST_INDEXES = 200  # in memory; at 130 passages each about 200 MB
_BATCH = 5  # passages indexed before others get the loop: 4 ms, and up to 20 while their words are new


class Passages(Protocol):
    """A workspace's knowledge, as far as an index needs it."""

    async def passages(self) -> list[Indexed]:
        """Every current passage."""
        ...

    async def fingerprint(self) -> str:
        """Differs whenever the passages do."""
        ...


@dataclass(slots=True)
class _Held:
    index: PassageIndex
    fingerprint: str
    checked_at: float


class PassageIndexes:
    """One index for each workspace, loaded when first asked for, and anew when its knowledge has changed."""

    def __init__(
        self, knowledge: Callable[[WorkspaceId], Passages], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._knowledge = knowledge
        self._clock = clock
        self._held: OrderedDict[WorkspaceId, _Held] = OrderedDict()
        self._locks: dict[WorkspaceId, asyncio.Lock] = {}

    async def get(self, workspace_id: WorkspaceId) -> PassageIndex:
        """The index. While the database is away the one in memory goes on serving; without one it raises."""
        held = self._held.get(workspace_id)
        if held and self._clock() - held.checked_at < CHECK_S:
            self._held.move_to_end(workspace_id)
            return held.index
        lock = self._locks.setdefault(workspace_id, asyncio.Lock())
        async with lock:
            index = await self._checked(workspace_id)
        if not lock.locked():
            self._locks.pop(workspace_id, None)
        return index

    def invalidate(self, workspace_id: WorkspaceId) -> None:
        """Look again at the next question: the knowledge has changed."""
        if workspace_id in self._held:
            self._held[workspace_id].checked_at = float("-inf")

    async def _checked(self, workspace_id: WorkspaceId) -> PassageIndex:
        held = self._held.get(workspace_id)
        if held and self._clock() - held.checked_at < CHECK_S:
            return held.index
        knowledge = self._knowledge(workspace_id)
        try:
            fingerprint = await knowledge.fingerprint()
            if not held or held.fingerprint != fingerprint:
                held = _Held(await _built(knowledge), fingerprint, 0)
        except Exception:
            if not held:
                raise
            # The knowledge we have is better than none: the database comes back, and we look again.
        held.checked_at = self._clock()
        self._hold(workspace_id, held)
        return held.index

    def _hold(self, workspace_id: WorkspaceId, held: _Held) -> None:
        self._held[workspace_id] = held
        self._held.move_to_end(workspace_id)
        while len(self._held) > MOST_INDEXES:
            self._held.popitem(last=False)


async def _built(knowledge: Passages) -> PassageIndex:
    passages = await knowledge.passages()
    index = PassageIndex()
    for start in range(0, len(passages), _BATCH):
        index.add(passages[start : start + _BATCH])
        await asyncio.sleep(0)
    return index
