"""The lock on a data directory: two processes never run an engine on the same files."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from actors.errors import BatonError

_FILE = "baton.lock"


class DataDirectoryInUse(BatonError):
    """Another Baton runs on this data directory."""


class DataLock:
    """Held from `acquire` to `release`, and gone with the process however it ends."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / _FILE
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Whether the lock is ours."""
        return self._file is not None

    def acquire(self, patience_s: float = 1.0) -> None:
        """Take the lock. Waits a little for one that is just ending. Raises DataDirectoryInUse."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        give_up_at = time.monotonic() + patience_s
        while not _try(file, fcntl.LOCK_EX):
            if time.monotonic() > give_up_at:
                holder = os.pread(file, 32, 0).decode("ascii", "replace").strip()
                os.close(file)
                raise DataDirectoryInUse(
                    f"{self._path.parent} is in use by another Baton (process {holder or 'unknown'}). "
                    "Stop it, or set BATON_DATA_DIR to another directory."
                )
            time.sleep(0.05)
        os.ftruncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._file = file

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def is_locked(data_dir: Path) -> bool:
    """Whether a Baton runs on this data directory."""
    try:
        file = os.open(data_dir / _FILE, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _try(file, fcntl.LOCK_SH)
    finally:
        os.close(file)


def _try(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
