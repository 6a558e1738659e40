"""Fan-out by plain Tornado: `write_message` to each."""

from __future__ import annotations

import asyncio
import sys

from tornado.web import Application
from tornado.websocket import WebSocketClosedError, WebSocketHandler


class Subscriber(WebSocketHandler):
    room: set[Subscriber] = set()

    def open(self) -> None:
        self.set_nodelay(True)
        self.room.add(self)

    def on_close(self) -> None:
        self.room.discard(self)


class Poster(WebSocketHandler):
    def on_message(self, message: str | bytes) -> None:
        for subscriber in list(Subscriber.room):
            try:
                subscriber.write_message(message)
            except WebSocketClosedError:
                Subscriber.room.discard(subscriber)


async def main(port: int) -> None:
    Application([("/post", Poster), ("/", Subscriber)]).listen(port, "127.0.0.1", backlog=4096)
    await asyncio.Event().wait()


asyncio.run(main(int(sys.argv[1])))
