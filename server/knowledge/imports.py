"""Files and folders brought into a workspace's knowledge."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from actors.errors import BatonError
from server.knowledge.documents import MAX_BYTES, SUFFIXES, Document, DocumentError, kind_of, read_document
from server.knowledge.knowledge import Knowledge

MAX_FILES = 2_000


@dataclass(frozen=True, slots=True)
class Imported:
    """A source that was brought in. `changed` is False when it was there just so."""

    name: str
    passage_count: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of each file."""

    imported: tuple[Imported, ...]
    skipped: tuple[Skipped, ...]

    @property
    def passage_count(self) -> int:
        """How many passages the imported sources have."""
        return sum(source.passage_count for source in self.imported)


async def import_path(knowledge: Knowledge, path: Path) -> ImportReport:
    """Import a file, or every file under a folder; a source's name is the file's path below that folder.

    Hidden files and folders are passed over, links are not followed. A file that cannot be read does not stop
    the others.

    Raises:
        BatonError: there is no such file or folder, or it holds too many files.
    """
    files = await asyncio.to_thread(_files, path)
    before = {source.name: source.digest for source in await knowledge.list_sources()}
    imported: list[Imported] = []
    skipped: list[Skipped] = []
    for name, file in files:
        try:
            document = await asyncio.to_thread(_read, name, file)
        except DocumentError as error:
            skipped.append(Skipped(name, str(error).removeprefix(f"{name}: ")))
            continue
        changed = before.get(name) != document.digest
        if changed:
            await knowledge.replace_source(name, document)
        imported.append(Imported(name, len(document.passages), changed))
    return ImportReport(tuple(imported), tuple(skipped))


def _files(path: Path) -> list[tuple[str, Path]]:
    if not path.exists():
        raise BatonError(f"There is no file or folder {path}")
    if not path.is_dir():
        return [(path.name, path)]
    files = sorted(_below(path))
    if len(files) > MAX_FILES:
        raise BatonError(f"{path} holds more than {MAX_FILES:,} files; import its folders one by one")
    return [(file.relative_to(path).as_posix(), file) for file in files]


def _below(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _below(entry)
        elif entry.is_file():
            yield entry


def _read(name: str, file: Path) -> Document:
    if kind_of(name) is None:
        known = ", ".join(sorted(SUFFIXES))
        raise DocumentError(f"{name}: not one of {known}")
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise DocumentError(f"{name}: cannot be read ({error.strerror})") from error
    return read_document(name, data)
