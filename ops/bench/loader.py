"""The load of the fan-out benchmark as Python sees it: `load/load.c` on a core of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from ops.bench.harness import HERE
from ops.bench.kit import c_program
from ops.bench.processes import LOAD_CORE


class LoadError(Exception):
    """A server did not do what is measured: lost a message, refused a connection."""


@dataclass(frozen=True)
class End:
    """How one kind of connection is opened.

    Args:
        path: what is asked for.
        headers: whole lines, each with its end.
        first: a text frame sent after the upgrade.
        ready: frames to wait for before the next connection is opened.
    """

    path: str
    headers: str = ""
    first: str = ""
    ready: int = 0

    def arguments(self) -> tuple[str, ...]:
        """As the program takes them."""
        return self.path, str(self.ready), self.headers, self.first


@dataclass(frozen=True)
class Speech:
    """How a server is spoken to. `template` is what is posted, with `%08d` for a number.

    A frame counts as a delivery when its payload has `least` bytes.
    """

    subscriber: End
    poster: End
    template: str
    least: int = 200


@dataclass(frozen=True)
class Posted:
    """What a stretch of posting gave: how often, deliveries, seconds, and the last subscriber's wait."""

    times: int
    deliveries: int
    s: float
    p50_us: float
    p99_us: float


class Loader:
    """A running load; ended with the `with` block."""

    def __init__(self, port: int, speech: Speech, core: int = LOAD_CORE) -> None:
        arguments = (*speech.subscriber.arguments(), *speech.poster.arguments(), speech.template)
        command = (str(c_program(HERE / "load" / "load.c")), str(port), str(speech.least), *arguments)
        self._process = subprocess.Popen(
            pinned(command, core), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def connect(self, count: int) -> None:
        """Until there are so many subscribers."""
        self._ask(f"connect {count}")

    def keep(self, count: int) -> None:
        """Close those beyond."""
        self._ask(f"keep {count}")

    def post(self, at_once: int, seconds: float, most: int = 100_000) -> Posted:
        """Post so many at once, again when all of them have reached everyone, until the time is over."""
        return msgspec.convert(self._ask(f"post {at_once} {seconds} {most}"), Posted)

    def _ask(self, command: str) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise LoadError("the load has no pipes")
        try:
            self._process.stdin.write(command + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it says why
        line = self._process.stdout.readline()
        answer = msgspec.json.decode(line) if line else {"error": "the load ended"}
        if "error" in answer:
            raise LoadError(answer["error"])
        return answer


def pinned(command: Sequence[str], core: int) -> tuple[str, ...]:
    """A command that runs on one core, if there are so many."""
    return ("taskset", "-c", str(core), *command) if core < (os.cpu_count() or 1) else tuple(command)
