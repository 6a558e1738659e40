"""Fan-out by Starlette on uvicorn: `send_text` to each, one after the other."""

from __future__ import annotations

import sys
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

room: set[WebSocket] = set()


async def subscribe(socket: WebSocket) -> None:
    await socket.accept()
    room.add(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        room.discard(socket)


async def post(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            text = await socket.receive_text()
            for subscriber in list(room):
                with suppress(WebSocketDisconnect):  # it left; its own handler sees to it
                    await subscriber.send_text(text)
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/post", post), WebSocketRoute("/", subscribe)])
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", ws_per_message_deflate=False)
