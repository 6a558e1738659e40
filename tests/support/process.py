"""The whole of Baton as a process of its own: started, killed and started again on the same data."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Self

import pymongo
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

from server.cli import main

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 30.0


class BatonProcess:
    """A `baton demo` on a free port and a data directory of its own.

    Use as an async context; the process has ended when it is left.
    """

    ready_within_s = READY_WITHIN_S

    def __init__(self, data_dir: Path, command: str = "demo", **environment: str) -> None:
        self.data_dir = data_dir
        self._reserved = reserved_port()
        self.port = int(self._reserved.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = command
        self._given = environment
        self._process: asyncio.subprocess.Process | None = None
        self._log = data_dir.parent / f"{data_dir.name}.log"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
        self._reserved.close()

    @property
    def pid(self) -> int:
        """The server's process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything it has printed."""
        return self._log.read_text("utf-8") if self._log.exists() else ""

    @property
    def engine_pid(self) -> int:
        """The embedded engine's process id."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
        assert len(children) == 1, f"expected the engine alone below Baton, found {children}"
        return int(children[0])

    async def start(self) -> None:
        """Start, and wait until it is ready."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "server",
                self._command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        await self.until_ready()

    async def until_ready(self) -> None:
        """Wait until `/readyz` says so."""
        async with asyncio.timeout(self.ready_within_s):
            while not await self._is_ready():
                assert self._process is not None
                assert self._process.returncode is None, f"Baton ended:\n{self.log}"
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End it as a crash would, at once and without a word."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """End it as a supervisor would; gives the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
            try:
                async with asyncio.timeout(15):
                    await self._process.wait()
            except TimeoutError:
                os.kill(self.pid, signal.SIGKILL)
                await self._process.wait()
                raise
        return self._process.returncode or 0

    def mongo(self) -> pymongo.MongoClient:
        """A client of the embedded engine, as an admin with `mongosh` has it."""
        uri = (self.data_dir / "mongodb.uri").read_text("ascii").strip()
        return pymongo.MongoClient(uri, tz_aware=True)

    async def _is_ready(self) -> bool:
        try:
            return (await AsyncHTTPClient().fetch(f"{self.url}/readyz")).code == 200
        except (HTTPClientError, OSError):
            return False

    @property
    def environment(self) -> dict[str, str]:
        """What it runs with, for commands beside it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
        ours = {"BATON_PORT": str(self.port), "BATON_DATA_DIR": str(self.data_dir)}
        return {**kept, **ours, **self._given}


def reserved_port() -> socket.socket:
    """Holds a free port on the loopback until closed: a server can listen on it, and nobody else is given it.

    Until a server listens, at its start and whenever it is started again, seconds pass in which every new
    connection on this machine is given a port of the same range.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


def free_port() -> int:
    """A port on the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def run_baton(*arguments: str, stdin: str = "", **environment: str) -> tuple[int, str]:
    """Run a command to its end; gives the exit code and all it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server",
        *arguments,
        cwd=ROOT,
        env={**kept, **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(30):
        output, _ = await process.communicate(stdin.encode())
    return process.returncode or 0, output.decode()


async def run_here(*arguments: str, **environment: str) -> tuple[int, str]:
    """The same in a thread of this process: what a command does, without a second for its start."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        async with asyncio.timeout(30):
            code = await asyncio.to_thread(main, arguments, environment)
    return code, printed.getvalue()
