"""Fan-out by Django Channels on uvicorn: a group of the in-memory layer."""

from __future__ import annotations

import sys

import django
import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

settings.configure(
    SECRET_KEY="of the benchmark alone",
    CHANNEL_LAYERS={
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 100_000}}
    },
)
django.setup()


class Subscriber(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("room", self.channel_name)

    async def posted(self, event: dict[str, str]) -> None:
        await self.send(text_data=event["text"])


class Poster(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send("room", {"type": "posted", "text": text_data})


app = ProtocolTypeRouter(
    {"websocket": URLRouter([path("post", Poster.as_asgi()), path("", Subscriber.as_asgi())])}
)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", ws_per_message_deflate=False)
