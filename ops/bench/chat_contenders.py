"""Who takes part in the chat benchmark: how each is started, and how its visitors and operators connect."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path

from ops.bench.baton_desk import Desk, desk
from ops.bench.chat_load import TEXT, WATCHERS, Party
from ops.bench.chat_wire import Wire, open_wires
from ops.bench.harness import BATON
from ops.bench.http_wire import HttpWire
from ops.bench.kit import PEERS, node_peers, python_peers, system_program
from ops.bench.processes import SERVER_CORE, Child, free_port
from server.store.engine_files import address_of

CHANNELS = "Django Channels"
SOCKETIO = "socket.io"
TUNED = "socket.io without retryable writes"
CEILING = "(the load's ceiling)"
MESSAGES = {BATON: ("baton", "messages"), **dict.fromkeys((CHANNELS, SOCKETIO, TUNED), ("chat", "messages"))}
"""Where each keeps its messages."""

_GROUP = 50
"""Conversations that a pair of operators looks at: a socket takes no more, and nobody looks at more."""

_HTTP_AT_ONCE = 50
_PINGED_EACH = 4 * _HTTP_AT_ONCE
_PING = b'{"type":"ping"}'


@dataclass(frozen=True)
class Running:
    """A server with everybody connected."""

    server: Child
    party: Party


@dataclass(frozen=True)
class Contender:
    """Starts a server on the engine at a port, in a folder, with so many visitors."""

    name: str
    start: Callable[[int, Path, int], AbstractContextManager[Running]]
    prepare: Callable[[], object] = lambda: None
    """Installs what it needs, or raises `MissingError`."""


@contextmanager
def _baton(engine_port: int, folder: Path, count: int) -> Generator[Running]:
    """Every conversation is claimed, so that a person holds it and the bot is silent."""
    pairs = -(-count // _GROUP)
    with desk(engine_port, folder, pairs * WATCHERS) as running:
        visitors, conversations = running.visitors(count)
        _claim_all(running, conversations, visitors)
        operators: list[Wire] = []
        for number, session in enumerate(running.sessions):
            operator = running.operator(session)
            start = number // WATCHERS * _GROUP
            for conversation in conversations[start : start + _GROUP]:
                channel = f"conversation.{conversation}"
                operator.send(f'{{"type":"subscribe","channel":"{channel}","after":1}}'.encode())
            for _ in conversations[start : start + _GROUP]:
                operator.wait(lambda text: b'"subscribed"' in text)
            operators.append(operator)
            if number % 10 == 0:
                _show_life((*visitors, *operators))
        party = Party(visitors, operators, _post_json, ping=_PING)
        try:
            yield Running(running.server, party)
        finally:
            party.close()


def _show_life(wires: Iterable[Wire]) -> None:
    """Ping: who is silent for half a minute is taken for gone."""
    for wire in wires:
        wire.send(_PING)


def _claim_all(running: Desk, conversations: list[str], visitors: list[Wire]) -> None:
    wires = [HttpWire(running.port) for _ in range(min(_HTTP_AT_ONCE, len(conversations)))]
    for start in range(0, len(conversations), len(wires)):
        if start % _PINGED_EACH == 0:
            _show_life(visitors)
        some = conversations[start : start + len(wires)]
        for number, (wire, conversation) in enumerate(zip(wires, some, strict=False), start):
            running.claim(wire, conversation, running.sessions[number // _GROUP * WATCHERS])
        for wire in wires[: len(some)]:
            status, body = wire.answer()
            if status != HTTPStatus.OK:
                raise RuntimeError(f"a claim was answered {status}: {body[:200]!r}")
    for wire in wires:
        wire.close()


def _plain(engine_port: int) -> str:
    """As one writes it down: with the drivers' defaults."""
    return f"mongodb://127.0.0.1:{engine_port}/?directConnection=true"


@contextmanager
def _channels(engine_port: int, folder: Path, count: int) -> Generator[Running]:
    port = free_port()
    command = [str(python_peers()), str(PEERS / "chat_channels.py"), str(port), _plain(engine_port)]
    with Child(command, core=SERVER_CORE, log=folder / "channels.log") as server:
        server.wait_for_port(port)
        visitors = open_wires(port, [f"/visitor/c{number}" for number in range(count)])
        operators = open_wires(port, ["/operator"] * _operators(count))
        for operator, named in zip(operators, _watched(count), strict=True):
            operator.send(f'{{"conversations":[{named}]}}'.encode())
            operator.wait(lambda text: b'"subscribed"' in text)
        party = Party(visitors, operators, _post_json)
        try:
            yield Running(server, party)
        finally:
            party.close()


@contextmanager
def _socketio(
    engine_port: int, folder: Path, count: int, address: Callable[[int], str] = _plain
) -> Generator[Running]:
    port = free_port()
    command = [
        system_program("node"),
        str(node_peers() / "chat_socketio.mjs"),
        str(port),
        address(engine_port),
    ]
    with Child(command, core=SERVER_CORE, log=folder / "socketio.log") as server:
        server.wait_for_port(port)
        path = "/socket.io/?EIO=4&transport=websocket"
        visitors = open_wires(port, [f"{path}&conversation=c{number}" for number in range(count)])
        operators = open_wires(port, [path] * _operators(count))
        for wire in (*visitors, *operators):
            wire.send(b"40")
        for wire in (*visitors, *operators):
            wire.wait(lambda text: text.startswith(b"40"))
        for operator, named in zip(operators, _watched(count), strict=True):
            operator.send(f'420["subscribe",[{named}]]'.encode())
            operator.wait(lambda text: text.startswith(b"430"))
        party = Party(visitors, operators, _post_event, answers=(b"2", b"3"))
        try:
            yield Running(server, party)
        finally:
            party.close()


@contextmanager
def _ceiling(_engine_port: int, folder: Path, count: int) -> Generator[Running]:
    """A server that keeps nothing: what the load itself can do."""
    port = free_port()
    command = [system_program("node"), str(node_peers() / "chat_nothing.mjs"), str(port)]
    with Child(command, core=SERVER_CORE, log=folder / "nothing.log") as server:
        server.wait_for_port(port)
        operators = open_wires(port, ["/operator"] * WATCHERS)
        visitors = open_wires(port, [f"/visitor/c{number}" for number in range(count)])
        party = Party(visitors, operators, _post_json)
        try:
            yield Running(server, party)
        finally:
            party.close()


def _operators(count: int) -> int:
    return WATCHERS * -(-count // _GROUP)


def _watched(count: int) -> list[str]:
    """The conversations of each operator, as JSON has them."""
    groups = [range(start, min(start + _GROUP, count)) for start in range(0, count, _GROUP)]
    return [",".join(f'"c{number}"' for number in group) for group in groups for _ in range(WATCHERS)]


def _post_json(number: int) -> bytes:
    return f'{{"type":"message.post","client_id":"m{number}","text":"{TEXT}"}}'.encode()


def _post_event(number: int) -> bytes:
    return f'42{number}["message.post",{{"client_id":"m{number}","text":"{TEXT}"}}]'.encode()


def _node() -> None:
    system_program("node")
    node_peers()


CONTENDERS = (
    Contender(BATON, _baton),
    Contender(CHANNELS, _channels, python_peers),
    Contender(SOCKETIO, _socketio, _node),
    Contender(TUNED, partial(_socketio, address=address_of), _node),
    Contender(CEILING, _ceiling, _node),
)
