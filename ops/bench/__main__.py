"""Run a benchmark, all of them, or write the report.

python -m ops.bench NAME [--quick] [--rounds N] …
python -m ops.bench all [--quick]     every benchmark that has a sheet, one after the other
python -m ops.bench report            tables and charts of what was last run, into RESULTS.md
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import ModuleType

from ops import bench
from ops.bench.harness import Sheet

LONGEST_S = 2700
"""A benchmark that takes longer is ended, so that the others still run."""


def main(argv: Sequence[str]) -> int:
    """Run what was asked for; gives the exit code."""
    name, *rest = argv or ("",)
    if name == "all":
        return run_all(rest)
    run = getattr(modules().get(name), "main", None)
    if run is None:
        print(__doc__)
        print("Benchmarks:", ", ".join(name for name, found in modules().items() if hasattr(found, "main")))
        return 2
    return run(rest)


def modules() -> dict[str, ModuleType]:
    """What is here, by name. A module that cannot be imported is named and left out."""
    found: dict[str, ModuleType] = {}
    for module in pkgutil.iter_modules(bench.__path__):
        if module.ispkg or module.name == "__main__":
            continue
        try:
            found[module.name] = importlib.import_module(f"ops.bench.{module.name}")
        except Exception as error:  # noqa: BLE001 - one broken benchmark must not keep the others from running
            print(f"{module.name} cannot be imported: {error}", flush=True)
    return found


def sheets() -> list[Sheet]:
    """The sheets there are, by row."""
    found = [getattr(module, "SHEET", None) for module in modules().values()]
    return sorted((sheet for sheet in found if isinstance(sheet, Sheet)), key=lambda sheet: sheet.row)


def run_all(arguments: Sequence[str]) -> int:
    """Run each in a process of its own. What fails is named at the end, and the others run all the same."""
    failed: list[str] = []
    for sheet in sheets():
        began = time.monotonic()
        print(f"== {sheet.row}. {sheet.title}", flush=True)
        ended = _run_apart([sys.executable, "-m", "ops.bench", sheet.bench, *arguments])
        print(f"== {sheet.bench}: {ended or 'done'}, {time.monotonic() - began:.0f} s\n", flush=True)
        if ended:
            failed.append(f"{sheet.bench} ({ended})")
    if failed:
        print("Not well:", ", ".join(failed))
    return 1 if failed else 0


def _run_apart(command: Sequence[str]) -> str:
    """Run a command; gives what was wrong, if anything."""
    process = subprocess.Popen(command, start_new_session=True)
    try:
        code = process.wait(LONGEST_S)
    except subprocess.TimeoutExpired:
        return f"ended after {LONGEST_S} s"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM if process.poll() is None else signal.SIGKILL)
    return f"exit code {code}" if code else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
