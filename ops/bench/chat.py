"""Chat, durable: a visitor's post, into the database, acknowledged, and delivered to two operators.

    python -m ops.bench chat [--rounds 5] [--quick]

Each round every contender starts afresh on an engine of its own, of the same kind, with 1,000 visitors
connected and two operators looking at each conversation. Server and engine run on one core, the load on the
other. A peer connects as one writes it down, `mongodb://127.0.0.1:PORT/`, so with the retryable writes that
are every driver's default; what they cost on this engine is shown by socket.io once more without them, as
Baton is. A fixed number of visitors writes at a time, each waiting for its ack; then, at half of what each
peer reached, messages come at a steady rate. At the end the engine is asked for every acknowledged message.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pymongo

from ops.bench.baton_desk import engine
from ops.bench.chat_contenders import (
    CEILING,
    CHANNELS,
    CONTENDERS,
    MESSAGES,
    SOCKETIO,
    TUNED,
    Contender,
    Running,
)
from ops.bench.chat_load import Load, Window
from ops.bench.harness import BATON, Chart, Measure, Sample, Sheet, Target, options, rounds_of, save
from ops.bench.kit import MissingError
from ops.bench.processes import LOAD_CORE, Child
from server.store.engine_files import address_of

PEERS = (CHANNELS, SOCKETIO)
SATURATION = "saturation"
VISITORS = 1000
WRITERS = (1, 10, 50, 200, 1000)
_LOST = "acknowledged messages are not in the database"


def half_of(peer: str) -> str:
    """The case at half of what a peer can take."""
    return f"half of {peer}"


SHEET = Sheet(
    bench="chat",
    row=2,
    title="Chat: durable, acknowledged, delivered",
    work="A visitor's message of 300 bytes is written to the database (`w: majority, j: true`), "
    f"acknowledged, and delivered to two operators. {VISITORS:,} visitors are connected; 1 to {VISITORS:,} "
    "write at a time, each waiting for its ack. Every contender has an embedded engine of its own, on one "
    "core with its server. The peers connect as one writes it down, with retryable writes; "
    "socket.io once more without, as Baton does.",
    cases=(*(f"{writers:,} writing" for writers in WRITERS), SATURATION, *(half_of(peer) for peer in PEERS)),
    contenders=(BATON, *PEERS, TUNED, CEILING),
    measures=(
        Measure("per_s", "Messages acknowledged each second", "/s", "higher", 0),
        Measure("ack_p50_ms", "Wait for the ack, median", "ms", "lower"),
        Measure("ack_p99_ms", "Wait for the ack, p99", "ms", "lower"),
        Measure("delivery_p50_ms", "Wait for the delivery, median", "ms", "lower"),
        Measure("delivery_p99_ms", "Wait for the delivery, p99", "ms", "lower"),
        Measure("server_us", "CPU of the server for a message", "µs", "lower", 0),
        Measure("engine_us", "CPU of the engine for a message", "µs", "lower", 0),
        Measure("load_share", "Share of its core that the load used", "%", "lower", 0),
    ),
    targets=(
        Target("per_s", SATURATION, "at least", 5, PEERS),
        *(Target("ack_p99_ms", half_of(peer), "at most", 1, (peer,)) for peer in PEERS),
        *(Target("delivery_p99_ms", half_of(peer), "at most", 1, (peer,)) for peer in PEERS),
    ),
    charts=(Chart("per_s", SATURATION, "Messages each second, durable"),),
)


@dataclass
class Plan:
    """How long and how much."""

    visitors: int = VISITORS
    writers: Sequence[int] = WRITERS
    settle_s: float = 0.4
    window_s: float = 1.5
    drain_s: float = 3.0
    open_s: float = 3.5


QUICK = Plan(visitors=200, writers=(1, 50, 200), settle_s=0.4, window_s=1.0, drain_s=4, open_s=2)


@dataclass
class Run:
    """One contender, running, under load."""

    contender: Contender
    running: Running
    engine: Child
    load: Load
    plan: Plan
    marks: list[tuple[float, float, float]] = field(default_factory=list[tuple[float, float, float]])

    def closed(self, writers: int) -> dict[str, float]:
        """So many write at a time."""
        plan = self.plan
        return self._measured(
            lambda: self.load.closed_loop(writers, plan.settle_s, plan.window_s, self._mark, plan.drain_s)
        )

    def steady(self, per_s: float) -> dict[str, float]:
        """So many messages each second."""
        plan = self.plan
        return self._measured(
            lambda: self.load.open_loop(per_s, plan.settle_s, plan.open_s, self._mark, plan.drain_s)
        )

    def _measured(self, work: Callable[[], Window]) -> dict[str, float]:
        self.load.rest(0.3)
        self.marks.clear()
        window = work()
        server, engine_, load = (
            after - before for before, after in zip(self.marks[0], self.marks[-1], strict=True)
        )
        messages = max(1, len(window.acks))
        found = {
            **window.metrics(),
            "server_us": 1e6 * server / messages,
            "engine_us": 1e6 * engine_ / messages,
            "load_share": 100 * load / window.seconds,
            "unfinished": float(window.unfinished),
        }
        return {name: value for name, value in found.items() if not math.isnan(value)}

    def _mark(self) -> None:
        times = os.times()
        self.marks.append((self.running.server.cpu_s(), self.engine.cpu_s(), times.user + times.system))


def measure(contender: Contender, plan: Plan, rates: dict[str, float]) -> dict[str, dict[str, float]]:
    """Everything about one contender once: metrics by case. `rates`: half of each peer's."""
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as name:
        folder = Path(name)
        with (
            engine(folder / "engine") as (child, port),
            contender.start(port, folder, plan.visitors) as running,
        ):
            if contender.name == CEILING:
                plan = replace(plan, writers=(min(200, plan.visitors),))
            run = Run(contender, running, child, Load(running.party), plan)
            cases = {f"{writers:,} writing": run.closed(writers) for writers in plan.writers[:-1]}
            cases |= {half_of(peer): run.steady(rate) for peer, rate in _of(contender, rates).items()}
            cases[f"{plan.writers[-1]:,} writing"] = run.closed(plan.writers[-1])
            if contender.name in MESSAGES:
                _check_kept(contender, port, run.load.acked)
            best = max(cases, key=lambda case: cases[case]["per_s"] if case.endswith("writing") else 0)
            return {**cases, SATURATION: cases[best]}


