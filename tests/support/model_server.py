"""A language model that is none: a real HTTP server that streams what a test tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Play = Callable[["Exchange"], Awaitable[None]]


@dataclass
class Exchange:
    """One request, and the socket to answer it on."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    writer: asyncio.StreamWriter
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def head(self, status: str = "200 OK", content_type: str = "text/event-stream") -> None:
        lines = (f"HTTP/1.1 {status}", f"Content-Type: {content_type}", "Transfer-Encoding: chunked", "", "")
        await self.raw("\r\n".join(lines).encode())

    async def chunk(self, data: bytes) -> None:
        await self.raw(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def token(self, text: str) -> None:
        event = {"id": "1", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
        await self.chunk(f"data: {json.dumps(event)}\n\n".encode())

    async def end(self) -> None:
        await self.chunk(b"data: [DONE]\n\n")
        await self.raw(b"0\r\n\r\n")

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


class ModelServer:
    """Plays `play` for each request; keeps the exchanges."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.exchanges: list[Exchange] = []
        self.url = ""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        exchange = Exchange(first.split()[1], headers, json.loads(body), writer)
        self.exchanges.append(exchange)
        watching = asyncio.create_task(self._watch(reader, exchange))
        try:
            await self.play(exchange)
        except ConnectionError:
            pass
        finally:
            watching.cancel()
            writer.close()

    async def _watch(self, reader: asyncio.StreamReader, exchange: Exchange) -> None:
        await reader.read()
        exchange.hung_up.set()


@asynccontextmanager
async def model_server(play: Play) -> AsyncGenerator[ModelServer, None]:
    """A server on a free port of 127.0.0.1, gone at the end."""
    model = ModelServer(play)
    server = await asyncio.start_server(model.handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    model.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield model
    finally:
        server.close()
        await server.wait_closed()
