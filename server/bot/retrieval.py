"""One workspace's passages, found by BM25 in SQLite's full-text index in memory, then ranked more exactly.

Used from the loop's thread alone.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from server.bot.ranking import Analysis, Fit, Question, analyse
from server.bot.synonyms import SYNONYMS
from server.bot.words import terms, words

MAX_QUERY_CHARACTERS = 2_000  # the end of a long message holds its question as often as its beginning
MAX_QUERY_TERMS = 24
MATCHED_ROWS = 2_000  # BM25 costs about 1 µs for each passage that any term matches
CANDIDATES = 32
TITLE_WEIGHT = 3.0  # a word in the heading counts as three in the text

_SCHEMA = """
CREATE VIRTUAL TABLE passages USING fts5(
    title, text, asked, tokenize = 'porter unicode61 remove_diacritics 2'
)"""
_ADD = "INSERT INTO passages(rowid, title, text, asked) VALUES (?, ?, ?, ?)"
_VOCABULARY = "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(passages, row)"
_RANKED = f"""
SELECT rowid, bm25(passages, {TITLE_WEIGHT}) AS rank FROM passages
WHERE passages MATCH ? ORDER BY rank, rowid LIMIT {CANDIDATES}
"""  # noqa: S608 - our own numbers
_COUNTS = "SELECT term, doc FROM vocabulary WHERE term IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Indexed:
    """A passage as it goes into the index. `url` leads to it, or is empty.

    `asked` holds other words for what it answers; they are looked in and never shown.
    """

    passage_id: str
    source_id: str
    title: str
    text: str
    url: str = ""
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that fits.

    `score` orders hits. `coverage`, 0 to 1, is mostly the share of the question that two neighbouring
    sentences of the passage and its headings speak of; rare words count for more, those that no passage knows
    most. The rest is how alike the question is to the heading, or to a phrase that the author expected. It is
    0 when the passage leaves out what the question is about.
    """

    passage_id: str
    title: str
    text: str
    score: float
    coverage: float
    url: str = ""


class PassageIndex:
    """The passages of a workspace."""

    def __init__(self, passages: Iterable[Indexed] = ()) -> None:
        self._database = sqlite3.connect(":memory:", isolation_level=None)
        self._closing = weakref.finalize(self, self._database.close)
        self._database.execute(_SCHEMA)
        self._database.execute(_VOCABULARY)
        self._passages: dict[int, Indexed] = {}
        self._analyses: dict[int, Analysis] = {}
        self._rows: dict[str, list[int]] = {}
        self._next_row = 1
        self.add(passages)

    def __len__(self) -> int:
        return len(self._passages)

    def add(self, passages: Iterable[Indexed]) -> None:
        """Add passages to what is there."""
        rows: list[tuple[int, str, str, str]] = []
        for passage in passages:
            row, self._next_row = self._next_row, self._next_row + 1
            self._passages[row] = passage
            self._rows.setdefault(passage.source_id, []).append(row)
            fields = (passage.title, passage.text, "\n".join(passage.asked))
            title, text, asked = (" ".join(words(field)) for field in fields)
            rows.append((row, title, text, asked))
        self._database.execute("BEGIN")
        self._database.executemany(_ADD, rows)
        self._database.execute("COMMIT")

    def replace(self, source_id: str, passages: Iterable[Indexed]) -> None:
        """Put these in the place of a source's passages."""
        self.remove(source_id)
        self.add(passages)

    def remove(self, source_id: str) -> None:
        """Take out a source's passages; an unknown source has none."""
        rows = self._rows.pop(source_id, [])
        self._database.executemany("DELETE FROM passages WHERE rowid = ?", [(row,) for row in rows])
        for row in rows:
            del self._passages[row]
            self._analyses.pop(row, None)

    def search(self, query: str, limit: int = 5) -> list[Hit]:
        """The best passages for any text a visitor may write, best first; none for nothing to look for."""
        text = shortened(query)
        asked = terms(text)[:MAX_QUERY_TERMS]
        wider = dict.fromkeys(
            [*asked, *(other for term in asked for other in sorted(SYNONYMS.get(term, ())))]
        )
        counts = dict(self._database.execute(_COUNTS, [json.dumps(list(wider))]))
        found = self._candidates(_affordable(counts))
        if not found:
            return []
        question = Question(text, asked, counts, len(self._passages))
        best = found[0][1]
        hits = [self._hit(row, question.fit(self._analysis(row), rank / best)) for row, rank in found]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def close(self) -> None:
        """Free the memory. Happens by itself when nobody holds the index any more."""
        self._closing()

    def _candidates(self, asked: Sequence[str]) -> list[tuple[int, float]]:
        """Rows with their BM25 rank: below zero, the lowest first."""
        expression = " OR ".join(f'"{term}"' for term in asked)  # terms are letters and digits alone
        return self._database.execute(_RANKED, [expression]).fetchall() if asked else []

    def _analysis(self, row: int) -> Analysis:
        if row not in self._analyses:
            passage = self._passages[row]
            self._analyses[row] = analyse(passage.title, passage.text, passage.asked)
        return self._analyses[row]

    def _hit(self, row: int, fit: Fit) -> Hit:
        passage = self._passages[row]
        return Hit(passage.passage_id, passage.title, passage.text, fit.score, fit.coverage, passage.url)


def shortened(query: str) -> str:
    """The beginning and the end of a text that is too long to be looked up whole."""
    if len(query) <= MAX_QUERY_CHARACTERS:
        return query
    half = MAX_QUERY_CHARACTERS // 2
    return query[:half] + " " + query[-half:]


def _affordable(counts: dict[str, int]) -> list[str]:
    """The terms to rank by: from the rarest on, until they match `MATCHED_ROWS`, but at least one."""
    rarest_first = sorted(counts, key=lambda term: (counts[term], term))
    sums = accumulate(counts[term] for term in rarest_first)
    fitting = [term for term, rows in zip(rarest_first, sums, strict=True) if rows <= MATCHED_ROWS]
    return fitting or rarest_first[:1]
