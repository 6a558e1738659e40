"""Numbers for ops: gauges read when asked for, in Prometheus' text format."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Read: TypeAlias = Callable[[], float]

LAG_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Metric:
    """A number with a name. `kind` is `gauge` or `counter`."""

    name: str
    help: str
    kind: str
    read: Read


class Metrics:
    """The metrics of this process, in the order they were added."""

    def __init__(self) -> None:
        self._metrics: list[Metric] = []

    def gauge(self, name: str, help_: str, read: Read) -> None:
        """Add a number that goes up and down."""
        self._metrics.append(Metric(name, help_, "gauge", read))

    def counter(self, name: str, help_: str, read: Read) -> None:
        """Add a number that only grows while the process lives."""
        self._metrics.append(Metric(name, help_, "counter", read))

    def text(self) -> str:
        """Prometheus' text format 0.0.4."""
        return "".join(
            f"# HELP {metric.name} {metric.help}\n# TYPE {metric.name} {metric.kind}\n"
            f"{metric.name} {metric.read():.10g}\n"
            for metric in self._metrics
        )


class LoopLag:
    """Measures how late the loop is; `run` it as a task."""

    def __init__(self) -> None:
        self.worst_s = 0.0
        """The worst delay since the last `take`."""

    def take(self) -> float:
        """The worst delay since this was last asked."""
        worst, self.worst_s = self.worst_s, 0.0
        return worst

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(LAG_EVERY_S)
            self.worst_s = max(self.worst_s, time.monotonic() - before - LAG_EVERY_S)
