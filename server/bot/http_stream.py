"""A POST whose answer is read piece by piece, and that ends at once when nobody wants it any more.

Tornado's AsyncHTTPClient cannot be told to stop: a cancelled fetch goes on until its time is over, and the
model with it. Here the connection is ours, and closing it is the cancellation.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator
from typing import TypeAlias
from urllib.parse import urlsplit

from tornado import httputil
from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters
from tornado.iostream import IOStream, StreamClosedError
from tornado.tcpclient import TCPClient

MAX_ERROR_BYTES = 2_000
_MAX_BODY = 64 * 1024 * 1024
_OK = 200

_Received: TypeAlias = bytes | Exception | None


class HttpError(Exception):
    """The other side cannot be reached, refused, or broke off."""


async def post_stream(url: str, headers: dict[str, str], body: bytes) -> AsyncGenerator[bytes, None]:
    """The pieces of a 200 answer's body, as they come. Closing the generator closes the connection.

    Redirects are not followed.

    Raises:
        HttpError: no connection, another status, or an answer that broke off.
    """
    stream = await _connected(url)
    received: asyncio.Queue[_Received] = asyncio.Queue()
    connection = HTTP1Connection(stream, True, HTTP1ConnectionParameters(max_body_size=_MAX_BODY))
    reading: asyncio.Task[None] | None = None
    try:
        await connection.write_headers(*_request(url, headers, body), chunk=body)
        reading = asyncio.create_task(_read(connection, received))
        while (piece := await received.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece
    except StreamClosedError as error:
        raise HttpError("the connection broke off") from error
    finally:
        stream.close()
        if reading:
            await asyncio.wait([reading])


async def _connected(url: str) -> IOStream:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        return await TCPClient().connect(
            parts.hostname or "",
            parts.port or (443 if secure else 80),
            ssl_options=ssl.create_default_context() if secure else None,
        )
    except (OSError, StreamClosedError) as error:
        raise HttpError(f"{parts.netloc} cannot be reached: {error}") from error


def _request(
    url: str, headers: dict[str, str], body: bytes
) -> tuple[httputil.RequestStartLine, httputil.HTTPHeaders]:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fields = {
        "Host": parts.netloc.rpartition("@")[2],
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    return httputil.RequestStartLine("POST", path, "HTTP/1.1"), httputil.HTTPHeaders(fields | headers)


async def _read(connection: HTTP1Connection, received: asyncio.Queue[_Received]) -> None:
    delegate = _Delegate(received)
    try:
        await connection.read_response(delegate)
    except Exception as error:  # noqa: BLE001 - handed to whoever reads the pieces
        received.put_nowait(HttpError(str(error)))
    delegate.end()


class _Delegate(httputil.HTTPMessageDelegate):
    """Puts what is received into the queue: pieces, then None at the regular end or an error."""

    def __init__(self, received: asyncio.Queue[_Received]) -> None:
        self._received = received
        self._status = 0
        self._refusal = b""
        self._finished = False

    def headers_received(
        self,
        start_line: httputil.RequestStartLine | httputil.ResponseStartLine,
        headers: httputil.HTTPHeaders,  # noqa: ARG002 - Tornado's signature
    ) -> None:
        self._status = start_line.code if isinstance(start_line, httputil.ResponseStartLine) else 0

    def data_received(self, chunk: bytes) -> None:
        if self._status == _OK:
            self._received.put_nowait(chunk)
        elif len(self._refusal) < MAX_ERROR_BYTES:
            self._refusal += chunk[:MAX_ERROR_BYTES]

    def finish(self) -> None:
        self._finished = True

    def end(self) -> None:
        if self._finished and self._status == _OK:
            self._received.put_nowait(None)
        elif self._status not in (0, _OK):
            said = " ".join(self._refusal.decode("utf-8", "replace").split())
            self._received.put_nowait(HttpError(f"HTTP {self._status}: {said[:300]}"))
        else:
            self._received.put_nowait(HttpError("the connection broke off"))
