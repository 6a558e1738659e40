"""Who takes part in the fan-out benchmark: how each server is started, and how it is spoken to."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ops.bench import baton_edge
from ops.bench.harness import BATON, HERE
from ops.bench.kit import PEERS, c_program, node_peers, python_peers, system_program
from ops.bench.loader import End, Speech

PAYLOAD = 240
"""Bytes of each delivery's text, with what the server puts around it."""

CEILING = "(the load's ceiling)"
UWS = "uWebSockets.js"
NCHAN = "nginx nchan"
TORNADO = "Tornado write_message"


@dataclass(frozen=True)
class Contender:
    """A server. `command` makes its command line for a port, or raises `MissingError`."""

    name: str
    command: Callable[[int], list[str]]
    speech: Speech


def _text(around: int) -> str:
    return "%08d" + "x" * (PAYLOAD - around - 8)


def _plain(name: str, command: Callable[[int], list[str]]) -> Contender:
    return Contender(name, command, Speech(End("/"), End("/post"), _text(0)))


def _socketio(name: str, command: Callable[[int], list[str]]) -> Contender:
    around = len('42["posted",""]')
    # After the upgrade come engine.io's own frame and, to the `40` that asks for it, socket.io's.
    opened = {"first": "40", "ready": 2}
    path = "/socket.io/?EIO=4&transport=websocket"
    template = f'42["post","{_text(around)}"]'
    return Contender(name, command, Speech(End(path, **opened), End(f"{path}&post=1", **opened), template))


def _baton() -> Contender:
    cookie = f"Cookie: baton_session={baton_edge.TOKEN}\r\n"
    subscribe = '{"type":"subscribe","channel":"conversation.c1","after":1}'
    hello = f'{{"type":"hello","token":"{baton_edge.TOKEN}","after":1}}'
    post = '{"type":"message.post","client_id":"p%08d","text":"How soon will it be here?"}'
    return Contender(
        BATON,
        lambda port: [sys.executable, "-m", "ops.bench.baton_edge", str(port)],
        Speech(
            End("/ws/operator", cookie, subscribe, ready=1),
            End("/ws/visitor?key=demo", "", hello, ready=1),
            post,
        ),
    )


def _node(script: str) -> Callable[[int], list[str]]:
    return lambda port: [system_program("node"), str(node_peers() / script), str(port)]


def _python(script: str) -> Callable[[int], list[str]]:
    return lambda port: [str(python_peers()), str(PEERS / script), str(port)]


def _nchan(port: int) -> list[str]:
    nginx = system_program("nginx")
    folder = Path(tempfile.mkdtemp(prefix="baton-bench-"))
    config = folder / "nginx.conf"
    config.write_text((PEERS / "nchan.conf").read_text("utf-8").replace("PORT", str(port)), "utf-8")
    return [nginx, "-p", str(folder), "-c", str(config)]


def _ceiling(port: int) -> list[str]:
    return [str(c_program(HERE / "load" / "sender.c")), str(port), str(PAYLOAD)]


FANOUT = (
    _baton(),
    _plain(UWS, _node("uws.mjs")),
    _plain(NCHAN, _nchan),
    _plain("picows", _python("picows_app.py")),
    _plain("Node ws", _node("ws.mjs")),
    _socketio("socket.io", _node("socketio.mjs")),
    _socketio("python-socketio", _python("socketio_app.py")),
    _plain("Starlette on uvicorn", _python("starlette_app.py")),
    _plain("Django Channels", _python("channels_app.py")),
    _plain(TORNADO, lambda port: [sys.executable, str(PEERS / "tornado_plain.py"), str(port)]),
    _plain(CEILING, _ceiling),
)