def _of(contender: Contender, rates: dict[str, float]) -> dict[str, float]:
    """A peer is asked for half of its own, Baton for each peer's."""
    return rates if contender.name == BATON else {p: r for p, r in rates.items() if p == contender.name}


def _check_kept(contender: Contender, port: int, acked: int) -> None:
    database, collection = MESSAGES[contender.name]
    with pymongo.MongoClient(address_of(port)) as client:
        kept = client[database][collection].count_documents({"role": "user"})
    if kept < acked:
        raise SystemExit(f"{contender.name}: {acked - kept} {_LOST}")


def _rates(contenders: Sequence[Contender], plan: Plan) -> dict[str, float]:
    """Half of what each peer takes when 200 write, tried once beforehand."""
    tried = Plan(min(200, plan.visitors), (200,), plan.settle_s, plan.window_s, plan.drain_s)
    return {
        contender.name: measure(contender, tried, {})[SATURATION]["per_s"] / 2
        for contender in contenders
        if contender.name in PEERS
    }


def main(argv: Sequence[str]) -> int:
    """Run."""
    arguments = options(__doc__).parse_args(argv)
    plan = QUICK if arguments.quick else Plan()
    if (os.cpu_count() or 1) > LOAD_CORE:
        os.sched_setaffinity(0, {LOAD_CORE})
    contenders, not_run = _present()
    rates = _rates(contenders, plan)
    print(
        "half of saturation:", ", ".join(f"{peer} {rate:.0f}/s" for peer, rate in rates.items()), flush=True
    )
    samples: list[Sample] = []
    for number, contender in rounds_of(contenders, arguments.rounds):
        for case, metrics in measure(contender, plan, rates).items():
            samples.append(Sample(SHEET.bench, case, contender.name, number, metrics))
            _show(samples[-1])
        if not arguments.quick:
            save(SHEET, samples, not_run)
    return 0


def _present() -> tuple[list[Contender], dict[str, str]]:
    found: list[Contender] = []
    missing: dict[str, str] = {}
    for contender in CONTENDERS:
        try:
            contender.prepare()
        except MissingError as error:
            missing[contender.name] = str(error)
        else:
            found.append(contender)
    return found, missing


def _show(sample: Sample) -> None:
    shown = "  ".join(f"{name} {value:,.0f}" for name, value in sample.metrics.items())
    print(f"{sample.round}  {sample.contender:<16} {sample.case:<24} {shown}", flush=True)
