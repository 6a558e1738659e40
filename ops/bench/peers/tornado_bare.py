"""Handshakes by Tornado alone: a WebSocket handler that does nothing."""

from __future__ import annotations

import asyncio
import sys

from tornado.web import Application
from tornado.websocket import WebSocketHandler


class Nothing(WebSocketHandler):
    """Opens and closes."""


async def main(port: int) -> None:
    """Serve until ended."""
    Application([("/", Nothing)]).listen(port, "127.0.0.1", backlog=4096)
    await asyncio.Event().wait()


asyncio.run(main(int(sys.argv[1])))
