"""Processes by more than their number: a pid alone may long belong to somebody else."""

from __future__ import annotations

import json
import os
import select
import signal
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_START_TIME = 19  # of the fields after the name in /proc/PID/stat; see proc(5), field 22


@dataclass(frozen=True, slots=True)
class Identity:
    """A process that cannot be mistaken: its number, when it began in ticks since boot, and which boot."""

    pid: int
    started: int
    boot: str


def identity(pid: int) -> Identity | None:
    """The process of this number now; None when there is none, or no /proc to tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        boot = _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return None
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in {"Z", "X"} else Identity(pid, int(fields[_START_TIME - 1]), boot)


def remember(path: Path, pid: int) -> None:
    """Write down which process is ours, for `end_remembered` of a later run."""
    known = identity(pid)
    if known:
        path.write_text(json.dumps(asdict(known)), "utf-8")


def end_remembered(path: Path, argument: str, limit_s: float = 5.0) -> int | None:
    """End the process written down in `path` if it still runs and has `argument` on its command line.

    Gives its pid, or None when there was nothing to end. Blocks for `limit_s` at most.
    """
    try:
        known = Identity(**json.loads(path.read_text("utf-8")))
        handle = os.pidfd_open(known.pid)
    except (OSError, ValueError, TypeError):
        return None
    try:
        # Asked while the handle is held: from here on the number cannot pass to another process.
        if identity(known.pid) != known or argument not in _command_line(known.pid):
            return None
        return known.pid if _end(handle, limit_s) else None
    finally:
        os.close(handle)


def _end(handle: int, limit_s: float) -> bool:
    for wanted in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, wanted)
        ended, _, _ = select.select([handle], [], [], limit_s / 3)  # readable when its last thread is gone
        if ended:
            return True
    return False


def _command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "surrogateescape").split("\0")
    except OSError:
        return []


def describe_exit(code: int) -> str:
    """`exit code 3`, or `SIGKILL`."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
