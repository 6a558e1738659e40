"""Which words are where, in a SQLite file of our own: derived from the database, and made anew at need.

Blocking: for threads. One connection writes, another reads beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

VERSION = 2
"""Of the tables and of what counts as a word. Files of another are thrown away."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS items (
    number INTEGER PRIMARY KEY, space TEXT NOT NULL, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL,
    at INTEGER NOT NULL, engaged INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS newest ON items (space, at, id);
CREATE INDEX IF NOT EXISTS newest_engaged ON items (space, at, id) WHERE engaged;
CREATE INDEX IF NOT EXISTS owned ON items (owner);
CREATE TABLE IF NOT EXISTS words (
    space TEXT NOT NULL, word TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (space, word, item)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS words_of_item ON words (item, word);
"""
_HAS = " AND EXISTS (SELECT 1 FROM words AS has WHERE has.item = number AND has.word >= ? AND has.word < ?)"
_AFTER_ALL = "\U0010ffff"

FEW = 500
"""Up to so many that have the rarest word are sorted; of more the newest are looked at, one by one."""

MOST_LOOKED_AT = 4_000
"""Of one page, before it is given as it is: 15 ms."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is found: a conversation or a lead. `space` keeps those of one workspace and kind together.

    `owner` is the conversation that it goes with. `at`, in ms, sorts; neither it nor `engaged` goes back.
    """

    space: str
    id: str
    owner: str
    at: int
    engaged: bool
    words: Collection[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for: items of a space with words that begin with each of these."""

    space: str
    words: Sequence[str]
    engaged: bool = False
    """Only those in which a visitor did something."""

    @property
    def also(self) -> str:
        """The condition of `engaged`."""
        return "AND engaged" if self.engaged else ""


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that has the words."""

    at: int
    id: str


@dataclass(frozen=True, slots=True)
class Hits:
    """Newest first. `more` says from where on to look for more; None when there are none."""

    found: Sequence[Hit]
    more: Hit | None


class WordStore:
    """The file. Raises sqlite3.Error."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = self._opened()
        self._reader = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._reader.execute("PRAGMA query_only = 1")
        for connection in (self._writer, self._reader):
            connection.execute("PRAGMA cache_size = -16000")  # KiB

    def close(self) -> None:
        """Close the file."""
        self._reader.close()
        self._writer.close()

    def mark(self, name: str) -> str | None:
        """What was noted under a name."""
        row = self._writer.execute("SELECT value FROM marks WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def write(self, items: Iterable[Item], gone: Iterable[str], marks: dict[str, str]) -> None:
        """Add words to items, forget what owners that are gone had, note marks: all of it or nothing."""
        with self._writer:
            self._writer.execute("BEGIN")
            # In the order of the table: at 100,000 conversations half the time of any other.
            rows = sorted(row for item in items for row in self._rows(item))
            self._writer.executemany("INSERT OR IGNORE INTO words VALUES (?, ?, ?)", rows)
            for owner in gone:
                self._forget(owner)
            self._writer.executemany("REPLACE INTO marks VALUES (?, ?)", marks.items())

    def clear(self) -> None:
        """Forget everything."""
        with self._writer:
            for table in ("words", "items", "marks"):
                self._writer.execute(f"DELETE FROM {table}")  # noqa: S608 - one of the three

    def unknown(self, ids: Sequence[str]) -> list[str]:
        """Those of these that were never added, or forgotten."""
        query = "SELECT 1 FROM items WHERE id = ?"
        return [each for each in ids if not self._writer.execute(query, (each,)).fetchone()]

    def page(self, asked: Asked, before: Hit | None, limit: int) -> Hits:
        """Up to `limit`, all of them older than `before`."""
        rarest, count = self._rarest(asked)
        if count < FEW:
            return _sorted(self._having(asked, rarest), before, limit)
        return self._newest(asked, before, limit)

    def all(self, asked: Asked) -> list[str]:
        """Every one."""
        rarest, _ = self._rarest(asked)
        return [hit.id for hit in self._having(asked, rarest)]

    def among(self, asked: Asked, ids: Sequence[str]) -> set[str]:
        """Those of these that are asked for."""
        query = f"SELECT id FROM items WHERE space = ? AND id = ? {_HAS * len(asked.words)}"  # noqa: S608 - no values
        ranges = _ranges(asked.words)
        return {each for each in ids if self._reader.execute(query, (asked.space, each, *ranges)).fetchone()}

    # Inside

    def _opened(self) -> sqlite3.Connection:
        try:
            connection = self._connected()
            if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
                return connection
            connection.close()
        except sqlite3.DatabaseError:  # a damaged file, or none of ours
            pass
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        connection = self._connected()
        connection.executescript(_SCHEMA)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        return connection

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
        self._path.chmod(0o600)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut takes the marks back with the words
        connection.execute(
            "PRAGMA secure_delete = ON"
        )  # what is deleted is not to be read in the file either
        return connection

    def _rows(self, item: Item) -> list[tuple[str, str, int]]:
        number = self._writer.execute(
            "INSERT INTO items (space, id, owner, at, engaged) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO "
            "UPDATE SET at = max(at, excluded.at), engaged = max(engaged, excluded.engaged) RETURNING number",
            (item.space, item.id, item.owner, item.at, item.engaged),
        ).fetchone()[0]
        return [(item.space, word, number) for word in item.words]

    def _forget(self, owner: str) -> None:
        for number in self._writer.execute("SELECT number FROM items WHERE owner = ?", (owner,)).fetchall():
            rows = self._writer.execute(
                "SELECT space, word, item FROM words WHERE item = ?", number
            ).fetchall()
            self._writer.executemany("DELETE FROM words WHERE space = ? AND word = ? AND item = ?", rows)
        self._writer.execute("DELETE FROM items WHERE owner = ?", (owner,))

    def _rarest(self, asked: Asked) -> tuple[str, int]:
        query = (
            "SELECT count(*) FROM (SELECT 1 FROM words WHERE space = ? AND word >= ? AND word < ? LIMIT ?)"
        )
        counts = {
            word: self._reader.execute(query, (asked.space, word, word + _AFTER_ALL, FEW)).fetchone()[0]
            for word in asked.words
        }
        return min(counts.items(), key=lambda pair: pair[1])

    def _having(self, asked: Asked, rarest: str) -> list[Hit]:
        others = [word for word in asked.words if word != rarest]
        query = (
            "SELECT DISTINCT number, at, id FROM words JOIN items ON number = item "  # noqa: S608 - no values
            f"WHERE words.space = ? AND word >= ? AND word < ? {asked.also} {_HAS * len(others)}"
        )
        return self._hits(query, (asked.space, rarest, rarest + _AFTER_ALL, *_ranges(others)))

    def _newest(self, asked: Asked, before: Hit | None, limit: int) -> Hits:
        older, place = ("", ()) if before is None else ("AND (at, id) < (?, ?)", (before.at, before.id))
        newest = (
            f"SELECT number, at, id FROM items WHERE space = ? {asked.also} {older} "  # noqa: S608 - no values
            "ORDER BY at DESC, id DESC LIMIT ?"
        )
        looked_at = f"SELECT * FROM ({newest}) WHERE true"  # noqa: S608 - no values
        values = (asked.space, *place, MOST_LOOKED_AT)
        query = f"{looked_at} {_HAS * len(asked.words)} LIMIT ?"
        found = self._hits(query, (*values, *_ranges(asked.words), limit))
        if len(found) == limit:
            return Hits(found, found[-1])
        last = self._hits(f"{looked_at} LIMIT 1 OFFSET ?", (*values, MOST_LOOKED_AT - 1))
        return Hits(found, last[0] if last else None)

    def _hits(self, query: str, values: Sequence[object]) -> list[Hit]:
        return [Hit(at, identity) for _, at, identity in self._reader.execute(query, values)]


def _sorted(hits: list[Hit], before: Hit | None, limit: int) -> Hits:
    if before is not None:
        hits = [hit for hit in hits if (hit.at, hit.id) < (before.at, before.id)]
    hits.sort(key=lambda hit: (hit.at, hit.id), reverse=True)
    return Hits(hits[:limit], hits[limit - 1] if len(hits) > limit else None)


def _ranges(words: Iterable[str]) -> list[str]:
    return [end for word in words for end in (word, word + _AFTER_ALL)]
