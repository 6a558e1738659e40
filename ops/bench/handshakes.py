"""Row 8: what a WebSocket's handshake costs.

    python -m ops.bench handshakes [--rounds N] [--quick]

Each connection is made anew: TCP, the upgrade, the 101, and the end; eight are under way at a time, from a
program on the other core. Baton's are those of `baton serve` with its embedded database: a visitor's, and an
operator's that brings the cookie of a session, which must be looked up.
"""

from __future__ import annotations

import os
import selectors
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ops.bench import kit
from ops.bench.baton_server import baton_server
from ops.bench.harness import BATON, Measure, Sample, Sheet, Target, options, rounds_of, save
from ops.bench.processes import LOAD_CORE, SERVER_CORE, Child, cpu_s, free_port

VISITOR, OPERATOR, TORNADO, WS = f"{BATON}: a visitor", f"{BATON}: a session", "bare Tornado", "Node ws"
CONNECTS, AT_ONCE = 2_000, 8
CASE = f"{CONNECTS:,} connects"
PEERS = kit.PEERS

SHEET = Sheet(
    bench="handshakes",
    row=8,
    title="Handshakes",
    work=f"{CONNECTS:,} connections, {AT_ONCE} under way at a time: TCP, upgrade, 101, closed.",
    cases=(CASE,),
    contenders=(VISITOR, OPERATOR, TORNADO, WS),
    measures=(
        Measure("cpu", "Server CPU of a handshake", "µs", "lower", 0),
        Measure("wall", "Time of a handshake", "µs", "lower", 0),
        Measure("load_share", "Share of its core that the load used", "%", "lower", 0),
    ),
    targets=tuple(Target("cpu", CASE, "at most", 1.15, (TORNADO,), each) for each in (VISITOR, OPERATOR)),
)


@dataclass(frozen=True)
class Door:
    """Where to knock, and with what."""

    port: int
    pid: int
    request: bytes


def request(port: int, path: str, cookie: str = "") -> bytes:
    """The client's part of a handshake."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 13",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@contextmanager
def tornado() -> Generator[Door]:
    """A handler that does nothing."""
    with _peer([sys.executable, str(PEERS / "tornado_bare.py")]) as door:
        yield door


@contextmanager
def node_ws() -> Generator[Door]:
    """Node's `ws`."""
    with _peer([kit.system_program("node"), str(kit.node_peers() / "ws.mjs")]) as door:
        yield door


@contextmanager
def _peer(command: list[str]) -> Generator[Door]:
    port = free_port()
    with Child([*command, str(port)], core=SERVER_CORE) as child:
        child.wait_for_port(port)
        yield Door(port, child.pid, request(port, "/"))


def knock(door: Door, count: int) -> dict[str, float]:
    """Make so many handshakes; gives what each cost. Raises RuntimeError when one is refused."""
    used, load, began = cpu_s(door.pid), time.process_time(), time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for number in range(count):
            if len(waiting.get_map()) >= AT_ONCE:
                _finish(waiting)
            sock = socket.create_connection(("127.0.0.1", door.port))
            sock.sendall(door.request)
            waiting.register(sock, selectors.EVENT_READ, number)
        while waiting.get_map():
            _finish(waiting)
    took, loaded_s = time.perf_counter() - began, time.process_time() - load
    time.sleep(0.2)  # the ends of the last ones are work too
    return {
        "cpu": (cpu_s(door.pid) - used) / count * 1e6,
        "wall": took / count * 1e6,
        "load_share": 100 * loaded_s / took,
    }


def _finish(waiting: selectors.BaseSelector) -> None:
    for key, _ in waiting.select():
        sock = cast("socket.socket", key.fileobj)
        answer = sock.recv(4096)
        waiting.unregister(sock)
        sock.close()
        if not answer.startswith(b"HTTP/1.1 101"):
            raise RuntimeError(f"refused: {answer[:200]!r}")


def main(argv: Sequence[str]) -> int:
    """Run it."""
    given = options(__doc__).parse_args(argv)
    count = CONNECTS // 10 if given.quick else CONNECTS
    if LOAD_CORE in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {LOAD_CORE})
    peers: dict[str, Callable[[], AbstractContextManager[Door]]] = {TORNADO: tornado, WS: node_ws}
    samples: list[Sample] = []
    missing: dict[str, str] = {}
    folder = Path(tempfile.mkdtemp())
    try:
        with baton_server(folder) as baton:
            pid, port = baton.child.pid, baton.port
            doors = {
                VISITOR: Door(port, pid, request(port, f"/ws/visitor?key={baton.key}")),
                OPERATOR: Door(port, pid, request(port, "/ws/operator", f"baton_session={baton.session}")),
            }
            for number, name in rounds_of(SHEET.contenders, given.rounds):
                try:
                    if name in doors:
                        metrics = knock(doors[name], count)
                    else:
                        with peers[name]() as door:
                            knock(door, count // 10)
                            metrics = knock(door, count)
                except kit.MissingError as error:
                    missing[name] = str(error)
                    continue
                samples.append(Sample(SHEET.bench, CASE, name, number, metrics))
                print(
                    f"round {number}, {name}: {metrics['cpu']:.0f} µs CPU, {metrics['wall']:.0f} µs",
                    flush=True,
                )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"kept in {save(SHEET, samples, missing)}")
    return 0
