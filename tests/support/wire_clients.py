"""A visitor and an operator as programs: what they send, all they are sent, and waiting for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

Frame = dict[str, Any]
WITHIN_S = 15.0


class Socket:
    """A WebSocket whose frames are kept in `frames`, in the order they came."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self._connection: WebSocketClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self.closed = False

    async def open(self, request: HTTPRequest) -> None:
        """Connect, in the place of an earlier connection if there is one."""
        await self.close()
        self._connection = await websocket_connect(request)
        self.closed = False
        self._reader = asyncio.create_task(self._read(self._connection))

    async def send(self, frame: Frame | str | bytes) -> None:
        """Send a frame, or raw text."""
        assert self._connection is not None
        text = json.dumps(frame) if isinstance(frame, dict) else frame
        await self._connection.write_message(text, binary=isinstance(text, bytes))

    async def wait(self, wanted: Callable[[Frame], bool] | str, within_s: float = WITHIN_S) -> Frame:
        """Wait for a frame, by its type or a test of it; frames that came before count."""
        test = (lambda frame: frame["type"] == wanted) if isinstance(wanted, str) else wanted
        async with asyncio.timeout(within_s), self._news:
            while True:
                for frame in self.frames:
                    if test(frame):
                        return frame
                assert not self.closed, f"closed with {self.close_code} while waiting"
                await self._news.wait()

    async def ask(self, frame: Frame, answer: str) -> Frame:
        """Send a frame with a `ref`, and wait for its answer or error."""
        ref = f"r{len(self.frames)}-{id(frame)}"
        await self.send({**frame, "ref": ref})
        got = await self.wait(lambda f: f.get("ref") == ref)
        assert got["type"] == answer, got
        return got

    async def until_closed(self, within_s: float = WITHIN_S) -> int | None:
        """Wait for the end; gives the close code."""
        async with asyncio.timeout(within_s), self._news:
            while not self.closed:
                await self._news.wait()
        return self.close_code

    @property
    def close_code(self) -> int | None:
        """Why it was closed."""
        assert self._connection is not None
        return self._connection.close_code

    def of_type(self, kind: str) -> list[Frame]:
        """All frames of a type."""
        return [frame for frame in self.frames if frame["type"] == kind]

    async def close(self) -> None:
        """Disconnect."""
        if self._connection is not None:
            self._connection.close()
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self, connection: WebSocketClientConnection) -> None:
        while (message := await connection.read_message()) is not None:
            async with self._news:
                self.frames.append(json.loads(message))
                self._news.notify_all()
        async with self._news:
            self.closed = True
            self._news.notify_all()


class VisitorClient(Socket):
    """A visitor of a workspace's site, who comes back with the same token."""

    def __init__(self, url: str, key: str = "demo") -> None:
        super().__init__()
        self._url = f"{url.replace('http', 'ws', 1)}/ws/visitor?key={key}"
        self.token: str | None = None
        self.conversation_id = ""
        self.page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
        self.time_zone = ""
        self.entries: dict[int, Frame] = {}

    async def hello(self, after: int = 0) -> Frame:
        """Connect and say hello."""
        await self.open(HTTPRequest(self._url, headers={"Origin": "https://shop.example"}))
        seen = len(self.frames)
        told = {"after": after, "page": self.page, "time_zone": self.time_zone}
        await self.send({"type": "hello", "token": self.token, **told})
        ready = await self.wait(lambda f: f["type"] == "ready" and f in self.frames[seen:])
        self.token, self.conversation_id = ready["token"], ready["conversation_id"]
        return ready

    async def post(self, text: str, client_id: str) -> Frame:
        """Write a message; gives the ack."""
        await self.send({"type": "message.post", "client_id": client_id, "text": text})
        return await self.wait(lambda f: f["type"] == "message.ack" and f["client_id"] == client_id)

    async def bot_answer(self, after_seq: int) -> Frame:
        """Wait for the bot's next message after `after_seq`."""
        frame = await self.wait(
            lambda f: (
                f["type"] == "message.posted" and f["seq"] > after_seq and f["message"]["role"] == "assistant"
            )
        )
        return frame["message"]


class OperatorClient(Socket):
    """A member of the team: a cookie session for HTTP, and a socket."""

    within_s = 30.0
    """How long an answer may take."""

    def __init__(self, url: str, email: str, password: str = "baton-demo") -> None:
        super().__init__()
        self._url = url
        self._email = email
        self._password = password
        self._cookies: dict[str, str] = {}

    @classmethod
    def with_session(cls, url: str, token: str) -> OperatorClient:
        """Someone who is signed in already."""
        client = cls(url, "")
        client._cookies = {"baton_session": token}
        return client

    async def sign_in(self) -> Frame:
        """Sign in."""
        response = await self.http("POST", "/login", {"email": self._email, "password": self._password})
        assert response.code == 200, response.body
        return json.loads(response.body)

    async def connect(self) -> None:
        """Open the operators' socket."""
        request = HTTPRequest(
            f"{self._url.replace('http', 'ws', 1)}/ws/operator",
            headers={"Origin": self._url, "Cookie": self._cookie},
        )
        await self.open(request)

    async def subscribe(self, conversation_id: str, after: int = 0) -> Frame:
        """Look at a conversation."""
        frame = {"type": "subscribe", "channel": f"conversation.{conversation_id}", "after": after}
        return await self.ask(frame, "subscribed")

    async def http(self, method: str, path: str, body: object = None, **headers: str) -> HTTPResponse:
        """Send a request as the console does; never raises for a status."""
        return await self.raw(method, path, None if body is None else json.dumps(body).encode(), **headers)

    async def raw(self, method: str, path: str, body: bytes | None, **headers: str) -> HTTPResponse:
        """The same, with a body as it is."""
        given = {"Accept": "application/json", "Content-Type": "application/json", **headers}
        if self._cookies:
            self._cookies.setdefault("_xsrf", "0" * 32)
            given["Cookie"] = self._cookie
            given["X-XSRFToken"] = self._cookies["_xsrf"]
        response = await AsyncHTTPClient().fetch(
            HTTPRequest(
                f"{self._url}{path}",
                method=method,
                headers=given,
                body=body,
                allow_nonstandard_methods=True,
                follow_redirects=False,
                request_timeout=self.within_s,
            ),
            raise_error=False,
        )
        for cookie in response.headers.get_list("Set-Cookie"):
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return response

    async def act(self, conversation_id: str, verb: str, body: Frame | None = None) -> tuple[int, Frame]:
        """Claim, release or reply; gives the status and the answer."""
        response = await self.http("POST", f"/app/conversations/{conversation_id}/{verb}", body or {})
        return response.code, json.loads(response.body or "{}")

    @property
    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())
