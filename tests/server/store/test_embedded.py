from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from server.store.data_lock import DataDirectoryInUse
from server.store.embedded import EmbeddedEngine, EngineError, engine_address
from server.store.mongo import Database, DuplicateKeyError, PyMongoError, connect, ping
from server.store.processes import Identity, identity
from tests.support.engine import running_engine
from tests.support.process import free_port

REPOSITORY = Path(__file__).parents[3]


async def until(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    async with asyncio.timeout(limit_s):
        while not condition():
            await asyncio.sleep(0.02)


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except ConnectionRefusedError:
        return True
    return False


def port_of(uri: str) -> int:
    return urlsplit(uri).port or 0


async def test_what_was_written_is_there_at_the_next_start(tmp_path: Path):
    async with running_engine(tmp_path) as uri:
        connection = await connect(uri, "baton")
        await connection.database["users"].insert_one({"_id": "1"})
        connection.close()
    async with running_engine(tmp_path) as uri:
        connection = await connect(uri, "baton")
        assert await connection.database["users"].count_documents({}) == 1
        connection.close()


async def test_it_is_not_asked_to_remember_its_answers_to_writes(tmp_path: Path):
    async with running_engine(tmp_path) as uri:
        connection = await connect(uri, "baton")
        client = cast("Any", connection.database).client
        assert client.options.retry_writes is False
        connection.close()


async def test_it_starts_and_stops_quickly_and_leaves_nothing_running(tmp_path: Path):
    engine = EmbeddedEngine(tmp_path)
    began = time.monotonic()
    uri = await engine.start()
    assert time.monotonic() - began < 10
    assert (tmp_path / "mongodb.uri").read_text() == uri + "\n"
    assert stat.S_IMODE((tmp_path / "mongodb.uri").stat().st_mode) == 0o600
    pid = engine.pid
    assert pid
    assert identity(pid)
    began = time.monotonic()
    await engine.stop()
    assert time.monotonic() - began < 4
    assert identity(pid) is None
    assert engine.pid is None
    assert {path.name for path in tmp_path.iterdir()} == {
        "baton.lock",
        "mongodb",
        "mongodb.log",
        "mongodb.toml",
    }
    await engine.stop()


async def test_a_killed_engine_comes_back_on_its_port_with_every_durable_write(tmp_path: Path):
    restarts: list[int] = []
    engine = EmbeddedEngine(tmp_path, lambda: restarts.append(1))
    connection = await connect(await engine.start(), "baton")
    writer = Writer(connection.database)
    writing = asyncio.create_task(writer.run())
    for round_number in range(1, 3):
        goal = writer.written + 20
        await until(lambda goal=goal: writer.written >= goal)
        assert engine.pid
        os.kill(engine.pid, signal.SIGKILL)
        await until(lambda rounds=round_number: len(restarts) == rounds)
    goal = writer.written + 5
    await until(lambda: writer.written >= goal)
    writer.stopping = True
    await writing
    stored = await connection.database["messages"].distinct("_id", {})
    assert sorted(stored) == list(range(1, writer.written + 1))
    connection.close()
    await engine.stop()


class Writer:
    """Writes 1, 2, 3 …, each until it is acknowledged."""

    def __init__(self, database: Database) -> None:
        self.messages = database["messages"]
        self.written = 0
        self.stopping = False

    async def run(self) -> None:
        while not self.stopping:
            try:
                await self.messages.insert_one({"_id": self.written + 1})
            except DuplicateKeyError:
                pass  # it was written after all, only its acknowledgement was lost
            except PyMongoError:
                continue
            self.written += 1


async def test_two_never_share_a_data_directory(tmp_path: Path):
    async with running_engine(tmp_path):
        with pytest.raises(DataDirectoryInUse, match=rf"in use by another Baton \(process {os.getpid()}\)"):
            await EmbeddedEngine(tmp_path).start()
        assert (tmp_path / "mongodb.uri").exists()


async def test_the_engine_of_another_on_the_port_it_wanted_is_not_taken_for_its_own(tmp_path: Path):
    async with running_engine(tmp_path / "theirs") as theirs:
        ports = iter([port_of(theirs), free_port()])
        engine = EmbeddedEngine(tmp_path / "ours", free_port=lambda: next(ports))
        ours = await engine.start()
        try:
            assert port_of(ours) != port_of(theirs)
            assert not refuses(port_of(ours))
        finally:
            await engine.stop()
        assert not refuses(port_of(theirs))


async def test_a_command_uses_the_engine_that_runs_or_one_of_its_own(tmp_path: Path):
    async with running_engine(tmp_path) as uri, engine_address(tmp_path) as found:
        assert found == uri
    async with engine_address(tmp_path) as own:
        connection = await connect(own, "baton")
        assert await ping(connection.database)
        connection.close()
    assert not (tmp_path / "mongodb.uri").exists()


async def test_an_engine_that_cannot_start_is_said_in_one_line(tmp_path: Path):
    (tmp_path / "mongodb").write_text("a file where the data should be")
    with pytest.raises(EngineError, match="The embedded database ended at its start") as caught:
        await EmbeddedEngine(tmp_path).start()
    assert len(str(caught.value).splitlines()) == 1
    (tmp_path / "mongodb").unlink()
    async with running_engine(tmp_path) as uri:
        assert uri


async def test_a_missing_engine_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(EngineError, match="set BATON_MONGODB_URI to a MongoDB of yours"):
        await EmbeddedEngine(tmp_path).start()


OWNER = """
import asyncio, sys
from pathlib import Path
from server.store.embedded import EmbeddedEngine

async def main():
    engine = EmbeddedEngine(Path(sys.argv[1]))
    uri = await engine.start()
    print(engine.pid, uri, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def owner_of(data_dir: Path) -> tuple[subprocess.Popen[str], int, str]:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data_dir)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout
    pid, uri = owner.stdout.readline().split()
    return owner, int(pid), uri


def kill(owner: subprocess.Popen[str]) -> None:
    owner.kill()
    owner.communicate()


async def test_the_engine_dies_with_a_killed_owner(tmp_path: Path):
    owner, pid, uri = owner_of(tmp_path)
    kill(owner)
    await until(lambda: identity(pid) is None)
    await until(lambda: refuses(port_of(uri)))
    async with running_engine(tmp_path) as again:
        assert again


async def test_an_engine_left_behind_is_ended_at_the_next_start(tmp_path: Path):
    # What a platform without a death signal leaves: the engine runs, its owner is gone.
    left = sleeper(str(tmp_path / "mongodb"))
    (tmp_path / "mongodb.pid").write_text(record_of(left.pid))
    async with running_engine(tmp_path):
        assert left.wait(5) == -signal.SIGTERM


async def test_a_process_that_only_has_the_number_is_left_alone(tmp_path: Path):
    other = sleeper("something else")
    (tmp_path / "mongodb.pid").write_text(record_of(other.pid))
    async with running_engine(tmp_path):
        assert other.poll() is None
    other.kill()
    other.wait()


def sleeper(argument: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", argument])


def record_of(pid: int) -> str:
    return json.dumps(asdict(cast("Identity", identity(pid))))
