"""All open sockets: how many from where, whose sessions they rest on, and how to end them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import deque
from typing import TYPE_CHECKING, Protocol

from actors.roles import Action, may
from handlers.ports import UnavailableError
from handlers.sockets.recent_sessions import RecentSessions
from handlers.throttle import Buckets, Slots

if TYPE_CHECKING:
    from actors.ids import UserId, WorkspaceId
    from handlers.ports import Limits, Member
    from handlers.sockets.peers import SocketPeer

RESTART = 1012
RECHECKS_PER_ROUND = 40
"""20 sessions a second: each costs the database a millisecond or two."""

_log = logging.getLogger(__name__)


class OperatorConnection(Protocol):
    """A socket that rests on a session."""

    @property
    def member(self) -> Member:
        """Whose it is, as of the last check."""
        ...

    async def recheck(self) -> None:
        """See whether the session and the role still stand; close if not."""
        ...

    def dismiss(self) -> None:
        """The session is over."""
        ...


class Connections:
    """The edge's own registry, on the loop only. `run` it as a task to have sessions checked."""

    def __init__(self, limits: Limits) -> None:
        self.by_address = Slots(limits.sockets_per_address)
        self.by_client = Slots(limits.sockets_per_client)
        self.new_visitors = Buckets(limits.new_visitors_burst, limits.new_visitors_per_s)
        self.leads = Buckets(limits.lead_burst, limits.leads_per_s)
        self.recent_sessions = RecentSessions()
        self._recheck_s = limits.recheck_s
        self._peers: set[SocketPeer] = set()
        self._operators: dict[OperatorConnection, None] = {}
        self._round: deque[OperatorConnection] = deque()

    def __len__(self) -> int:
        return len(self._peers)

    @property
    def operator_count(self) -> int:
        """How many of the sockets are operators'."""
        return len(self._operators)

    def add(self, peer: SocketPeer) -> None:
        """A socket opened."""
        self._peers.add(peer)

    def drop(self, peer: SocketPeer) -> None:
        """It is gone."""
        self._peers.discard(peer)

    def add_operator(self, socket: OperatorConnection) -> None:
        """An operator's socket opened."""
        self._operators[socket] = None

    def drop_operator(self, socket: OperatorConnection) -> None:
        """It is gone."""
        self._operators.pop(socket, None)

    def team_online(self, workspace_id: WorkspaceId) -> bool:
        """Whether someone is here who could take over."""
        return any(
            socket.member.workspace.id == workspace_id and may(socket.member.role, Action.CLAIM)
            for socket in self._operators
        )

    def end_session(self, session_id: str) -> None:
        """Close the sockets of a session that is over."""
        self.recent_sessions.forget_session(session_id)
        for socket in [s for s in self._operators if s.member.session_id == session_id]:
            socket.dismiss()

    async def recheck_user(self, user_id: UserId) -> None:
        """Check the sockets of a person whose role, membership or sessions changed."""
        self.recent_sessions.forget_user(user_id)
        for socket in [s for s in self._operators if s.member.account.user_id == user_id]:
            await socket.recheck()

    def restart(self, most_delay_ms: int) -> None:
        """Send everyone away, to come back at moments of their own within `most_delay_ms`."""
        for peer in tuple(self._peers):
            peer.close(RESTART, f"retry_after_ms={secrets.randbelow(most_delay_ms) + 1}")

    async def run(self) -> None:
        """Check sessions in turn until cancelled: somebody may have changed them in the database."""
        while True:
            await asyncio.sleep(self._recheck_s)
            await self._recheck_some()

    async def _recheck_some(self) -> None:
        if not self._round:
            self._round.extend(self._operators)
        for _ in range(min(len(self._round), RECHECKS_PER_ROUND)):
            socket = self._round.popleft()
            if socket in self._operators:
                await self._recheck(socket)

    async def _recheck(self, socket: OperatorConnection) -> None:
        try:
            await socket.recheck()
        except UnavailableError:
            pass  # the database will be back, and nobody's role changes meanwhile
        except Exception:  # noqa: BLE001 - the loop of the sweeper: the next ones still can be checked
            _log.exception("a session could not be checked")
