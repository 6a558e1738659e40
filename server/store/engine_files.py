"""What the embedded engine keeps in the data directory, and how it is called."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from actors.errors import BatonError

_PROGRAM = "secantusd-py"
_LOG_BYTES = 5 * 1024 * 1024
_CACHE = "256M"  # its own default of 1G is for a machine of its own


def address_of(port: int) -> str:
    """Where the engine is reached.

    Without retryable writes. It keeps the answers to them for half an hour, 10,000 at most, and looks through
    all of them twice for each write: among so many an insert took 13.3 ms instead of 0.9. And they die with
    the engine, whose death is what breaks a connection to it, so that an insert sent again by the driver
    could be told as a duplicate of itself. `Persistence` repeats what may be repeated.
    """
    return f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"


class EngineError(BatonError):
    """The engine cannot be started. Its text is one line."""


class EngineFiles:
    """Paths: `storage` the data, `uri` the address while it runs, `pid` the process, `log` its output."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.storage = data_dir / "mongodb"
        self.uri = data_dir / "mongodb.uri"
        self.pid = data_dir / "mongodb.pid"
        self.log = data_dir / "mongodb.log"
        self._config = data_dir / "mongodb.toml"

    def prepare(self) -> None:
        """Make what must be there before the engine starts."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._config.write_text("# Given to the engine so that it reads no other file.\n", "ascii")

    def command(self, port: int) -> list[str]:
        """The engine's command line. Raises EngineError when it is not installed."""
        program = Path(sys.executable).with_name(_PROGRAM)
        if not program.exists():
            raise EngineError(
                f"The embedded database is not installed ({program} is missing). "
                "Install the package secantusdb, or set BATON_MONGODB_URI to a MongoDB of yours."
            )
        options = {
            "--config": str(self._config),
            "--host": "127.0.0.1",
            "--port": str(port),
            "--storage-path": str(self.storage),
            "--cache-size": _CACHE,
            "--log-level": "WARNING",
        }
        # Else it says `j: true` before the journal is on the disk, and a power cut loses what was acked.
        return [str(program), "--sync-on-commit", *(part for option in options.items() for part in option)]

    def open_log(self) -> BinaryIO:
        """The file for the engine's output; a large one is put aside first."""
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > _LOG_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("ab")

    def last_words(self) -> str:
        """The last line the engine wrote."""
        lines = self.log.read_text("utf-8", "replace").strip().splitlines()
        return lines[-1].strip() if lines else "It said nothing."

    def publish(self, uri: str) -> None:
        """Write the address down for whoever wants to look, readable by us alone."""
        draft = self.uri.with_suffix(".uri.new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(uri + "\n")
        draft.replace(self.uri)

    def published(self) -> str:
        """The address that `publish` wrote. Raises FileNotFoundError."""
        return self.uri.read_text("ascii").strip()

    def withdraw(self) -> None:
        """Remove what is true only while the engine runs."""
        self.uri.unlink(missing_ok=True)
        self.pid.unlink(missing_ok=True)
