"""The WebSocket protocol of our sockets: Tornado's, with bounds of ours and their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tornado.websocket import WebSocketProtocol13
from typing_extensions import override

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import CoroutineType

BAD_FRAME = 4009
_TOO_BIG = 1009

MOST_PIECES = 64
"""Of one message: 1 KiB each for the largest. Browsers and proxies send a few, if any at all."""


class Protocol(WebSocketProtocol13):
    """Tells who asks of the frames that Tornado writes by itself: pongs, and the end of a connection.

    A class and not functions put into each connection's protocol: those made circles that only the garbage
    collector could free, 52 objects a connection, and with 8,000 visitors coming back it took half the time.
    """

    # Slots: one attribute more, and Python would give each protocol a dictionary of 1.6 kB instead of 0.3.
    __slots__ = ("too_many_pieces", "unheard", "wrote")
    wrote: Callable[[], None] | None
    """Called before each such frame."""
    too_many_pieces: Callable[[], None] | None
    """Called when more than `MOST_PIECES` frames came without the handler hearing of any."""
    unheard: int
    """Frames since the handler set this to 0, as it does for whatever it hears of and counts by itself.

    What it does not hear of are the pieces of a message that is not finished. Tornado bounds their bytes, but
    of empty ones it would read any number.
    """

    @override
    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Tornado closes with 1009 when it will not even read a frame; our clients know 4009."""
        super().close(BAD_FRAME if code == _TOO_BIG else code, reason)

    @override
    def _write_frame(self, fin: bool, opcode: int, data: bytes, flags: int = 0) -> asyncio.Future[None]:
        if self.wrote is not None:
            self.wrote()
        return super()._write_frame(fin, opcode, data, flags)

    @override
    def _receive_frame(self) -> CoroutineType[Any, Any, None]:
        self.unheard += 1
        if self.unheard == MOST_PIECES + 1 and self.too_many_pieces is not None:
            self.too_many_pieces()
        return super()._receive_frame()


def ours(protocol: Any) -> Protocol | None:
    """One of ours in place of what Tornado made, before it is used."""
    if not isinstance(protocol, WebSocketProtocol13):
        return None
    made = Protocol(protocol.handler, mask_outgoing=False, params=protocol.params)
    made.wrote = made.too_many_pieces = None
    made.unheard = 0
    return made
