from __future__ import annotations

import asyncio

import pytest
from tornado.websocket import WebSocketHandler, websocket_connect

from handlers.sockets.frames import PING, payload_of, text_frame
from tests.support.raw_socket import served

SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_gives_back_its_payload(size):
    payload = b"x" * size
    assert payload_of(text_frame(payload)) == payload


def test_the_header_is_the_shortest_that_the_rfc_allows():
    heads = {size: len(text_frame(b"x" * size)) - size for size in SIZES}
    assert heads == {0: 2, 1: 2, 125: 2, 126: 4, 127: 4, 65_535: 4, 65_536: 10, 200_000: 10}


async def test_another_client_reads_them_all():
    class Greeter(WebSocketHandler):
        def open(self) -> None:
            assert self.ws_connection
            stream = self.ws_connection.stream
            assert stream
            for size in SIZES:
                stream.write(text_frame(("é" * (size // 2)).encode()))
                stream.write(PING)

    async with served(Greeter) as port:
        client = await websocket_connect(f"ws://127.0.0.1:{port}/")
        for size in SIZES:
            assert await asyncio.wait_for(client.read_message(), 5) == "é" * (size // 2)
        client.close()
