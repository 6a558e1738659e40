"""What the visitors' and the operators' sockets have in common."""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tornado.websocket import WebSocketHandler
from typing_extensions import override

from actors.errors import Code
from actors.speech import mark
from handlers.base import BaseHandler
from handlers.sockets.frames_in import MAX_FRAME_BYTES, FrameError, marks_of
from handlers.sockets.peer import forget_request
from handlers.sockets.protocol import BAD_FRAME, Protocol, ours
from handlers.sockets.wire import error, frame
from handlers.throttle import Bucket, Strikes, is_shared

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tornado.iostream import IOStream

    from handlers.shapes import Json
    from handlers.sockets.heartbeat import Pulse
    from handlers.sockets.peers import SocketPeer

NO_HELLO = 4001
NOT_SIGNED_IN = 4003
UNKNOWN_KEY = 4004
TOO_MANY = 4029

FRAMES_IN_A_ROW = 64
"""Frames of one connection that are handled before the loop may do something else, 5 ms at 80 µs each."""

TOO_FAST = mark("That was fast. Wait a moment.")


class BaseSocket(BaseHandler, WebSocketHandler):
    """A socket: counts it, bounds what comes in, hands each frame to `receive`."""

    # With more than thirty attributes beside these Python gives each a dictionary of 1.6 kB instead of 0.3.
    __slots__ = ("_counted", "_frames", "_in_a_row", "address", "peer", "pulse")

    peer: SocketPeer
    pulse: Pulse

    def receive(self, data: str) -> Awaitable[None] | None:
        """Handle a text frame; gives what is left to await. Raises FrameError, which answers an error."""
        raise NotImplementedError

    def gone(self) -> None:
        """The connection is over."""

    @override
    def set_default_headers(self) -> None:
        """None: the upgrade's answer has its own three, and a refusal gets the others then."""

    @override
    def write_error(self, status_code: int, **kwargs: Any) -> None:
        super().set_default_headers()
        super().write_error(status_code, **kwargs)

    @override
    def check_origin(self, origin: str) -> bool:
        del origin  # decided in `prepare`, where the workspace can be looked up
        return True

    @override
    def get_compression_options(self) -> dict[str, Any] | None:
        return None

    @override
    def get_websocket_protocol(self) -> Protocol | None:
        return ours(super().get_websocket_protocol())

    @override
    def _detach_stream(self) -> IOStream:
        """Tornado also gives each open socket seven attributes that forbid what it cannot do any more."""
        return self.detach()

    @override
    def open(self, *args: str, **kwargs: str) -> None:
        sockets, limits = self.services.sockets, self.services.config.limits
        self.address = self.client_ip
        self.peer = sockets.peers.open(self)
        self.pulse = sockets.heartbeat.watch(self.peer)
        self._in_a_row = 0
        self._frames = Bucket(limits.frame_burst, limits.frames_per_s)
        if isinstance(self.ws_connection, Protocol):
            self.ws_connection.too_many_pieces = self._too_many_pieces
        sockets.connections.add(self.peer)
        shared = is_shared(self.address)
        self._counted = not shared and sockets.connections.by_address.take(self.address)
        self.opened()
        forget_request(self)
        if not (self._counted or shared):
            self.peer.close(TOO_MANY, "too many connections")

    def opened(self) -> None:
        """The connection stands; what is needed of the request must be taken from it now."""

    @override
    def on_message(self, message: str | bytes) -> Awaitable[None] | None:
        """Handle a frame, at once where it needs nobody.

        So what a client sends in one piece is decided in one turn of the loop, and its events go out in one
        write each: a coroutine for every frame made bursts to 500 subscribers cost 7 µs a delivery, not 0.8.
        """
        self._heard()
        self._in_a_row = (self._in_a_row + 1) % FRAMES_IN_A_ROW
        later = self._take(message)
        return later if later or self._in_a_row else asyncio.sleep(0)

    def _take(self, message: str | bytes) -> Awaitable[None] | None:
        if self.peer.closed:
            return None
        if not _is_decent(message):
            self.peer.close(BAD_FRAME, "a frame must be text of at most 64 KiB")
            return None
        if not self._frames.take():
            ref, client_id = marks_of(str(message))
            self.strike(error(Code.TOO_MANY, TOO_FAST, ref=ref, client_id=client_id))
            return None
        try:
            later = self.receive(str(message))
        except FrameError as e:
            self._refuse(e)
            return None
        return self._finish(later) if later else None

    async def _finish(self, later: Awaitable[None]) -> None:
        try:
            await later
        except FrameError as e:
            self._refuse(e)

    @cached_property
    def _strikes(self) -> Strikes:
        """Made when it is needed: nearly nobody has any."""
        return Strikes(self.services.config.limits.abusive_frames)

    def _refuse(self, e: FrameError) -> None:
        self.strike(error(e.code, e.message, ref=e.ref, client_id=e.client_id))

    def strike(self, answer: Json) -> None:
        """Answer with an error; who collects too many is sent away."""
        if self._strikes.add():
            self.peer.close(TOO_MANY, "too many messages")
        else:
            self.push(answer)

    def push(self, shape: Json) -> None:
        """Send a frame."""
        self.peer.send(frame(shape))

    @override
    def on_ping(self, data: bytes) -> None:
        self._count_control()

    @override
    def on_pong(self, data: bytes) -> None:
        self._count_control()

    def _count_control(self) -> None:
        """Pings and pongs count as frames. Scripts don't see them, so an error would answer nobody."""
        self._heard()
        if not (self.peer.closed or self._frames.take()) and self._strikes.add():
            self.peer.close(TOO_MANY, "too many messages")

    def _heard(self) -> None:
        self.pulse.heard()
        # Who was sent away has nothing more to say: what comes in spite of it is soon cut off.
        if not self.peer.closed and isinstance(self.ws_connection, Protocol):
            self.ws_connection.unheard = 0

    def _too_many_pieces(self) -> None:
        self.peer.cut(BAD_FRAME, "a message in too many pieces")

    @override
    def on_close(self) -> None:
        connections = self.services.sockets.connections
        connections.drop(self.peer)
        if self._counted:
            connections.by_address.free(self.address)
        self.gone()
        self.pulse.stop()
        self.peer.release()


def _is_decent(message: str | bytes) -> bool:
    if isinstance(message, bytes) or len(message) > MAX_FRAME_BYTES:
        return False
    return message.isascii() or len(message.encode()) <= MAX_FRAME_BYTES
