"""Hours that are not over: counted once, and then on with each event that is stored."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

from actors.analytics import Event
from actors.ids import WorkspaceId
from actors.overview import Tally, tally_of, together

_MOST_WORKSPACES = 5_000


@dataclass(frozen=True, slots=True)
class Window:
    """Some time in a workspace, up to and without its end."""

    workspace_id: WorkspaceId
    start: datetime
    end: datetime

    def has(self, event: Event) -> bool:
        """Whether the event is of it."""
        return event.workspace_id == self.workspace_id and self.start <= event.at < self.end


class RunningHours:
    """What was counted of running hours, so that looking at one reads nothing.

    Once an hour is over it is to be read anew: another process may have stored some of its events.

    Args:
        read: counts a window from what is stored.
        still: within it nothing is stored. So what is read and what is told of afterwards leave nothing out
            and count nothing twice.
    """

    def __init__(
        self,
        read: Callable[[Window], Awaitable[Tally]],
        still: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self._read = read
        self._still = still
        self._counted: OrderedDict[WorkspaceId, dict[Window, Tally]] = OrderedDict()

    async def count(self, window: Window, now: datetime) -> Tally:
        """What has happened in it so far. Raises PyMongoError."""
        counted = self._of(window.workspace_id, now)
        if window not in counted:
            async with self._still():
                if window not in counted:  # somebody else may have looked meanwhile
                    counted[window] = await self._read(window)
        return counted[window]

    def written(self, stored: Sequence[Event], doubtful: Sequence[Event]) -> None:
        """These events are stored now, and these are by now: their hours have to be read again."""
        for event in stored:
            for window, tally in self._having(event):
                more = tally_of([(event.type.value, event.waited_s)])
                self._counted[event.workspace_id][window] = together([tally, more])
        for event in doubtful:
            for window, _ in self._having(event):
                del self._counted[event.workspace_id][window]

    def _having(self, event: Event) -> list[tuple[Window, Tally]]:
        counted = self._counted.get(event.workspace_id) or {}
        return [(window, tally) for window, tally in counted.items() if window.has(event)]

    def _of(self, workspace_id: WorkspaceId, now: datetime) -> dict[Window, Tally]:
        """The workspace's, without those that are over."""
        counted = self._counted.setdefault(workspace_id, {})
        self._counted.move_to_end(workspace_id)
        if len(self._counted) > _MOST_WORKSPACES:
            self._counted.popitem(last=False)
        for window in [window for window in counted if window.end <= now]:
            del counted[window]
        return counted
