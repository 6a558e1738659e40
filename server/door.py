"""Lets connections in, a few at a time."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterable

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

LET_IN_PER_TURN = 4
"""Connections accepted before the loop may do something else.

Tornado accepts 128, whose handshakes then keep the loop for 80 ms, and a message on its way through the loop
meets that several times over. Those who wait do so in the kernel's backlog and get in no later, as the loop
comes round more often.
"""

WAIT_S = 1.0
"""How long the door is shut when the system has no more files for connections."""

_log = logging.getLogger(__name__)


class Door:
    """Listens on sockets for a server, from `open` to `close`."""

    def __init__(self, server: HTTPServer, sockets: Iterable[socket.socket], max_buffer_bytes: int) -> None:
        self._server = server
        self._sockets = tuple(sockets)
        self._max_buffer_bytes = max_buffer_bytes
        self._loop = asyncio.get_running_loop()
        self._closed = False

    def open(self) -> None:
        """Begin to let connections in."""
        for listening in self._sockets:
            listening.setblocking(False)
            self._listen(listening)

    def close(self) -> None:
        """Let nobody in any more; who is inside stays."""
        self._closed = True
        for listening in self._sockets:
            self._loop.remove_reader(listening)
            listening.close()

    def _let_in(self, listening: socket.socket) -> None:
        for _ in range(LET_IN_PER_TURN):
            try:
                connection, address = listening.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:  # out of files, most likely: those inside go on
                _log.warning("nobody is let in for %.0f s: %s", WAIT_S, error)
                self._wait(listening)
                return
            stream = IOStream(connection, max_buffer_size=self._max_buffer_bytes)
            self._server.handle_stream(stream, address)  # pyright: ignore[reportUnknownMemberType]

    def _listen(self, listening: socket.socket) -> None:
        if not self._closed:
            self._loop.add_reader(listening, self._let_in, listening)

    def _wait(self, listening: socket.socket) -> None:
        self._loop.remove_reader(listening)
        self._loop.call_later(WAIT_S, self._listen, listening)
