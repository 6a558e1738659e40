"""Fan-out by python-socketio on uvicorn over WebSockets: a room."""

from __future__ import annotations

import sys

import socketio
import uvicorn

# The load does not answer engine.io's own pings.
sio = socketio.AsyncServer(async_mode="asgi", transports=["websocket"], ping_interval=600)


@sio.event
async def connect(sid: str, environ: dict[str, str]) -> None:
    if "post" not in environ["QUERY_STRING"]:
        await sio.enter_room(sid, "room")


@sio.event
async def post(sid: str, text: str) -> None:
    await sio.emit("posted", text, room="room")


app = socketio.ASGIApp(sio)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", ws_per_message_deflate=False)
