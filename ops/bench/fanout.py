"""Fan-out: one post to many subscribers, no database, beside others.

    python -m ops.bench fanout [--quick] [--rounds N] [--only NAME …] [--sizes N …]

A round starts each server anew, opens all subscribers, and posts for a moment, one message at a time and
then twenty at once; then closes subscribers down to the next smaller number, and again. The next post goes
out when the last subscriber has the one before, so the rate is what one room can carry.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

from ops.bench.contenders import CEILING, FANOUT, NCHAN, UWS, Contender
from ops.bench.harness import BATON, Chart, Measure, Sample, Sheet, Target, options, rounds_of, save
from ops.bench.kit import CACHE, MissingError
from ops.bench.loader import Loader, LoadError
from ops.bench.processes import SERVER_CORE, Child, free_port

SIZES = (1, 10, 100, 500, 2000)
BURST = 20
LONGEST_S = 420.0
"""No contender's turn begins after this: on a busy machine there are fewer rounds."""

LONGEST_BURST_S = 3.0
"""What a server needs longer for is not posted to it: one such burst would be most of the run."""

_LOOK_S = 0.1
_REST_SHARE = 0.05
_REST_WITHIN_S = 5.0

OTHERS = tuple(one.name for one in FANOUT if one.name not in {BATON, UWS, NCHAN, CEILING})


def single(size: int) -> str:
    """The case of one post at a time."""
    return f"{size:,} single"


def burst(size: int) -> str:
    """The case of twenty at once."""
    return f"{size:,} burst"


SHEET = Sheet(
    bench="fanout",
    row=1,
    title="Fan-out",
    work=(
        f"One post to {', '.join(f'{size:,}' for size in SIZES)} WebSocket subscribers, one at a time and in "
        f"bursts of {BURST}; each delivery is a text frame of 240 bytes. No database: Baton runs its real "
        "application, actors and peers on a journal in memory."
    ),
    cases=tuple(case(size) for case in (single, burst) for size in SIZES),
    contenders=tuple(one.name for one in FANOUT),
    measures=(
        Measure("cpu_us", "Server CPU per delivery", "µs", "lower", 2),
        Measure("per_s", "Deliveries", "per second", "higher", 0),
        Measure("p50_ms", "Until the last subscriber has it, median", "ms", "lower", 2),
        Measure("p99_ms", "Until the last subscriber has it, p99", "ms", "lower", 2),
    ),
    targets=(
        Target("cpu_us", single(500), "at most", 1.3, (UWS,)),
        Target("cpu_us", burst(500), "at most", 1.6, (UWS,)),
        Target("per_s", single(500), "at least", 0.75, (NCHAN,)),
        Target("per_s", burst(500), "at least", 0.75, (NCHAN,)),
        Target("cpu_us", single(500), "at most", 1.0, OTHERS),
        Target("per_s", single(500), "at least", 1.0, OTHERS),
        Target("cpu_us", burst(500), "at most", 1.0, OTHERS),
        Target("per_s", burst(500), "at least", 1.0, OTHERS),
    ),
    charts=(
        Chart("cpu_us", single(500), "Server CPU per delivery, one post to 500 subscribers"),
        Chart("cpu_us", burst(500), "Server CPU per delivery, 20 posts at once to 500 subscribers"),
        Chart("per_s", single(500), "Deliveries, one post at a time to 500 subscribers"),
    ),
)


def measure(contender: Contender, number: int, sizes: Sequence[int], stretch_s: float) -> Iterator[Sample]:
    """One contender's round: the largest room first, so that all have joined before the log is long.

    Raises:
        MissingError: it cannot be installed here.
        RuntimeError, LoadError: it did not do its work.
    """
    port = free_port()
    log = CACHE / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with Child(contender.command(port), core=SERVER_CORE, log=log) as server:
        server.wait_for_port(port)
        with Loader(port, contender.speech) as load:
            load.connect(max(sizes))
            for size in sorted(sizes, reverse=True):
                load.keep(size)
                _until_at_rest(server)
                settled = load.post(1, 0.05)
                for case, at_once in ((single(size), 1), (burst(size), BURST)):
                    if at_once * settled.p50_us / 1e6 > LONGEST_BURST_S:
                        continue
                    before_s = server.cpu_s()
                    posted = load.post(at_once, stretch_s)
                    cpu_s = server.cpu_s() - before_s
                    metrics = {
                        "cpu_us": cpu_s * 1e6 / posted.deliveries,
                        "per_s": posted.deliveries / posted.s,
                        "p50_ms": posted.p50_us / 1e3,
                        "p99_ms": posted.p99_us / 1e3,
                    }
                    yield Sample(SHEET.bench, case, contender.name, number, metrics)


def _until_at_rest(server: Child) -> None:
    """What a server does about those who left is no part of the next post."""
    until, before_s = time.monotonic() + _REST_WITHIN_S, -1.0
    while (now_s := server.cpu_s()) - before_s > _REST_SHARE * _LOOK_S and time.monotonic() < until:
        before_s = now_s
        time.sleep(_LOOK_S)


def main(argv: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = options(__doc__)
    parser.add_argument("--only", nargs="+", default=[], help="contenders")
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES)
    given = parser.parse_args(argv)
    chosen = [one for one in FANOUT if not given.only or one.name in given.only]
    rounds, stretch_s = (1, 0.1) if given.quick else (given.rounds, 0.25)
    samples: list[Sample] = []
    not_run: dict[str, str] = {}
    began = time.monotonic()
    for number, contender in rounds_of(chosen, rounds):
        if contender.name in not_run:
            continue
        if time.monotonic() - began > LONGEST_S:
            print("the time is over")
            break
        try:
            found = list(measure(contender, number, given.sizes, stretch_s))
        except (MissingError, LoadError, RuntimeError) as error:
            not_run[contender.name] = str(error)
            print(f"{contender.name}: not run: {error}", flush=True)
            continue
        samples += found
        print(f"round {number}: {contender.name:<22}", *_shown(found), flush=True)
    if not given.only and not given.quick:
        print("kept in", save(SHEET, samples, not_run))
    return 0 if samples else 1


def _shown(samples: Sequence[Sample]) -> Iterator[str]:
    for case in (single(500), burst(500)):
        with suppress(StopIteration):
            found = next(sample.metrics for sample in samples if sample.case == case)
            yield f"{case}: {found['cpu_us']:7.2f} µs {found['per_s']:9,.0f}/s  "
