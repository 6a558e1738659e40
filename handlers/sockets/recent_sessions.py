"""Sessions that were checked a moment ago, for sockets that open in a row: many tabs, after a restart."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from actors.ids import UserId, WorkspaceId
    from handlers.ports import Session

FRESH_S = 1.0
"""As long as an open socket's own session counts as checked. The reads cost as much as ten handshakes."""

_MOST = 1_000


class _Kept(NamedTuple):
    session: Session
    until: float


class RecentSessions:
    """By the browser's token and the workspace it asked for. What ends or changes is forgotten at once."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: OrderedDict[tuple[str, WorkspaceId | None], _Kept] = OrderedDict()
        self.changes = 0
        """Counts what was forgotten: a session that was read across such a change is not kept."""

    def get(self, token: str, workspace_id: WorkspaceId | None) -> Session | None:
        """The session, if it was checked within a second."""
        kept = self._kept.get((token, workspace_id))
        return kept.session if kept is not None and kept.until > self._monotonic() else None

    def keep(self, token: str, workspace_id: WorkspaceId | None, session: Session, changes: int) -> None:
        """It was checked now; `changes` is what they were before that."""
        if changes != self.changes:
            return
        self._kept.pop((token, workspace_id), None)
        self._kept[token, workspace_id] = _Kept(session, self._monotonic() + FRESH_S)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def forget_session(self, session_id: str) -> None:
        """It is over."""
        self._forget(lambda session: session.id == session_id)

    def forget_user(self, user_id: UserId) -> None:
        """Something of this person changed: a role, a membership, a session, a name."""
        self._forget(lambda session: session.account.user_id == user_id)

    def _forget(self, concerned: Callable[[Session], bool]) -> None:
        self.changes += 1
        for key in [key for key, kept in self._kept.items() if concerned(kept.session)]:
            del self._kept[key]
