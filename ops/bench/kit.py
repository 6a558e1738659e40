"""What benchmarks need beside Baton, made at need in `var/bench`, which git ignores: peers and the C tools.

Each call gives where the thing is, or raises `MissingError`, whose text says why its users are not run.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from ops.bench.harness import HERE

PEERS = HERE / "peers"
CACHE = HERE.parents[1] / "var" / "bench"


class MissingError(Exception):
    """Something could not be installed or built here."""


def node_peers() -> Path:
    """The folder of `peers/*.mjs` with its packages, by `npm ci` from their lock file."""
    packages = [PEERS / "package.json", PEERS / "package-lock.json"]
    folder = CACHE / f"node-{_key(packages)}"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for path in packages:
            shutil.copy(path, folder)
        _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder)
        (folder / "complete").touch()
    for path in PEERS.glob("*.mjs"):
        shutil.copy(path, folder)
    return folder


def python_peers() -> Path:
    """The interpreter of an environment with `peers/requirements.txt`."""
    wanted = PEERS / "requirements.txt"
    folder = CACHE / f"python-{_key([wanted])}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", str(wanted)])
        (folder / "complete").touch()
    return python


def c_program(source: Path) -> Path:
    """A C file, compiled."""
    program = CACHE / f"{source.stem}-{_key([source])}"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        _run(["cc", "-O2", "-Wall", "-o", str(program), str(source)])
    return program


def system_program(name: str) -> str:
    """A program that the machine has."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise MissingError(f"{name} is not installed")
    return found


def _key(paths: list[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:12]


def _run(command: list[str], folder: Path | None = None) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=600)
    except FileNotFoundError:
        raise MissingError(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise MissingError(f"{command[0]} took more than ten minutes") from None
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout or "").strip().splitlines()
        raise MissingError(f"{command[0]} failed: {said[-1] if said else error.returncode}") from None
