"""Opens peers: the quick kind, or the plain one when so configured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from actors.ports import Deliver, Peer, deliver_one_by_one
from handlers.sockets.flusher import Flusher
from handlers.sockets.peer import WebSocketPeer
from handlers.sockets.peer_limits import PeerLimits
from handlers.sockets.plain_peer import PlainPeer

if TYPE_CHECKING:
    from tornado.websocket import WebSocketHandler


class SocketPeer(Peer, Protocol):
    """A peer as its handler and the heartbeat know it."""

    def cut(self, code: int, reason: str) -> None:
        """Close at once, without waiting for what is queued."""
        ...

    def release(self) -> None:
        """Let go of everything; for the handler's `on_close`."""
        ...


class Peers:
    """Makes a peer of each connection that opens.

    Args:
        fast: whether frames go straight to the socket (`BATON_FAST_FANOUT`).
        limits: when a subscriber is too slow.
    """

    def __init__(self, *, fast: bool = True, limits: PeerLimits | None = None) -> None:
        self._fast = fast
        self._limits = limits or PeerLimits()
        self._flusher = Flusher()
        self.deliver: Deliver = self._flusher.deliver if fast else deliver_one_by_one
        """How a frame goes to many of them."""

    def open(self, handler: WebSocketHandler) -> SocketPeer:
        """The connection's peer; to be called first in the handler's `open()`."""
        if self._fast:
            return WebSocketPeer(handler, self._flusher, self._limits)
        return PlainPeer(handler, self._limits)
