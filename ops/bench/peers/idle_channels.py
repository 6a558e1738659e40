"""A conversation for each visitor, in memory: Django Channels, a group each, on uvicorn."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

import django
import uvicorn
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
    SECRET_KEY="a benchmark's",
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 - needs the settings
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - the same
from django.urls import path  # noqa: E402 - the same

conversations: dict[str, list[dict[str, Any]]] = {}


class Visitor(AsyncWebsocketConsumer):
    """One visitor's socket."""

    async def receive(self, text_data: str) -> None:  # type: ignore[override]
        frame = json.loads(text_data)
        if frame["type"] == "hello":
            await self.hello(frame)
        elif frame["type"] == "message":
            await self.post(frame)

    async def hello(self, frame: dict[str, Any]) -> None:
        self.token = frame["token"] if frame["token"] in conversations else f"t{len(conversations) + 1}"
        entries = conversations.setdefault(self.token, [])
        await self.channel_layer.group_add(self.token, self.channel_name)
        ready = {
            "type": "ready",
            "token": self.token,
            "seq": len(entries),
            "entries": entries[frame["after"] :],
        }
        await self.send(json.dumps(ready))

    async def post(self, frame: dict[str, Any]) -> None:
        entries = conversations[self.token]
        made = {
            "seq": len(entries) + 1,
            "role": "user",
            "text": frame["text"],
            "created_at": datetime.now(UTC).isoformat(),
        }
        entries.append(made)
        await self.channel_layer.group_send(self.token, {"type": "posted", "entry": made})
        await self.send(json.dumps({"type": "ack", "client_id": frame["client_id"], "seq": made["seq"]}))

    async def posted(self, event: dict[str, Any]) -> None:
        await self.send(json.dumps({"type": "posted", "entry": event["entry"]}))

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "token"):
            await self.channel_layer.group_discard(self.token, self.channel_name)


application = ProtocolTypeRouter({"websocket": URLRouter([path("", Visitor.as_asgi())])})
uvicorn.run(
    application,
    host="127.0.0.1",
    port=int(sys.argv[1]),
    backlog=4096,
    log_level="error",
    lifespan="off",
    ws_per_message_deflate=False,
)
