from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.store.processes import describe_exit, end_remembered, identity, remember


def sleeper(program: str = "import time; print(flush=True); time.sleep(600)") -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-c", program, "ours"], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    return process


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    with sleeper() as running:
        yield running
        running.kill()


def test_a_remembered_process_is_ended(tmp_path: Path, process: subprocess.Popen[bytes]):
    remember(tmp_path / "pid", process.pid)
    assert end_remembered(tmp_path / "pid", "ours") == process.pid
    assert process.wait(5) == -signal.SIGTERM


def test_one_that_ignores_the_signal_is_killed(tmp_path: Path):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    deaf += "print(flush=True); time.sleep(600)"
    with sleeper(deaf) as process:
        remember(tmp_path / "pid", process.pid)
        assert end_remembered(tmp_path / "pid", "ours", limit_s=0.9) == process.pid
        assert process.wait(5) == -signal.SIGKILL


@pytest.mark.parametrize("change", [{"started": 1}, {"boot": "another"}])
def test_another_process_of_that_number_is_left_alone(
    tmp_path: Path, process: subprocess.Popen[bytes], change: dict[str, object]
):
    remember(tmp_path / "pid", process.pid)
    record = json.loads((tmp_path / "pid").read_text())
    (tmp_path / "pid").write_text(json.dumps(record | change))
    assert end_remembered(tmp_path / "pid", "ours") is None
    assert process.poll() is None


def test_a_process_without_the_argument_is_left_alone(tmp_path: Path, process: subprocess.Popen[bytes]):
    remember(tmp_path / "pid", process.pid)
    assert end_remembered(tmp_path / "pid", "theirs") is None
    assert process.poll() is None


@pytest.mark.parametrize("record", ["", "{}", "[]", "12", '{"pid": -1, "started": 1, "boot": ""}'])
def test_a_spoilt_record_ends_nothing(tmp_path: Path, record: str):
    (tmp_path / "pid").write_text(record)
    assert end_remembered(tmp_path / "pid", "ours") is None
    assert end_remembered(tmp_path / "absent", "ours") is None


def test_a_process_that_is_gone_has_no_identity(process: subprocess.Popen[bytes]):
    assert identity(os.getpid()) == identity(os.getpid())
    process.kill()
    process.wait()
    assert identity(process.pid) is None


def test_exits_are_named():
    assert (describe_exit(3), describe_exit(-9)) == ("exit code 3", "SIGKILL")
