"""Row 3: many connected visitors with a live conversation each, and all of them coming back at once.

    python -m ops.bench idle [--rounds N] [--sizes 10000,20000] [--only NAME] [--quick]

A size above what a process may have files open here is brought down to it.

Each visitor connects, says hello, and writes one message. Then: what a conversation takes of the server's
memory, and what nothing happening costs. Then the storm: all connections are cut at once, and each comes back
at a moment of its own within 5 s, saying what it has, while twenty others go on writing. A visitor is resumed
when it has exactly the entries that follow. The peers keep their conversations in memory, without a database.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.bench import kit
from ops.bench.baton_server import baton_server
from ops.bench.crowd import Client, Crowd
from ops.bench.harness import BATON, Measure, Sample, Sheet, Target, options, rounds_of, save
from ops.bench.idle_speech import BatonSpeech, ChannelsSpeech, SocketIoSpeech, Speech
from ops.bench.processes import LOAD_CORE, SERVER_CORE, Child, cpu_s, free_port
from ops.bench.spread import percentile

SOCKET_IO, CHANNELS = "socket.io", "Django Channels"
_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
SIZES = (10_000, min(20_000, _FILES - 120 if _FILES > 0 else 20_000))
"""The second is as many as a process may have files open here, 20,000 at most."""

CHATTERS, PAUSE_S = 20, 0.5
CALM_S, STORM_WITHIN_S, SPREAD_S = 10.0, 180.0, 5.0
ARRIVED_WITHIN_S = 0.02
"""For each visitor: a server that takes longer until all have connected and written is left out."""


def case_of(size: int) -> str:
    """The case's name."""
    return f"{size:,} visitors"


SHEET = Sheet(
    bench="idle",
    row=3,
    title="Many who are quiet, and all of them at once",
    work=(
        "Visitors with a live conversation of a message each. Then all connections are cut, and all "
        f"come back within {SPREAD_S:.0f} s, each from what it has, while {CHATTERS} others go on writing."
    ),
    cases=tuple(case_of(size) for size in SIZES),
    contenders=(BATON, SOCKET_IO, CHANNELS),
    measures=(
        Measure("memory", "Server memory of a connected conversation", "kB", "lower"),
        Measure("idle", "CPU of a connection while nothing happens", "µs/s", "lower"),
        Measure("arrival", "Until all have connected and written", "s", "lower"),
        Measure("resumed", "Until all are resumed after the storm", "s", "lower"),
        Measure("gaps", "Visitors with a gap or a duplicate", "", "lower", 0),
        Measure("calm", "p99 of the others' acks before", "ms", "lower"),
        Measure("storm", "p99 of the others' acks during the storm", "ms", "lower"),
        Measure("slower", "p99 during by p99 before", "×", "lower"),
        Measure("load_share", "Share of its core that the load used during the storm", "%", "lower", 0),
        Measure("load_held", "Longest time in which the load heard nobody", "ms", "lower", 0),
    ),
    targets=tuple(
        target
        for size in SIZES
        for target in (
            Target("memory", case_of(size), "at most", 25),
            Target("resumed", case_of(size), "at most", 60),
            Target("gaps", case_of(size), "at most", 0),
            Target("slower", case_of(size), "at most", 5),
        )
    ),
)


@dataclass(frozen=True)
class Host:
    """A server under measurement."""

    port: int
    path: str
    pid: int
    speech: Speech


@contextmanager
def baton() -> Generator[Host]:
    """`baton serve`, with its embedded database on the same core."""
    folder = Path(tempfile.mkdtemp())
    try:
        with baton_server(folder) as server:
            yield Host(server.port, f"/ws/visitor?key={server.key}", server.child.pid, BatonSpeech())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def socket_io() -> Generator[Host]:
    """Node socket.io."""
    command = [kit.system_program("node"), str(kit.node_peers() / "idle_socketio.mjs")]
    with _peer(command, "/socket.io/?EIO=4&transport=websocket", SocketIoSpeech()) as host:
        yield host


@contextmanager
def channels() -> Generator[Host]:
    """Django Channels on uvicorn."""
    command = [str(kit.python_peers()), str(kit.PEERS / "idle_channels.py")]
    with _peer(command, "/", ChannelsSpeech()) as host:
        yield host


@contextmanager
def _peer(command: list[str], path: str, speech: Speech) -> Generator[Host]:
    port = free_port()
    with Child([*command, str(port)], core=SERVER_CORE) as child:
        child.wait_for_port(port)
        yield Host(port, path, child.pid, speech)


HOSTS: dict[str, Callable[[], AbstractContextManager[Host]]] = {
    BATON: baton,
    SOCKET_IO: socket_io,
    CHANNELS: channels,
}


