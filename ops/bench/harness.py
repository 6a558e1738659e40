"""What every benchmark has in common: samples, the sheet that says what they mean, and where they are kept.

A benchmark is a module here with `SHEET` and `main(argv) -> int`. It measures each contender once a round, in
an order of its own each round (`rounds_of`), so that whatever else the machine does falls on all alike, and
ends with `save`. `python -m ops.bench report` makes the tables.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

HERE = Path(__file__).parent
RESULTS = HERE / "results"
BATON = "Baton"
ROUNDS = 5

C = TypeVar("C")


@dataclass(frozen=True)
class Sample:
    """What one contender did in one case in one round, by measure."""

    bench: str
    case: str
    contender: str
    round: int
    metrics: dict[str, float]


@dataclass(frozen=True)
class Measure:
    """A figure of a sample: `name` is its key in `metrics`, `title` its table's. `digits` after the point."""

    name: str
    title: str
    unit: str
    better: Literal["lower", "higher"]
    digits: int = 1


@dataclass(frozen=True)
class Target:
    """What Baton must reach in a case: a ratio to each of `against`, or an absolute value without them."""

    measure: str
    case: str
    must_be: Literal["at most", "at least"]
    bound: float
    against: tuple[str, ...] = ()
    contender: str = BATON

    def met_by(self, value: float) -> bool:
        """Whether this value or ratio is within the bound."""
        return value <= self.bound if self.must_be == "at most" else value >= self.bound


@dataclass(frozen=True)
class Chart:
    """Bars of one measure for each contender, in one case."""

    measure: str
    case: str
    title: str


@dataclass(frozen=True)
class Sheet:
    """What a benchmark measures: the report reads nothing else of it.

    Args:
        bench: the module's name.
        row: where it stands in the report.
        title: a heading.
        work: what is done, in a sentence or two.
        cases: columns of the tables, in order.
        contenders: rows of the tables, in order.
        measures: a table each.
        targets: what must be reached.
        charts: drawn beside the tables.
    """

    bench: str
    row: int
    title: str
    work: str
    cases: tuple[str, ...]
    contenders: tuple[str, ...]
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Machine:
    """Where it ran."""

    cpu: str
    cores: int
    memory_gb: float
    kernel: str
    python: str


@dataclass(frozen=True)
class Result:
    """A run, as it is kept. `not_run`: why a contender is missing."""

    sheet: Sheet
    machine: Machine
    ran_at: datetime
    samples: tuple[Sample, ...]
    not_run: dict[str, str] = field(default_factory=dict[str, str])


def save(
    sheet: Sheet, samples: Sequence[Sample], not_run: Mapping[str, str] | None = None, folder: Path = RESULTS
) -> Path:
    """Keep a run, in place of the one before."""
    result = Result(sheet, machine(), datetime.now(UTC), tuple(samples), dict(not_run or {}))
    folder.mkdir(exist_ok=True)
    path = folder / f"{sheet.bench}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    return path


def load(path: Path) -> Result:
    """A run that was kept."""
    return msgspec.json.decode(path.read_bytes(), type=Result)


def rounds_of(contenders: Sequence[C], rounds: int) -> Iterator[tuple[int, C]]:
    """Each contender once a round, in a new order each round."""
    for number in range(1, rounds + 1):
        for contender in random.sample(contenders, len(contenders)):
            yield number, contender


def options(description: str | None) -> argparse.ArgumentParser:
    """The options every benchmark has; add your own."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--quick", action="store_true", help="less of everything; figures are rough")
    return parser


def machine() -> Machine:
    """This machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return Machine(
        _cpu_model(), os.cpu_count() or 1, round(memory, 1), platform.release(), platform.python_version()
    )


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")
