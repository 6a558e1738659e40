"""A keep-alive HTTP connection for a load generator: one request at a time, by hand."""

from __future__ import annotations

import re
import socket

_LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)
_WITHIN_S = 60.0


class HttpWire:
    """A connection. Reading waits."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), _WITHIN_S)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._got = b""

    def ask(self, request: str) -> None:
        """Send a request."""
        self.sock.sendall(request.encode())

    def answer(self) -> tuple[int, bytes]:
        """Read its answer: status and body."""
        while (found := self.take()) is None:
            self.receive()
        return found

    def receive(self) -> None:
        """Read once."""
        got = self.sock.recv(1 << 16)
        if not got:
            raise ConnectionError("the server hung up")
        self._got += got

    def take(self) -> tuple[int, bytes] | None:
        """The answer, if all of it is here."""
        head, end, rest = self._got.partition(b"\r\n\r\n")
        if not end:
            return None
        length = _LENGTH.search(head)
        size = int(length[1]) if length else 0
        if len(rest) < size:
            return None
        self._got = rest[size:]
        return int(head.split(b" ", 2)[1]), rest[:size]

    def close(self) -> None:
        """Hang up."""
        self.sock.close()
