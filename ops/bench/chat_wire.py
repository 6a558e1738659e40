"""WebSockets for a load generator: raw sockets and frames by hand, microseconds a message."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Sequence

_MASKED = 0x80
_NO_MASK = b"\0\0\0\0"  # a mask of zeros is a mask, and leaves the payload as it is
_LENGTH_16, _LENGTH_64 = 126, 127
_PING = 0x9
_CLOSE = 0x8
_WITHIN_S = 30.0


class WireError(Exception):
    """The server closed, or refused a handshake."""


def text_frame(payload: bytes, opcode: int = 1) -> bytes:
    """A frame of a client."""
    size = len(payload)
    if size < _LENGTH_16:
        head = struct.pack("!BB", 0x80 | opcode, _MASKED | size)
    else:
        head = struct.pack("!BBH", 0x80 | opcode, _MASKED | _LENGTH_16, size)
    return head + _NO_MASK + payload


class Wire:
    """A connection. Reading waits, unless a poll has said that there is something."""

    def __init__(self, port: int) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), _WITHIN_S)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._got = b""
        self._read: list[bytes] = []  # by `wait`, and not yet asked for

    def ask(self, port: int, path: str, headers: str = "") -> None:
        """Send the handshake."""
        self.sock.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
            f"{headers}\r\n".encode()
        )

    def answered(self) -> None:
        """Read the handshake's answer. Raises WireError."""
        while b"\r\n\r\n" not in self._got:
            self._receive()
        head, _, self._got = self._got.partition(b"\r\n\r\n")
        if b" 101 " not in head[:20]:
            raise WireError(head[:200].decode("latin-1"))

    def send(self, payload: bytes) -> None:
        """Send a text."""
        self.sock.sendall(text_frame(payload))

    def read(self) -> list[bytes]:
        """Receive once; gives the texts that are complete. Pings are answered."""
        self._receive()
        return self._texts()

    def wait(self, wanted: Callable[[bytes], bool]) -> bytes:
        """Read until a text is as wanted; those before it are dropped. Raises WireError for an error."""
        while True:
            if not self._read:
                self._read = self._texts() or self.read()
            while self._read:
                text = self._read.pop(0)
                if wanted(text):
                    return text
                if b'"type":"error"' in text:
                    raise WireError(text.decode())

    def close(self) -> None:
        """Hang up."""
        self.sock.close()

    def _receive(self) -> None:
        got = self.sock.recv(1 << 18)
        if not got:
            raise WireError("the server hung up")
        self._got += got

    def _texts(self) -> list[bytes]:
        got, at, texts = self._got, 0, list[bytes]()
        while len(got) - at >= 2:  # noqa: PLR2004 - a frame's shortest head
            size, start = got[at + 1] & 0x7F, at + 2
            if size == _LENGTH_16:
                size, start = int.from_bytes(got[at + 2 : at + 4]), at + 4
            elif size == _LENGTH_64:
                size, start = int.from_bytes(got[at + 2 : at + 10]), at + 10
            if len(got) < start + size:
                break
            payload, opcode = got[start : start + size], got[at] & 0xF
            at = start + size
            if opcode == _PING:
                self.sock.sendall(text_frame(payload, 0xA))
            elif opcode == _CLOSE:
                raise WireError(f"closed: {payload!r}")
            else:
                texts.append(payload)
        self._got = got[at:]
        return texts


def open_wires(port: int, paths: Sequence[str], headers: str = "") -> list[Wire]:
    """Connections, all asked for before any is waited for."""
    wires: list[Wire] = []
    for path in paths:
        wire = Wire(port)
        wire.ask(port, path, headers)
        wires.append(wire)
    for wire in wires:
        wire.answered()
    return wires
