"""A real HTTP receiver for tests: Tornado on a free port, answering as it is told."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from tests.support.smtp_peer import tls_context


@dataclass
class Request:
    """A request as it arrived; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpPeer:
    """What a receiver got. `answer` writes the response."""

    port: int = 0
    tls: bool = False
    requests: list[Request] = field(default_factory=list)
    answer: Callable[[RequestHandler], Awaitable[None] | None] = lambda handler: handler.set_status(204)

    @property
    def url(self) -> str:
        """Its address."""
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}"


class _Handler(RequestHandler):
    def initialize(self, peer: HttpPeer) -> None:
        self.peer = peer

    async def post(self) -> None:
        headers = {name.lower(): value for name, value in self.request.headers.get_all()}
        self.peer.requests.append(Request(self.request.path, headers, self.request.body))
        answered: Any = self.peer.answer(self)
        if answered is not None:
            await answered


@asynccontextmanager
async def http_peer(*, tls: bool = False) -> AsyncGenerator[HttpPeer, None]:
    """A receiver of POSTs at any path."""
    peer = HttpPeer(tls=tls)
    server = HTTPServer(
        Application([(r"/.*", _Handler, {"peer": peer})]), ssl_options=tls_context() if tls else None
    )
    socket, peer.port = bind_unused_port()
    server.add_socket(socket)
    try:
        yield peer
    finally:
        server.stop()
        await server.close_all_connections()
