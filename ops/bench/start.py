"""Row 7: from `baton serve` to `/readyz` 200, with nothing and with a database that has grown.

    python -m ops.bench start [--rounds N] [--quick]

The grown one is that of `ops/bench/dataset.py`: 111,000 conversations with their messages, leads, events and
audit entries. Each start follows a clean stop, and then one follows a kill.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from ops.bench.dataset import PLAIN, copied, prepared
from ops.bench.harness import BATON, Measure, Sample, Sheet, Target, options, save
from tests.support.process import BatonProcess

EMPTY, GROWN = "empty", "111,000 conversations"
KILLED = f"{BATON} after a kill"

SHEET = Sheet(
    bench="start",
    row=7,
    title="Start",
    work="`baton serve` with its embedded database, until `/readyz` answers 200.",
    cases=(EMPTY, GROWN),
    contenders=(BATON, KILLED),
    measures=(Measure("s", "Time to ready", "s", "lower", 2),),
    targets=tuple(
        Target("s", case, "at most", 3.0, (), each) for case in (EMPTY, GROWN) for each in (BATON, KILLED)
    ),
)


async def _case(case: str, data_dir: Path, rounds: int) -> list[Sample]:
    samples: list[Sample] = []
    baton = BatonProcess(data_dir, "serve")
    baton.ready_within_s = 300.0
    await baton.start()  # makes what the first start makes
    await baton.stop()
    for number in range(1, rounds + 1):
        for contender in (BATON, KILLED):
            began = time.monotonic()
            await baton.start()
            samples.append(Sample("start", case, contender, number, {"s": time.monotonic() - began}))
            print(f"{case:25} {contender:20} {samples[-1].metrics['s']:6.2f} s", flush=True)
            await (baton.kill() if contender == BATON else baton.stop())
    return samples


async def _run(rounds: int) -> list[Sample]:
    folder, took_s = await prepared("plain", PLAIN)
    print(f"the data took {took_s:.0f} s to make", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        grown = await asyncio.to_thread(copied, folder, Path(temporary) / "grown")
        return [
            *await _case(EMPTY, Path(temporary) / "empty", rounds),
            *await _case(GROWN, grown, rounds),
        ]


def main(argv: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    arguments = options(__doc__).parse_args(argv)
    print(save(SHEET, asyncio.run(_run(1 if arguments.quick else arguments.rounds))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
