"""Thousands of WebSocket clients in one thread: bare sockets, epoll, and just enough of the protocol.

A client sends its hello once it is connected, keeps what its server tells it of its place, and answers pings.
What is sent is masked with zeros, which is allowed and costs nothing.
"""

from __future__ import annotations

import json
import select
import socket
import time
from bisect import insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_SHORT, _MEDIUM = 126, 127
_HEAD = 2
_ADDRESSES = (
    5_000  # connections from one address: its 28,000 ports are also held for a while by those that were cut
)
_PORT_LATER = 24  # IP_BIND_ADDRESS_NO_PORT, of Linux: looked for among so many at `bind` a port took 0.7 ms


def masked(opcode: int, payload: bytes) -> bytes:
    """A client's frame."""
    size = len(payload)
    head = bytes([0x80 | opcode])
    head += bytes([0x80 | size]) if size < _SHORT else bytes([0x80 | _SHORT]) + size.to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


@dataclass(slots=True, eq=False)
class Client:
    """One of the crowd. `memory` is for its user, who is told of each frame."""

    number: int
    memory: Frame = field(default_factory=dict[str, Any])
    sock: socket.socket | None = None
    due_at: float = 0.0
    upgraded: bool = False
    data: bytes = b""

    def send(self, frame: Frame | str) -> None:
        """Send a text."""
        text = frame if isinstance(frame, str) else json.dumps(frame)
        if self.sock is not None:
            self.sock.sendall(masked(_TEXT, text.encode()))


def _latest_first(client: Client) -> float:
    return -client.due_at


class Crowd:
    """Drives its clients: `run` until something is so.

    Args:
        port: where the server is.
        path: what is asked for.
        upgraded: told when a client's connection stands.
        heard: told each text a client gets.
    """

    def __init__(
        self,
        port: int,
        path: str,
        upgraded: Callable[[Client], None],
        heard: Callable[[Client, str], None],
    ) -> None:
        self._port = port
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
        self._upgraded = upgraded
        self._heard = heard
        self._poll = select.epoll()
        self._by_fd: dict[int, Client] = {}
        self._coming: list[Client] = []
        self.refused = 0
        """Connections that were closed before they stood."""
        self.longest_s = 0.0
        """The longest time between two looks at what has come: so much a wait may be the crowd's own."""

    def come(self, clients: Iterable[Client]) -> None:
        """Let these connect, each when it is `due_at` (monotonic seconds)."""
        self._coming.extend(clients)
        self._coming.sort(key=_latest_first)

    def cut(self, clients: Iterable[Client]) -> None:
        """Hang up without a word."""
        for client in clients:
            self._drop(client)

    def run(self, until: Callable[[], bool], within_s: float, at_once: int = 512) -> bool:
        """Drive all until it is so; gives whether it came to be. `at_once` are connecting at most."""
        end = time.monotonic() + within_s
        connecting = [client for client in self._by_fd.values() if not client.upgraded]
        self._connecting = len(connecting)
        heard = time.monotonic()
        while not until():
            now = time.monotonic()
            if now > end:
                return False
            while self._coming and self._coming[-1].due_at <= now and self._connecting < at_once:
                self._connect(self._coming.pop())
            self.longest_s = max(self.longest_s, time.monotonic() - heard)
            came = self._poll.poll(0.02, 4096)
            heard = time.monotonic()
            for fd, events in came:
                client = self._by_fd.get(fd)
                if client is not None:
                    self._serve(client, events)
        return True

    def _connect(self, client: Client) -> None:
        sock = socket.socket()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.IPPROTO_IP, _PORT_LATER, 1)
        sock.bind((f"127.0.0.{2 + client.number // _ADDRESSES}", 0))
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", self._port))
        client.sock, client.upgraded, client.data = sock, False, b""
        self._connecting += 1
        self._by_fd[sock.fileno()] = client
        self._poll.register(sock, select.EPOLLOUT)

    def _serve(self, client: Client, events: int) -> None:
        sock = client.sock
        if sock is None:
            return
        try:
            if events & select.EPOLLOUT:
                sock.sendall(self._request)
                self._poll.modify(sock, select.EPOLLIN)
                return
            data = sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._again(client)
            return
        client.data += data
        if not client.upgraded:
            head, found, rest = client.data.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise RuntimeError(f"refused: {head[:200]!r}")
            client.upgraded, client.data = True, rest
            self._connecting -= 1
            self._upgraded(client)
        self._frames(client)

    def _again(self, client: Client) -> None:
        """The server hung up: come back a second later."""
        self.refused += not client.upgraded
        self._drop(client)
        client.due_at = time.monotonic() + 1
        insort(self._coming, client, key=_latest_first)

    def _drop(self, client: Client) -> None:
        sock = client.sock
        if sock is None:
            return
        if not client.upgraded:
            self._connecting -= 1
        self._by_fd.pop(sock.fileno(), None)
        sock.close()
        client.sock, client.upgraded, client.data = None, False, b""

    def _frames(self, client: Client) -> None:
        data, at = client.data, 0
        while len(data) - at >= _HEAD:
            opcode, size, start = data[at] & 15, data[at + 1], at + 2
            if size == _SHORT:
                size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif size == _MEDIUM:
                size, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if len(data) < start + size:
                break
            payload, at = data[start : start + size], start + size
            if opcode == _TEXT:
                self._heard(client, payload.decode())
            elif opcode == _PING and client.sock is not None:
                client.sock.sendall(masked(_PONG, payload))
            elif opcode == _CLOSE:
                raise RuntimeError(f"closed with {int.from_bytes(payload[:2], 'big')}")
        client.data = data[at:]
