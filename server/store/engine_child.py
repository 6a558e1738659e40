"""What the embedded engine's process runs first: it ties its life to ours, then becomes the engine.

Started as `python -I engine_child.py PARENT_PID PROGRAM ARGUMENT...`. Without this, `kill -9` of Baton would
leave an engine behind. A program of its own, for code between fork and exec is not safe beside threads.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become the program; exit at once when the parent has died already."""
    parent, *command = arguments
    if sys.platform == "linux":
        # SIGKILL, for a SIGTERM in the engine's first moments is lost; its journal makes that safe.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
