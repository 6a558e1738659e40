"""A WebSocket client on a bare socket, which reads only when told to, and a server for it to talk to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import AsyncIterator
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application
from tornado.websocket import WebSocketHandler

CONTINUATION, TEXT, CLOSE, PING, PONG = 0x0, 0x1, 0x8, 0x9, 0xA


def masked(opcode: int, payload: bytes = b"", *, last: bool = True) -> bytes:
    """A short frame of a client; `last` of its message, or a piece that others follow."""
    mask = os.urandom(4)
    hidden = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return struct.pack("!BB", (0x80 if last else 0) | opcode, 0x80 | len(payload)) + mask + hidden


class RawSocket:
    """The client's end of an open WebSocket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = b""

    @classmethod
    async def connect(cls, port: int, path: str = "/", receive_buffer: int | None = None) -> RawSocket:
        """Shake hands; a small `receive_buffer` makes a client that can be stalled with little."""
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(sock, ("127.0.0.1", port))
        client = cls(sock)
        await loop.sock_sendall(
            sock,
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode(),
        )
        head = await client._until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        return client

    async def send(self, opcode: int, payload: bytes = b"") -> None:
        """Send a short frame, masked as a client must."""
        await self.send_raw(masked(opcode, payload))

    async def send_raw(self, data: bytes) -> None:
        """Send frames as they are, in one piece."""
        await asyncio.get_running_loop().sock_sendall(self._sock, data)

    async def frame(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload. Raises ConnectionError when there is none any more."""
        head = await self._take(2)
        assert head[0] & 0x70 == 0, "reserved bits"
        assert head[1] < 128, "a server masks nothing"
        size = head[1]
        if size == 126:
            (size,) = struct.unpack("!H", await self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self._take(8))
        return head[0] & 0x0F, await self._take(size)

    async def texts(self, count: int) -> list[bytes]:
        """The next text messages."""
        found: list[bytes] = []
        while len(found) < count:
            opcode, payload = await self.frame()
            if opcode == TEXT:
                found.append(payload)
        return found

    async def close_code(self) -> int:
        """Read to the close frame; its code."""
        while True:
            opcode, payload = await self.frame()
            if opcode == CLOSE:
                return int(struct.unpack("!H", payload[:2])[0])

    def close(self) -> None:
        """Hang up without a word."""
        self._sock.close()

    def reset(self) -> None:
        """Hang up with a TCP reset."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    async def _until(self, end: bytes) -> bytes:
        while end not in self._buffer:
            await self._read()
        head, self._buffer = self._buffer.split(end, 1)
        return head

    async def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            await self._read()
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        return taken

    async def _read(self) -> None:
        data = await asyncio.get_running_loop().sock_recv(self._sock, 1 << 18)
        if not data:
            raise ConnectionResetError("the server has closed")
        self._buffer += data


@contextlib.asynccontextmanager
async def served(handler: type[WebSocketHandler], **kwargs: Any) -> AsyncIterator[int]:
    """Serve one WebSocket handler at `/`; gives the port."""
    server = HTTPServer(Application([("/", handler, kwargs)]))
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    server.add_socket(listener)
    try:
        yield listener.getsockname()[1]
    finally:
        server.stop()
        await server.close_all_connections()
        listener.close()
