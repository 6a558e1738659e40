"""The load of the chat: visitors who write, one message at a time each, and operators who read along.

One thread over epoll, which counts when each message was sent, acknowledged, and delivered to each of the two
operators who look at its conversation.
"""

from __future__ import annotations

import re
import select
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ops.bench.chat_wire import Wire
from ops.bench.spread import percentile

TEXT = "How soon will it be here, and what does the express delivery cost me? " * 5
TEXT = TEXT[:300]
"""Without a wish for a person or a contact, so that it is a message and nothing else."""

WATCHERS = 2
_CLIENT_ID = re.compile(rb'"client_id": ?"m(\d+)"')


@dataclass
class Party:
    """Everybody who is connected. `post` makes the frame of a visitor's message from its client id."""

    visitors: list[Wire]
    operators: list[Wire]
    post: Callable[[int], bytes]
    ping: bytes | None = None
    """What a client must send now and then to stay connected."""
    answers: tuple[bytes, bytes] | None = None
    """A text that asks whether we are there, and what we answer."""

    def close(self) -> None:
        """All go."""
        for wire in (*self.visitors, *self.operators):
            wire.close()


@dataclass
class Message:
    """One of them. Instants are of `time.perf_counter`; `due` is when it should have been sent."""

    due: float
    visitor: int
    acked: float = 0.0
    delivered: list[float] = field(default_factory=list[float])

    @property
    def complete(self) -> bool:
        """Acknowledged, and with both operators."""
        return self.acked > 0 and len(self.delivered) >= WATCHERS


@dataclass
class Window:
    """What was seen between two instants."""

    seconds: float
    acks: list[float]
    deliveries: list[float]
    unfinished: int = 0

    def metrics(self) -> dict[str, float]:
        """Messages each second, and latencies in ms."""
        found = {"per_s": len(self.acks) / self.seconds}
        for name, waits in (("ack", self.acks), ("delivery", self.deliveries)):
            for percent in (50, 99):
                found[f"{name}_p{percent}_ms"] = 1000 * percentile(waits, percent) if waits else float("nan")
        return found


class Load:
    """Drives a party."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._epoll = select.epoll()
        self._wires: dict[int, tuple[Wire, bool]] = {}
        for wires, is_operator in ((party.visitors, False), (party.operators, True)):
            for wire in wires:
                self._wires[wire.sock.fileno()] = (wire, is_operator)
                self._epoll.register(wire.sock, select.EPOLLIN)
        self._messages: list[Message] = []
        self._free = deque(range(len(party.visitors)))
        self._under_way = 0
        self._writing = False
        self._backlog: deque[float] = deque()

    @property
    def acked(self) -> int:
        """Messages acknowledged so far."""
        return sum(message.acked > 0 for message in self._messages)

    def closed_loop(
        self, writers: int, settle_s: float, seconds: float, at: Callable[[], None], drain_s: float
    ) -> Window:
        """`writers` at a time write, wait for the ack, write again: each time the visitor who rested longest.

        `at` is called when the window begins and when it ends.
        """
        first = len(self._messages)
        self._writing = True
        for _ in range(writers):
            self._post(time.perf_counter())
        self._run(settle_s)
        at()
        began = time.perf_counter()
        self._run(seconds)
        at()
        ended = time.perf_counter()
        self._writing = False
        self._drain(drain_s)
        return _window(self._messages[first:], began, ended, by_due=False)

    def open_loop(
        self, per_s: float, settle_s: float, seconds: float, at: Callable[[], None], drain_s: float
    ) -> Window:
        """Visitors write at a steady rate, however long the acks take; each waits for its own."""
        first = len(self._messages)
        start = time.perf_counter()
        began, until = start + settle_s, start + settle_s + seconds
        due, begun = start, False
        while due < until:
            now = time.perf_counter()
            if now >= began and not begun:
                begun = True
                at()
            while due <= now and due < until:
                self._post(due)
                due += 1 / per_s
            self._poll(min(due, until) - time.perf_counter())
        at()
        self._drain(drain_s)
        return _window(self._messages[first:], began, until, by_due=True)

    def rest(self, seconds: float) -> None:
        """Let time pass; what the clients must send to stay is sent."""
        if self._party.ping is not None:
            for wire, _ in self._wires.values():
                wire.send(self._party.ping)
        self._run(seconds)

    def _run(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._poll(left)

    def _drain(self, within_s: float) -> None:
        until = time.perf_counter() + within_s
        while self._under_way and (left := until - time.perf_counter()) > 0:
            self._poll(left)

    def _poll(self, within_s: float) -> None:
        for fd, _ in self._epoll.poll(max(0.0, within_s), 256):
            wire, is_operator = self._wires[fd]
            texts = wire.read()
            now = time.perf_counter()
            for text in texts:
                self._hear(wire, text, is_operator, now)

    def _hear(self, wire: Wire, text: bytes, is_operator: bool, now: float) -> None:
        head = text[:48]
        if b"message.posted" in head:
            if is_operator:
                message = self._messages[_number(text)]
                message.delivered.append(now)
                self._under_way -= message.complete
        elif b"message.ack" in head or head.startswith(b"43"):
            message = self._messages[_number(text)]
            message.acked = now
            self._under_way -= message.complete
            self._free.append(message.visitor)
            if self._backlog:
                self._post(self._backlog.popleft())
            elif self._writing:
                self._post(now)
        elif self._party.answers and text == self._party.answers[0]:
            wire.send(self._party.answers[1])
        elif b'"error"' in head:
            raise RuntimeError(text.decode())

    def _post(self, due: float) -> None:
        if not self._free:
            self._backlog.append(due)
            return
        visitor = self._free.popleft()
        self._messages.append(Message(due, visitor))
        self._under_way += 1
        self._party.visitors[visitor].send(self._party.post(len(self._messages) - 1))


def _number(text: bytes) -> int:
    found = _CLIENT_ID.search(text)
    if found is None:
        raise RuntimeError(f"not one of our messages: {text!r}")
    return int(found[1])


def _window(messages: Sequence[Message], began: float, ended: float, *, by_due: bool) -> Window:
    seen = [m for m in messages if m.acked and began <= (m.due if by_due else m.acked) < ended]
    return Window(
        ended - began,
        [message.acked - message.due for message in seen],
        [at - message.due for message in seen for at in message.delivered],
        sum(not message.complete for message in messages),
    )
