"""Row 9: what an actor costs on the loop, and as a thread: tell, ask, start, retire, memory.

    python -m ops.bench actors [--rounds N] [--quick]

Each contender runs in a process of its own, once a round and case. A tell is counted with its handling, a
start until the actor has answered, a retirement until it is known to be stopped.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import pykka

from actors.runtime import LoopActor
from ops.bench.harness import Measure, Sample, Sheet, Target, options, rounds_of, save

LOOP, THREADING = "Baton's LoopActor", "pykka.ThreadingActor"
CASES = {"two cores": frozenset({0, 1}), "one core": frozenset({0})}
"""Threads hand over more cheaply when they share a core, so both ways are measured."""

TIMED = ("tell", "ask", "start", "retire")
AT_LEAST = 5.0

SHEET = Sheet(
    bench="actors",
    row=9,
    title="Actors: on the loop, and as threads",
    work=(
        "An actor that answers with what it is sent. A tell is counted with its handling, an ask is awaited "
        "before the next, a start counts until the first answer, and a retirement until it is known."
    ),
    cases=tuple(CASES),
    contenders=(LOOP, THREADING),
    measures=(
        *(Measure(name, name.capitalize(), "µs", "lower", 2) for name in TIMED),
        Measure("memory", "Memory of an idle actor", "kB", "lower", 2),
    ),
    targets=tuple(
        Target(name, case, "at most", 1 / AT_LEAST, (THREADING,), LOOP)
        for name in (*TIMED, "memory")
        for case in CASES
    ),
)


class OnLoop(LoopActor):
    """Answers with what it is sent."""

    def on_receive(self, message: Any) -> Any:
        """Give it back."""
        return message


class OnThread(pykka.ThreadingActor):
    """The same, with a thread of its own."""

    def on_receive(self, message: Any) -> Any:
        """Give it back."""
        return message


async def on_loop(tells: int, asks: int, actors: int) -> dict[str, float]:
    """Measure actors on the loop."""
    found: dict[str, float] = {}
    ref = OnLoop.start()
    began = time.perf_counter()
    for number in range(tells):
        ref.tell(number)
        if not number % 50:
            await asyncio.sleep(0)
    await ref.ask("the last", block=False)
    found["tell"] = _each_us(began, tells)
    began = time.perf_counter()
    for number in range(asks):
        await ref.ask(number, block=False)
    found["ask"] = _each_us(began, asks)
    before = _resident_kb()
    began = time.perf_counter()
    refs = [OnLoop.start() for _ in range(actors)]
    await refs[-1].ask("there?", block=False)
    found["start"] = _each_us(began, actors)
    found["memory"] = (_resident_kb() - before) / actors
    began = time.perf_counter()
    stopped = [each.stop(block=False) for each in refs]
    await stopped[-1]
    found["retire"] = _each_us(began, actors)
    return found


def on_threads(tells: int, asks: int, actors: int) -> dict[str, float]:
    """Measure actors with a thread each."""
    found: dict[str, float] = {}
    ref = OnThread.start()
    began = time.perf_counter()
    for number in range(tells):
        ref.tell(number)
    ref.ask("the last")
    found["tell"] = _each_us(began, tells)
    began = time.perf_counter()
    for number in range(asks):
        ref.ask(number)
    found["ask"] = _each_us(began, asks)
    before = _resident_kb()
    began = time.perf_counter()
    refs = [OnThread.start() for _ in range(actors)]
    refs[-1].ask("there?")
    found["start"] = _each_us(began, actors)
    found["memory"] = (_resident_kb() - before) / actors
    began = time.perf_counter()
    for each in refs:
        each.stop(block=False)
    for each in refs:
        each.actor_stopped.wait()
    found["retire"] = _each_us(began, actors)
    ref.stop()
    return found


def _each_us(began: float, count: int) -> float:
    return (time.perf_counter() - began) / count * 1e6


def _resident_kb() -> float:
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return float(line.split()[1])
    raise RuntimeError("this kernel does not tell how much memory is resident")


MEASURED: dict[str, Callable[[float], dict[str, float]]] = {
    LOOP: lambda scale: asyncio.run(on_loop(int(400_000 * scale), int(100_000 * scale), int(20_000 * scale))),
    THREADING: lambda scale: on_threads(int(50_000 * scale), int(20_000 * scale), int(2_000 * scale)),
}


def main(argv: Sequence[str]) -> int:
    """Run it."""
    parser = options(__doc__)
    parser.add_argument("--child", choices=[*MEASURED], help="measure this one here, and print it")
    given = parser.parse_args(argv)
    scale = 0.1 if given.quick else 1.0
    if given.child:
        print(json.dumps(MEASURED[given.child](scale)))
        return 0
    samples = [
        Sample("actors", case, name, number, _apart(name, cores, quick=given.quick))
        for number, name in rounds_of(tuple(MEASURED), given.rounds)
        for case, cores in CASES.items()
    ]
    print(f"kept in {save(SHEET, samples)}")
    return 0


def _apart(name: str, cores: Collection[int], *, quick: bool) -> dict[str, float]:
    command = [sys.executable, "-m", "ops.bench", "actors", "--child", name, *(["--quick"] if quick else [])]
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(cores) & mine or mine)  # a child has its parent's
    try:
        found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    finally:
        os.sched_setaffinity(0, mine)
    print(f"{name}: " + ", ".join(f"{key} {value:.2f}" for key, value in found.items()), flush=True)
    return found
