"""A peer over a WebSocket, on the quick road: prebuilt frames, straight to the socket.

`write_message` to each of 500 subscribers costs 42 µs apiece, a prebuilt frame through `stream.write` 22, and
straight to the socket 10: Tornado makes a future and looks after its buffer for every write, though nearly
always the kernel takes all at once. The road needs `ws_connection.stream`, which Tornado does not document;
so it stays in this module, and `handlers.sockets.plain_peer` does without.

Between two sends to one subscriber the kernel has gone through much memory, and what they touch is no longer
in the caches. So a send touches the peer and its bound `send`, not handler, stream, buffer and socket.
"""

from __future__ import annotations

import asyncio
import socket
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from tornado.httputil import HTTPHeaders
from tornado.iostream import IOStream, SSLIOStream, StreamBufferFullError, StreamClosedError

from handlers.sockets.peer_limits import SLOW, PeerLimits
from handlers.sockets.protocol import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tornado.websocket import WebSocketHandler

    from actors.ports import Frame
    from handlers.sockets.flusher import Flusher

_PIECE = 1 << 16  # what is written through the stream is written in pieces, to see it being taken

_UNSENT = 1 << 17
"""Bytes the kernel may hold unsent. It would take 2.5 MB, and call a client stuck that is only slow: it says
that there is room when a third of them is gone."""


class WebSocketPeer:
    """`actors.ports.Peer` over an open connection. It alone may write to it.

    Frames queue until the flusher's turn, then go out in one write. What the kernel does not take is left to
    the stream, and what comes meanwhile waits behind. While less waits than the limit, one more frame is let
    in, whatever its size: a long conversation must open on a slow line too.

    `send` queues a frame; a subscriber that is too far behind is closed with 4008 instead. How depends on how
    things stand: the first of a turn signs up with the flusher, the second makes a queue, others are the
    list's own `append` (30 ns against 130), and behind a busy stream each counts.

    Args:
        handler: in its `open()`; without compression, which would need frames of its own.
        flusher: the process's.
        limits: when the subscriber is too slow.
    """

    __slots__ = (
        "_flusher",
        "_had",
        "_handler",
        "_large",
        "_left",
        "_limits",
        "_only",
        "_progress_at",
        "_put",
        "_queue",
        "_queued",
        "_stream",
        "_to_kernel",
        "_told",
        "_unsure",
        "_watch",
        "closed",
        "ready",
    )

    _put: Any
    """`(frame) -> None`; typed as a function it would be taken for a method."""

    ready: Any
    """The kernel's `send`, while nothing waits to be sent here or by the stream; or None."""

    def __init__(self, handler: WebSocketHandler, flusher: Flusher, limits: PeerLimits) -> None:
        if handler.get_compression_options() is not None:
            raise ValueError("shared frames and compression exclude each other")
        self.closed = False
        """Whether nothing can be sent any more."""
        self._handler: WebSocketHandler | None = handler
        self._put = self._begin
        self._flusher = flusher
        self._limits = limits
        self._stream = _stream_of(handler)
        self._stream.max_write_buffer_size = limits.buffered
        self._to_kernel = _send_of(self._stream)
        self.ready = None
        self._had = 0  # of the room's frames, how many are in the queue
        self._unsure = True
        """Whether the stream may have something to write: then it is asked before the kernel is."""
        self._only: Frame | None = None
        """What is queued, while it is one frame."""
        self._queue: list[Frame] = []
        """What is queued, when it is more."""
        self._queued = 0  # bytes in the queue, of what waits behind the stream
        self._left = 0  # bytes that the stream has, and the kernel not yet
        self._large = 0  # bytes of a frame over the limit, which count for nothing
        self._progress_at = 0.0
        self._watch: asyncio.TimerHandle | None = None
        handler.set_nodelay(True)
        _bound_kernel(self._stream)
        protocol = handler.ws_connection
        self._told = isinstance(protocol, Protocol)
        if isinstance(protocol, Protocol):
            protocol.wrote = self._stream_written

    def send(self, frame: Frame) -> None:
        """Queue a frame, after what a room has been sent that this peer is in."""
        if self._flusher.frames:
            self._take_from_room()
        self._put(frame)

    def receive(self, frames: Sequence[Frame]) -> None:
        """`handlers.sockets.flusher.Flushable`: queue them, but for those that are queued already."""
        for frame in frames[self._had :]:
            self._put(frame)
        self._had = 0

    def flush(self) -> None:
        """Send what is queued, unless the stream still has some of what went before."""
        frame = self._only
        if frame is not None:
            self._only = None
            self._write(frame, len(frame))
        elif self._queue and not self._left:
            self._send_queue()

    def _take_from_room(self) -> None:
        if self._had or self._flusher.is_in_room(self):
            frames = self._flusher.frames
            self.receive(frames)
            self._had = len(frames)

    def _begin(self, frame: Frame) -> None:
        self.ready = None
        if self._only is None:
            self._only = frame
            self._flusher.add(self)
        else:
            self._queue += (self._only, frame)
            self._only = None
            self._put = self._queue.append

    def _wait(self, frame: Frame) -> None:
        """Queue behind what the stream has, if the bound leaves room for one more."""
        if self._queued + self._left > self._limits.buffered + self._large:
            self._end(SLOW, "slow")
        else:
            self._queue.append(frame)
            self._queued += len(frame)

    def _send_queue(self) -> None:
        frames, self._queue = self._queue, []
        self._put = self._begin
        self._write(b"".join(frames), max(map(len, frames)))

    def close(self, code: int, reason: str) -> None:
        """Close after what is queued. A client that does not answer within 5 s is cut off by Tornado."""
        if self.closed or self._handler is None:
            return
        if self._flusher.frames:
            self._take_from_room()
        if self._only is not None:
            self.flush()
        elif self._queue:
            self._send_queue()
        self._end(code, reason)

    def cut(self, code: int, reason: str) -> None:
        """Close at once: the code goes out if the kernel takes it now, and the connection is gone."""
        self._end(code, reason)
        self._stream.close()

    def release(self) -> None:
        """Let go of everything; for the handler's `on_close`."""
        self._hear_no_more()
        self._handler = None
        if self._watch is not None:
            self._watch.cancel()

    def _hear_no_more(self) -> None:
        self.closed = True
        self.ready = None
        self._put = _nothing
        self._only = None
        self._queue.clear()

    def _end(self, code: int, reason: str) -> None:
        self._hear_no_more()
        if self._handler is not None:
            try:
                self._handler.close(code, reason)
            except StreamBufferFullError:
                self._stream.close()

    def _write(self, data: bytes, largest: int) -> None:
        sent = 0
        if self._to_kernel is not None and not (self._unsure and self._stream_writes()):
            try:
                sent = self._to_kernel(data)
            except BlockingIOError:
                pass
            except OSError as error:
                self.lose(error)
                return
            if sent == len(data):
                # What it has of the room's is sent; the rest of it comes by `receive`.
                self.ready = None if self._unsure or self._had else self._to_kernel
                return
        self.left(data, sent, largest)

    def _stream_writes(self) -> bool:
        writing = self._stream.writing()
        self._unsure = writing or not self._told
        return writing

    def _stream_written(self) -> None:
        self._unsure = True
        self.ready = None

    def lose(self, error: OSError | None = None) -> None:
        """The connection is gone."""
        self._hear_no_more()
        self._stream.close(exc_info=error or False)

    def left(self, data: bytes, sent: int, largest: int) -> None:
        """Leave to the stream what the kernel has not taken: all of it, or a pong might cut a frame."""
        rest = memoryview(data)[sent:]
        self.ready, self._unsure = None, True
        self._large = largest if largest > self._limits.buffered else 0
        self._stream.max_write_buffer_size = self._left + len(rest) + self._limits.buffered
        try:
            for start in range(0, len(rest), _PIECE):
                piece = rest[start : start + _PIECE]
                taken = self._stream.write(piece)
                if not taken.done():
                    self._left += len(piece)
                    taken.add_done_callback(partial(self._taken, len(piece)))
        except (StreamClosedError, StreamBufferFullError):
            self.lose()
            return
        if self._left - largest > self._limits.buffered:
            self._end(SLOW, "slow")
        elif self._left:
            self._put, self._queued = self._wait, 0
            self._watch_progress()

    def _taken(self, size: int, taken: asyncio.Future[None]) -> None:
        if taken.exception() is not None or self.closed:
            return
        self._progress_at = time.monotonic()
        self._left -= size
        if not self._left and self._queue:
            self._send_queue()
        elif not self._left:
            self._put = self._begin

    def _watch_progress(self) -> None:
        self._progress_at = time.monotonic()
        if self._watch is None:
            self._watch_again(self._limits.stalled_s)

    def _watch_again(self, delay_s: float) -> None:
        self._watch = asyncio.get_running_loop().call_later(delay_s, self._check_progress)

    def _check_progress(self) -> None:
        self._watch = None
        if self.closed or not self._left:
            return
        left_s = self._progress_at + self._limits.stalled_s - time.monotonic()
        if left_s > 0:
            self._watch_again(left_s)
        else:
            self._end(SLOW, "slow")


