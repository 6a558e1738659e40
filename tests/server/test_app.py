from __future__ import annotations

import asyncio
import contextlib
import json

from tests.support.edge import running_edge


async def said(url: str, request: bytes) -> bytes:
    host, port = url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        async with asyncio.timeout(10):
            while piece := await reader.read(65_536):
                answer += piece
    writer.close()
    return answer


async def test_a_body_that_is_too_large_is_refused_and_says_so() -> None:
    async with running_edge() as edge:
        for size in (300_000, 4_000_000):
            head = f"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n"
            answer = await said(edge.url, head.encode() + b"x" * size)
            assert answer.startswith(b"HTTP/1.1 413 ")
            assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "too_large"
        # Before it is sent, too: who declares more than we would even drain hears it at once.
        head = "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"
        assert (await said(edge.url, head.encode())).startswith(b"HTTP/1.1 413 ")


async def test_large_headers_and_chunks_are_cut_off() -> None:
    async with running_edge() as edge:
        large = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n"
        assert b" 200 " not in await said(edge.url, large)
        chunked = b"POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        assert b" 200 " not in await said(edge.url, chunked + chunk * 5)


async def test_hostile_requests_end_in_an_answer() -> None:
    async with running_edge() as edge:
        for request in (
            b"\r\n\r\n\r\n",
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
            b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            b"GET /app HTTP/1.1\r\nHost: a b<script>\r\nConnection: close\r\n\r\n",
            b"GET /login HTTP/1.1\r\nHost: x'; script-src *\r\nConnection: close\r\n\r\n",
            b"GET /ws/visitor?key=demo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        ):
            answer = await said(edge.url, request)
            assert b"Traceback" not in answer
            assert b"script-src *" not in answer
