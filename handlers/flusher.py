"""Sends what peers have queued, once per turn of the loop: ten frames in one write cost as much as one."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from actors.ports import Frame

PEERS_PER_TURN = 500
"""Peers sent to before the loop may do something else: 5 ms at 10 µs each."""

_log = logging.getLogger(__name__)


class Flushable(Protocol):
    """What has something to send."""

    def flush(self) -> None:
        """Send it."""
        ...


class Flusher:
    """Shared by all peers of a process. On the loop only."""

    def __init__(self) -> None:
        self._waiting: list[Flushable] = []
        self._joined: tuple[list[Frame], bytes, int] = ([], b"", 0)

    def add(self, peer: Flushable) -> None:
        """Have a peer flushed soon; it sees to it that it is added once."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append(peer)

    def joined(self, frames: list[Frame]) -> tuple[bytes, int]:
        """The frames in one piece, and the size of the largest.

        The subscribers of a room have the same frames queued, one peer like the next: of those who get a
        burst of 20 only the first has to join them, which is a twelfth of what a burst costs.
        """
        known, piece, largest = self._joined
        if frames != known:
            piece, largest = b"".join(frames), max(map(len, frames))
            self._joined = frames, piece, largest
        return piece, largest

    def _flush(self) -> None:
        turn, self._waiting = self._waiting[:PEERS_PER_TURN], self._waiting[PEERS_PER_TURN:]
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        for peer in turn:
            try:
                peer.flush()
            except Exception:  # noqa: BLE001 - one peer's trouble is not the next one's
                _log.exception("a peer could not be sent to")
        self._joined = ([], b"", 0)
