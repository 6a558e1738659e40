"""How the servers of row 3 are spoken to, and what is kept of what they say."""

from __future__ import annotations

import json
import time
from typing import Any, Protocol

from ops.bench.crowd import Client

Frame = dict[str, Any]


class Speech(Protocol):
    """A server's language. `ready` counts answers to hello, `gaps` those that were not what follows."""

    ready: int
    gaps: int
    latencies: list[float]

    def upgraded(self, client: Client) -> None:
        """Its connection stands: say hello."""
        ...

    def heard(self, client: Client, text: str) -> None:
        """It was sent this."""
        ...

    def post(self, client: Client, text: str) -> None:
        """Let it write."""
        ...

    def settled(self, client: Client) -> bool:
        """Whether all it wrote is acknowledged."""
        ...


class _Books:
    """What is kept of every client: its token, the seq it has, and when its message left."""

    def __init__(self) -> None:
        self.ready = self.gaps = 0
        self.latencies: list[float] = []

    def _hello(self, client: Client) -> Frame:
        # Of what it has, it says to lack the last: each must be sent something, and just that.
        seq = client.memory.get("seq", 0)
        client.memory["after"] = max(0, seq - 1)
        return {"token": client.memory.get("token"), "after": client.memory["after"]}

    def _welcome(self, client: Client, frame: Frame) -> None:
        self.ready += 1
        memory = client.memory
        seqs = [entry["seq"] for entry in frame["entries"]]
        whole = seqs == list(range(memory["after"] + 1, frame["seq"] + 1))
        same = frame["seq"] >= memory.get("seq", 0) and frame["token"] == memory.get("token", frame["token"])
        self.gaps += not (whole and same)
        memory["token"], memory["seq"] = frame["token"], frame["seq"]

    def _acked(self, client: Client, seq: int) -> None:
        self.latencies.append(time.monotonic() - client.memory.pop("sent_at"))
        client.memory["seq"] = max(seq, client.memory["seq"])

    def _posted(self, client: Client, seq: int) -> None:
        client.memory["seq"] = max(seq, client.memory["seq"])

    def _sent(self, client: Client) -> str:
        client.memory["sent_at"] = time.monotonic()
        client.memory["count"] = client.memory.get("count", 0) + 1
        return f"c{client.number}-{client.memory['count']}"

    def settled(self, client: Client) -> bool:
        """Whether all it wrote is acknowledged."""
        return "sent_at" not in client.memory


class BatonSpeech(_Books):
    """The frames of ops/PROTOCOL.md."""

    def upgraded(self, client: Client) -> None:
        """Say hello."""
        client.send({"type": "hello", **self._hello(client)})

    def heard(self, client: Client, text: str) -> None:
        """It was sent this."""
        frame = json.loads(text)
        match frame["type"]:
            case "ready":
                self._welcome(client, frame)
            case "message.ack":
                self._acked(client, frame["seq"])
            case "message.posted":
                self._posted(client, frame["seq"])
            case "error":
                raise RuntimeError(f"refused: {frame}")
            case _:
                pass

    def post(self, client: Client, text: str) -> None:
        """Let it write."""
        client.send({"type": "message.post", "client_id": self._sent(client), "text": text})


class SocketIoSpeech(_Books):
    """Engine.IO 4 around Socket.IO 5: `0` open, `40` connect, `42[…]` an event, `2` and `3` ping and pong."""

    def upgraded(self, client: Client) -> None:
        """Wait: the server opens."""

    def heard(self, client: Client, text: str) -> None:
        """It was sent this."""
        if text.startswith("0"):
            client.send("40")
        elif text.startswith("40"):
            client.send("42" + json.dumps(["hello", self._hello(client)]))
        elif text == "2":
            client.send("3")
        elif text.startswith("42"):
            event, frame = json.loads(text[2:])
            if event == "ready":
                self._welcome(client, frame)
            elif event == "ack":
                self._acked(client, frame["seq"])
            else:
                self._posted(client, frame["seq"])

    def post(self, client: Client, text: str) -> None:
        """Let it write."""
        client.send("42" + json.dumps(["message", {"client_id": self._sent(client), "text": text}]))


class ChannelsSpeech(_Books):
    """JSON frames of the peer's own."""

    def upgraded(self, client: Client) -> None:
        """Say hello."""
        client.send({"type": "hello", **self._hello(client)})

    def heard(self, client: Client, text: str) -> None:
        """It was sent this."""
        frame = json.loads(text)
        if frame["type"] == "ready":
            self._welcome(client, frame)
        elif frame["type"] == "ack":
            self._acked(client, frame["seq"])
        else:
            self._posted(client, frame["entry"]["seq"])

    def post(self, client: Client, text: str) -> None:
        """Let it write."""
        client.send({"type": "message", "client_id": self._sent(client), "text": text})
