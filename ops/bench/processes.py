"""Processes under measurement: what they use, by /proc, and on which core they run."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

SERVER_CORE = 0
LOAD_CORE = 1
_PROC = Path("/proc")
_PR_SET_PDEATHSIG = 1


def cpu_s(pid: int) -> float:
    """Seconds of CPU that a process and its descendants have used, user and system, to the nanosecond.

    The scheduler's own count, which has no ticks of 10 ms; children that have ended are not in it.
    """
    return sum(_one_cpu_s(each) for each in family(pid))


def _one_cpu_s(pid: int) -> float:
    total = 0
    with suppress(OSError):
        for thread in (_PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9 if total else _ticks_s(pid)


def _ticks_s(pid: int) -> float:
    """Of a kernel without schedstat."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_kb(pid: int) -> dict[str, float]:
    """`rss_kb` and `pss_kb` (shared pages by their share) of a process and its descendants."""
    found = {"rss_kb": 0.0, "pss_kb": 0.0}
    for each in family(pid):
        with suppress(OSError):
            for line in (_PROC / str(each) / "smaps_rollup").read_text().splitlines():
                name, _, rest = line.partition(":")
                if (key := f"{name.lower()}_kb") in found:
                    found[key] += float(rest.split()[0])
    return found


def family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for each in found:
        with suppress(OSError):
            for thread in (_PROC / str(each) / "task").iterdir():
                found.extend(int(child) for child in (thread / "children").read_text().split())
    return found


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


class Child:
    """A process of ours on one core, with everything it starts; ended with the `with` block."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        core: int | None = None,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        def prepare() -> None:
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # if we are ended, so is it
            if core is not None and core < (os.cpu_count() or 1):
                os.sched_setaffinity(0, {core})

        self._output = log.open("wb") if log else None
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=self._output or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=prepare,  # noqa: PLW1509 - we have no threads
        )
        self.pid = self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def wait_for_port(self, port: int, within_s: float = 20) -> None:
        """Until it listens. Raises RuntimeError when it ends or does not."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise RuntimeError(f"it ended with {self._process.returncode} before it listened")
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.02)
        raise RuntimeError(f"it did not listen within {within_s} s")

    def cpu_s(self) -> float:
        """Seconds of CPU so far, with its descendants."""
        return cpu_s(self.pid)

    def end(self) -> None:
        """Ask it to end, and after 5 s see to it."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
                break
        if self._output:
            self._output.close()