class Stage:
    """One server and its crowd."""

    def __init__(self, host: Host, size: int) -> None:
        self._host = host
        self._speech = host.speech
        self._crowd = Crowd(host.port, host.path, self._speech.upgraded, self._speech.heard)
        self._quiet = [Client(number) for number in range(size)]
        self._chatters = [Client(size + number) for number in range(CHATTERS)]
        self._next_at = dict.fromkeys(self._chatters, 0.0)
        self._latencies: list[float] = []

    def play(self) -> dict[str, float]:
        """All of it. Raises RuntimeError when they do not all arrive."""
        time.sleep(1)
        before = resident_kb(self._host.pid)
        began = time.monotonic()
        self._arrive()
        found = {"arrival": time.monotonic() - began}
        self._wait(3)
        found["memory"] = (resident_kb(self._host.pid) - before) / len(self._quiet)
        used = cpu_s(self._host.pid)
        self._wait(CALM_S)
        found["idle"] = (cpu_s(self._host.pid) - used) / CALM_S / len(self._quiet) * 1e6
        self._chat(CALM_S, lambda: False)
        found["calm"] = self._p99_ms()
        found |= self._storm()
        found["slower"] = found["storm"] / found["calm"]
        self._crowd.cut([*self._quiet, *self._chatters])
        return found

    def _arrive(self) -> None:
        everyone = [*self._chatters, *self._quiet]
        within_s = ARRIVED_WITHIN_S * len(everyone)
        until = time.monotonic() + within_s
        self._crowd.come(everyone)
        if not self._crowd.run(lambda: self._speech.ready == len(everyone), within_s):
            raise RuntimeError(f"{self._speech.ready:,} of {len(everyone):,} had come after {within_s:.0f} s")
        for start in range(0, len(everyone), 200):
            some = everyone[start : start + 200]
            for client in some:
                self._speech.post(client, "hello")
            left_s = until - time.monotonic()
            if not self._crowd.run(lambda some=some: all(map(self._speech.settled, some)), left_s):
                raise RuntimeError(f"{start:,} of {len(everyone):,} had written after {within_s:.0f} s")

    def _storm(self) -> dict[str, float]:
        self._speech.ready = self._speech.gaps = 0
        self._crowd.longest_s = 0.0
        began, load = time.monotonic(), time.process_time()
        self._crowd.cut(self._quiet)
        held_s = time.monotonic() - began
        for client in self._quiet:
            client.due_at = began + random.random() * SPREAD_S  # noqa: S311 - a spread
        self._crowd.come(self._quiet)
        self._chat(STORM_WITHIN_S, lambda: self._speech.ready == len(self._quiet))
        took, loaded_s = time.monotonic() - began, time.process_time() - load
        missing = len(self._quiet) - self._speech.ready
        return {
            "resumed": took,
            "storm": self._p99_ms(),
            "gaps": float(self._speech.gaps + missing),
            "load_share": 100 * loaded_s / took,
            "load_held": 1000 * max(held_s, self._crowd.longest_s),
        }

    def _chat(self, within_s: float, until: Callable[[], bool]) -> None:
        self._speech.latencies.clear()

        def go_on() -> bool:
            now = time.monotonic()
            for client, next_at in self._next_at.items():
                if next_at <= now and client.upgraded and self._speech.settled(client):
                    self._speech.post(client, "still there")
                    self._next_at[client] = now + PAUSE_S * (0.5 + random.random())  # noqa: S311 - a spread
            return until()

        self._crowd.run(go_on, within_s)

    def _wait(self, for_s: float) -> None:
        self._crowd.run(lambda: False, for_s)

    def _p99_ms(self) -> float:
        return 1000 * percentile(self._speech.latencies or [STORM_WITHIN_S], 99)


def resident_kb(pid: int) -> float:
    """Of this process alone: an embedded database keeps what it likes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines():
        if line.startswith("Rss:"):
            return float(line.split()[1])
    raise RuntimeError("this kernel does not tell how much memory is resident")


def main(argv: Sequence[str]) -> int:
    """Run it."""
    parser = options(__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--only", choices=[*HOSTS])
    given = parser.parse_args(argv)
    sizes = [1_000] if given.quick else sorted({min(int(size), SIZES[1]) for size in given.sizes.split(",")})
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))
    if LOAD_CORE in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {LOAD_CORE})
    samples: list[Sample] = []
    missing: dict[str, str] = {}
    plays = [(name, size) for name in ([given.only] if given.only else HOSTS) for size in sizes]
    for number, (name, size) in rounds_of(plays, given.rounds):
        if name in missing:
            continue
        try:
            with HOSTS[name]() as host:
                metrics = Stage(host, size).play()
        except (kit.MissingError, RuntimeError) as error:
            missing[name] = str(error)
            print(f"round {number}, {name}, {size:,}: {error}", file=sys.stderr, flush=True)
            continue
        samples.append(Sample(SHEET.bench, case_of(size), name, number, metrics))
        shown = ", ".join(f"{key} {value:.1f}" for key, value in metrics.items())
        print(f"round {number}, {name}, {size:,}: {shown}", flush=True)
        if not (given.only or given.quick):
            save(SHEET, samples, missing)
    return 0
