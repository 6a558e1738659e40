"""Fan-out by picows on uvloop: `send` to each."""

from __future__ import annotations

import sys

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server

room: set[WSTransport] = set()


class Subscriber(WSListener):
    def on_ws_connected(self, transport: WSTransport) -> None:
        room.add(transport)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        room.discard(transport)


class Poster(WSListener):
    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        text = frame.get_payload_as_bytes()
        for subscriber in list(room):
            subscriber.send(WSMsgType.TEXT, text)


def listener(request: WSUpgradeRequest) -> WSListener:
    return Poster() if request.path == b"/post" else Subscriber()


async def main(port: int) -> None:
    server = await ws_create_server(listener, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


uvloop.run(main(int(sys.argv[1])))
