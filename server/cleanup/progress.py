"""How far clean-ups are, for the operators of their workspace."""

from __future__ import annotations

import time
from collections.abc import Callable

from actors.ids import WorkspaceId
from actors.messages import CleanupProgress

_EVERY_S = 0.25
_WORTH_TELLING = 100
"""Less is done before anybody could read how far it is."""

Show = Callable[[WorkspaceId, CleanupProgress], None]


class Meter:
    """One clean-up."""

    def __init__(self, progress: Progress, workspace_id: WorkspaceId, total: int) -> None:
        self._progress = progress
        self.workspace_id = workspace_id
        self.total = total
        self.left = total
        self.deleted = 0
        self.over = False

    def did(self, count: int, deleted: int) -> None:
        """So many are done, of which so many were there to be deleted."""
        self.left -= count
        self.deleted += deleted
        self._progress.tell(self.workspace_id)

    def end(self) -> None:
        """It is over, or was cut off."""
        self._progress.end(self)


class Progress:
    """All clean-ups; those of one workspace are told as one."""

    def __init__(self, show: Show, clock: Callable[[], float] = time.monotonic) -> None:
        self._show = show
        self._clock = clock
        self._meters: dict[WorkspaceId, list[Meter]] = {}
        self._told_at: dict[WorkspaceId, float] = {}

    def begin(self, workspace_id: WorkspaceId, total: int) -> Meter:
        """A clean-up of `total` conversations begins."""
        meter = Meter(self, workspace_id, total)
        self._meters.setdefault(workspace_id, []).append(meter)
        self.tell(workspace_id)
        return meter

    def tell(self, workspace_id: WorkspaceId) -> None:
        """Show where they are, not too often."""
        meters, now = self._meters[workspace_id], self._clock()
        total = sum(meter.total for meter in meters)
        if total >= _WORTH_TELLING and now - self._told_at.get(workspace_id, -_EVERY_S) >= _EVERY_S:
            self._told_at[workspace_id] = now
            self._show(workspace_id, CleanupProgress(sum(meter.left for meter in meters), total))

    def end(self, meter: Meter) -> None:
        """One is over; when all are, that is told at once."""
        meter.left, meter.over = 0, True
        meters = self._meters[meter.workspace_id]
        if not all(each.over for each in meters):  # one with nothing left may still have to say so
            return
        del self._meters[meter.workspace_id]
        if self._told_at.pop(meter.workspace_id, None) is not None:
            total = sum(each.total for each in meters)
            self._show(meter.workspace_id, CleanupProgress(0, total))
