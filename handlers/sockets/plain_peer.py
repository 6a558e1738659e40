"""A peer over a WebSocket by Tornado's public API alone: four times slower, for when its inside has moved."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from tornado.iostream import StreamBufferFullError
from tornado.websocket import WebSocketClosedError

from handlers.sockets.frames import PING, payload_of
from handlers.sockets.peer_limits import SLOW, PeerLimits

if TYPE_CHECKING:
    from tornado.websocket import WebSocketHandler

    from actors.ports import Frame


class PlainPeer:
    """`actors.ports.Peer` over an open connection, with the bounds of `handlers.sockets.peer.WebSocketPeer`.

    Args:
        handler: in its `open()`.
        limits: when the subscriber is too slow.
    """

    def __init__(self, handler: WebSocketHandler, limits: PeerLimits) -> None:
        self._handler: WebSocketHandler | None = handler
        self._limits = limits
        self._left = 0
        self._large = 0  # bytes of a frame over the limit, which count for nothing
        self._watch: asyncio.TimerHandle | None = None
        handler.set_nodelay(True)

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._handler is None or self._handler.ws_connection is None

    def send(self, frame: Frame) -> None:
        """Send a frame; a subscriber that is too far behind is closed with 4008 instead."""
        handler = self._handler
        if handler is None or handler.ws_connection is None:
            return
        if self._left > self._limits.buffered + self._large:
            self.close(SLOW, "slow")
            return
        try:
            if frame is PING:
                handler.ping()
            else:
                self._send_text(handler, frame)
        except WebSocketClosedError:
            self.release()

    def close(self, code: int, reason: str) -> None:
        """Close after what was sent. A client that does not answer within 5 s is cut off by Tornado."""
        if self._handler is None:
            return
        handler = self._handler
        self.release()
        try:
            handler.close(code, reason)
        except StreamBufferFullError:
            handler.on_connection_close()

    def cut(self, code: int, reason: str) -> None:
        """The same: there is no public way to be quicker."""
        self.close(code, reason)

    def release(self) -> None:
        """Let go of everything; for the handler's `on_close`."""
        self._handler = None
        self._stop_watching()

    def _send_text(self, handler: WebSocketHandler, frame: Frame) -> None:
        sent = handler.write_message(payload_of(frame))
        self._left += len(frame)
        self._large = max(self._large, len(frame) if len(frame) > self._limits.buffered else 0)
        sent.add_done_callback(partial(self._taken, len(frame)))
        if self._watch is None:
            self._watch_progress()

    def _taken(self, size: int, sent: asyncio.Future[None]) -> None:
        if sent.cancelled() or sent.exception() is not None:
            return
        self._left -= size
        if size == self._large:
            self._large = 0
        self._stop_watching()
        if self._left and self._handler is not None:
            self._watch_progress()

    def _watch_progress(self) -> None:
        loop = asyncio.get_running_loop()
        self._watch = loop.call_later(self._limits.stalled_s, self.close, SLOW, "slow")

    def _stop_watching(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
