"""The chat by Django Channels on uvicorn: a consumer each, a group a conversation, one insert a message."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import django
import uvicorn
from bson import ObjectId
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path
from pymongo import AsyncMongoClient
from pymongo.write_concern import WriteConcern

# The layer in memory is the quickest there is. Its capacity of 100 would drop messages.
settings.configure(
    SECRET_KEY="of the benchmark alone",
    CHANNEL_LAYERS={
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 100_000}}
    },
)
django.setup()

client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(sys.argv[2])
messages = client["chat"].get_collection("messages", write_concern=WriteConcern("majority", j=True))


class Participant(AsyncJsonWebsocketConsumer):
    async def message_posted(self, event: dict[str, Any]) -> None:
        await self.send_json({"type": "message.posted", "message": event["message"]})


class Visitor(Participant):
    async def connect(self) -> None:
        self.conversation = self.scope["url_route"]["kwargs"]["conversation"]
        await self.channel_layer.group_add(self.conversation, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.conversation, self.channel_name)

    async def receive_json(self, content: dict[str, Any], **_: Any) -> None:
        message = {
            "_id": ObjectId(),
            "conversation_id": self.conversation,
            "role": "user",
            "text": content["text"],
            "client_id": content["client_id"],
            "created_at": datetime.now(UTC),
        }
        await messages.insert_one(message)
        shown = {**message, "_id": str(message["_id"]), "created_at": message["created_at"].isoformat()}
        await self.send_json({"type": "message.ack", "client_id": content["client_id"], "id": shown["_id"]})
        await self.channel_layer.group_send(self.conversation, {"type": "message.posted", "message": shown})


class Operator(Participant):
    async def receive_json(self, content: dict[str, Any], **_: Any) -> None:
        for conversation in content["conversations"]:
            await self.channel_layer.group_add(conversation, self.channel_name)
        await self.send_json({"type": "subscribed"})


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await messages.create_index([("conversation_id", 1), ("created_at", 1)])
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await sockets(scope, receive, send)


sockets = ProtocolTypeRouter(
    {
        "websocket": URLRouter(
            [path("visitor/<str:conversation>", Visitor.as_asgi()), path("operator", Operator.as_asgi())]
        )
    }
)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", ws_per_message_deflate=False)
