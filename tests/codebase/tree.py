"""What the project's own files are: the tests here look at nothing else."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("actors", "handlers", "server")
_FOLDERS = (*PACKAGES, "web", "ops", "tests")
_FOREIGN = {"vendor", "node_modules", "__pycache__"}


def files(*suffixes: str) -> list[Path]:
    """Our files with one of these endings, by path."""
    found = [
        path for folder in _FOLDERS for suffix in suffixes for path in (ROOT / folder).rglob(f"*{suffix}")
    ]
    return sorted(path for path in found if path.is_file() and not _FOREIGN & set(path.parts))


def modules(*packages: str) -> list[Path]:
    """The Python files of these packages."""
    return [path for path in files(".py") if path.relative_to(ROOT).parts[0] in packages]


def name(path: Path) -> str:
    """The path as people say it, from the project's root."""
    return path.relative_to(ROOT).as_posix()