def _nothing(frame: Frame) -> None:
    """What is sent to one that is closed."""
    del frame


def _stream_of(handler: WebSocketHandler) -> IOStream:
    """The connection's stream, by Tornado's inside.

    Raises:
        RuntimeError: Tornado has changed; `BATON_FAST_FANOUT=off` serves until this module is mended.
    """
    stream = getattr(handler.ws_connection, "stream", None)
    if not isinstance(stream, IOStream):
        raise RuntimeError("Tornado keeps its stream elsewhere now; set BATON_FAST_FANOUT=off")  # noqa: TRY004
    return stream


def _send_of(stream: IOStream) -> Callable[[bytes], int] | None:
    """The socket's own `send`; none where a connection has to be encrypted first."""
    if isinstance(stream, SSLIOStream) or stream.socket is None:
        return None
    return stream.socket.send


def _bound_kernel(stream: IOStream) -> None:
    if stream.socket is not None and hasattr(socket, "TCP_NOTSENT_LOWAT"):
        stream.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)


def forget_request(handler: WebSocketHandler) -> None:
    """Free what an open socket needs no more: headers both ways, cookies, arguments. 3 of its 17 kB.

    Take what you need from them first. `remote_ip`, `path`, `uri` and `method` stay.
    """
    request = handler.request
    for headers in (request.headers, handler._headers):  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        HTTPHeaders.__init__(headers)  # emptied where they are: Tornado's connection holds on to them
    request.arguments = request.query_arguments = request.body_arguments = {}
    request.body = b""
    request.files = {}
    request.query = ""
    vars(request).pop("_cookies", None)
