from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.store.data_lock import DataDirectoryInUse, DataLock, is_locked


def test_it_is_held_once(tmp_path: Path):
    first, second = DataLock(tmp_path), DataLock(tmp_path)
    assert not is_locked(tmp_path)
    first.acquire()
    assert first.held
    assert is_locked(tmp_path)
    with pytest.raises(DataDirectoryInUse, match=f"process {os.getpid()}"):
        second.acquire(patience_s=0.1)
    assert not second.held
    first.release()
    first.release()
    second.acquire(patience_s=0.1)
    second.release()
    assert not is_locked(tmp_path)


def test_it_goes_with_a_killed_process(tmp_path: Path):
    code = "import sys, pathlib; from server.store.data_lock import DataLock; "
    code += "DataLock(pathlib.Path(sys.argv[1])).acquire(); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout
        holder.stdout.readline()
        assert is_locked(tmp_path)
        holder.kill()
    lock = DataLock(tmp_path)
    lock.acquire(patience_s=0.1)
    lock.release()
