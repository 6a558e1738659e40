"""The embedded engine: a MongoDB of our own, run as a child process with its data beside ours.

The engine (`secantusdb`, GPL-2.0) is a program that we start, never a module that we import.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from server.store.data_lock import DataLock, is_locked
from server.store.engine_files import EngineError, EngineFiles, address_of
from server.store.processes import describe_exit, end_remembered, remember

__all__ = ["EmbeddedEngine", "EngineError", "engine_address"]

_log = logging.getLogger(__name__)

START_LIMIT_S = 300.0
"""It takes 1.1 s, and 6 µs for each document there is: at its start the engine walks through all of them."""

# It takes 0.1 s, and some seconds with a client still connected. The second SIGTERM is for one that was lost
# in the engine's first moments; sent sooner it would interrupt the first. SIGKILL is safe, by the journal.
_STOP_SIGNALS = ((signal.SIGTERM, 1.5), (signal.SIGTERM, 1.5), (signal.SIGKILL, 0.0))
_KNOCK_S = 0.05
_FIRST_DELAY_S, _LONGEST_DELAY_S = 0.1, 5.0
_STEADY_S = 30.0  # an engine that ran this long starts again without delay

# {"serverStatus": 1, "$db": "admin"} as an OP_MSG. Asking by hand needs no client, and again 20 ms later.
_STATUS = struct.pack("<iiiiiB", 59, 1, 0, 2013, 0, 0) + (
    b"\x26\x00\x00\x00\x10serverStatus\x00\x01\x00\x00\x00\x02$db\x00\x06\x00\x00\x00admin\x00\x00"
)
_OK = b"\x01ok\x00" + struct.pack("<d", 1.0)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class EmbeddedEngine:
    """Owns the engine of one data directory, from `start` to `stop`.

    An engine that dies is started again on the same port, so that clients reconnect by themselves;
    `on_restart` is then called on the loop, when it answers.
    """

    def __init__(
        self,
        data_dir: Path,
        on_restart: Callable[[], None] | None = None,
        free_port: Callable[[], int] = _free_port,
    ) -> None:
        self._files = EngineFiles(data_dir.resolve())
        self._lock = DataLock(self._files.data_dir)
        self._on_restart = on_restart
        self._free_port = free_port
        self._port = 0
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The engine's process, None when there is none at the moment."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    async def start(self) -> str:
        """Start the engine and wait until it answers; gives its address.

        Raises EngineError, or DataDirectoryInUse when another Baton runs here.
        """
        self._files.prepare()
        await asyncio.to_thread(self._lock.acquire)
        try:
            await self._end_stale()
            process = await self._launch_on_a_free_port()
        except BaseException:
            await self.stop()
            raise
        uri = address_of(self._port)
        self._files.publish(uri)
        self._keeper = asyncio.create_task(self._keep_running(process), name="embedded engine")
        return uri

    async def stop(self) -> None:
        """Stop the engine and wait for its end; harmless when it does not run."""
        if self._keeper:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        await self._end()
        if self._lock.held:
            self._files.withdraw()
            self._lock.release()

    async def _end_stale(self) -> None:
        # The lock is ours, so an engine that still runs on these files has lost the Baton that started it.
        pid = await asyncio.to_thread(end_remembered, self._files.pid, str(self._files.storage))
        if pid:
            _log.warning("ended an embedded database that an earlier run left behind (process %d)", pid)

    async def _launch_on_a_free_port(self) -> asyncio.subprocess.Process:
        self._port = self._free_port()
        try:
            return await self._launch()
        except EngineError:
            if not _is_taken(self._port):
                raise
        # Between our look and its bind the port went to somebody else.
        self._port = self._free_port()
        return await self._launch()

    async def _launch(self) -> asyncio.subprocess.Process:
        with self._files.open_log() as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(Path(__file__).with_name("engine_child.py")),
                str(os.getpid()),
                *self._files.command(self._port),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._files.data_dir,
                env=_environment(),
                process_group=0,  # a terminal's Ctrl-C is for us; we stop the engine when we are done with it
            )
        self._process = process
        remember(self._files.pid, process.pid)
        try:
            async with asyncio.timeout(START_LIMIT_S):
                await self._until_it_answers(process)
        except TimeoutError:
            await self._end()
            raise EngineError(
                f"The embedded database did not answer within {START_LIMIT_S:g} s; see {self._files.log}."
            ) from None
        return process

    async def _until_it_answers(self, process: asyncio.subprocess.Process) -> None:
        while not await _answers(self._port, process.pid) or process.returncode is not None:
            if process.returncode is not None:
                raise EngineError(
                    f"The embedded database ended at its start ({describe_exit(process.returncode)}): "
                    f"{self._files.last_words()} See {self._files.log}."
                )
            await asyncio.sleep(0.02)

    async def _keep_running(self, process: asyncio.subprocess.Process) -> None:
        delay_s = 0.0
        while True:
            began_at = time.monotonic()
            code = await process.wait()
            _log.error("the embedded database ended (%s), starting it again", describe_exit(code))
            if time.monotonic() - began_at > _STEADY_S:
                delay_s = 0.0
            process, delay_s = await self._launch_again(delay_s)
            _log.warning("the embedded database answers again")
            if self._on_restart:
                self._on_restart()

    async def _launch_again(self, delay_s: float) -> tuple[asyncio.subprocess.Process, float]:
        while True:
            await asyncio.sleep(delay_s)
            delay_s = min(max(delay_s * 2, _FIRST_DELAY_S), _LONGEST_DELAY_S)
            try:
                return await self._launch(), delay_s
            except (EngineError, OSError) as error:
                _log.error("%s", error)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if not process:
            return
        ended = asyncio.ensure_future(process.wait())
        for wanted, patience_s in _STOP_SIGNALS:
            with suppress(ProcessLookupError):
                process.send_signal(wanted)
            for _ in range(int(patience_s / _KNOCK_S)):
                await asyncio.wait([ended], timeout=_KNOCK_S)
                if ended.done():
                    return
                # Its listening thread sees that it must stop when somebody knocks.
                await _answers(self._port, process.pid)
        await ended


@asynccontextmanager
async def engine_address(data_dir: Path) -> AsyncGenerator[str, None]:
    """The address of the engine of this data directory, for a command that runs beside the server or alone.

    Uses the engine of the Baton that runs here, else starts one for as long as the context lasts.
    """
    if is_locked(data_dir):
        try:
            uri = EngineFiles(data_dir).published()
        except FileNotFoundError:
            raise EngineError(f"Baton is just starting or stopping in {data_dir}; try again.") from None
        yield uri
        return
    engine = EmbeddedEngine(data_dir)
    try:
        yield await engine.start()
    finally:
        await engine.stop()


async def _answers(port: int, pid: int) -> bool:
    """Whether the engine of this process does: the port may have gone to the engine of another Baton."""
    try:
        async with asyncio.timeout(1.0):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(_STATUS)
                (length,) = struct.unpack("<i", await reader.readexactly(4))
                status = await reader.readexactly(length - 4)
                return _OK in status and any(number in status for number in _numbers(pid))
            finally:
                writer.close()
                await writer.wait_closed()
    except (OSError, EOFError, TimeoutError, ValueError):
        return False


def _numbers(pid: int) -> tuple[bytes, bytes]:
    """The field as BSON has it, of 32 bits or of 64."""
    return b"\x10pid\x00" + struct.pack("<i", pid), b"\x12pid\x00" + struct.pack("<q", pid)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _environment() -> dict[str, str]:
    # Our secrets are none of the engine's business.
    return {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
