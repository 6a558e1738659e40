"""One workspace's passages, found by BM25 in SQLite's full-text index in memory, then ranked more exactly.

Used from the loop's thread alone.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from actors.speech import ENGLISH
from server.bot.lexicon import LEXICONS, Lexicon, lexicon_of
from server.bot.ranking import Analysis, Fit, Question, analyse

MAX_QUERY_CHARACTERS = 2_000  # the end of a long message holds its question as often as its beginning
MAX_QUERY_TERMS = 24
MATCHED_ROWS = 2_000  # BM25 costs about 1 µs for each passage that any term matches
CANDIDATES = 32
TITLE_WEIGHT = 3.0  # a word in the heading counts as three in the text

_OTHER_LANGUAGE = 0.9  # of the score: "WordPress?" is answered in the visitor's language, where it can be

# Filled with stems, each behind the code of its language: "die" is a word in German and another in English.
_SCHEMA = "CREATE VIRTUAL TABLE passages USING fts5(title, text, asked)"
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
    language: str = ENGLISH


class PassageIndex:
    """The passages of a workspace."""

    def __init__(self, passages: Iterable[Indexed] = ()) -> None:
        self._database = sqlite3.connect(":memory:", isolation_level=None)
        self._closing = weakref.finalize(self, self._database.close)
        self._database.execute(_SCHEMA)
        self._database.execute(_VOCABULARY)
        self._passages: dict[int, Indexed] = {}
        self._languages: dict[int, str] = {}
        self._totals: Counter[str] = Counter()
        self._analyses: dict[int, Analysis] = {}
        self._rows: dict[str, list[int]] = {}
        self._next_row = 1
        self.add(passages)

    def __len__(self) -> int:
        return len(self._passages)

    def add(self, passages: Iterable[Indexed]) -> None:
        """Add passages to what is there. Each is read in the language that its words tell."""
        rows: list[tuple[int, str, str, str]] = []
        for passage, lexicon in _with_languages(tuple(passages)):
            row, self._next_row = self._next_row, self._next_row + 1
            self._passages[row] = passage
            self._languages[row] = lexicon.language
            self._totals[lexicon.language] += 1
            self._rows.setdefault(passage.source_id, []).append(row)
            fields = (passage.title, passage.text, "\n".join(passage.asked))
            title, text, asked = (" ".join(_tokens(lexicon, lexicon.stems(field))) for field in fields)
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
            self._totals[self._languages.pop(row)] -= 1
            self._analyses.pop(row, None)

    def search(self, query: str, limit: int = 5, language: str = ENGLISH) -> list[Hit]:
        """The best passages for any text a visitor may write, best first; none for nothing to look for.

        `language` is the visitor's: of passages that fit as well, those in it come first.
        """
        text = shortened(query)
        read = {each: LEXICONS[each].terms(text)[:MAX_QUERY_TERMS] for each in +self._totals}
        tokens = [token for each, asked in read.items() for token in _wider(LEXICONS[each], asked)]
        counts = dict(self._database.execute(_COUNTS, [json.dumps(tokens)]))
        found = self._candidates(_affordable(counts))
        if not found:
            return []
        questions = {each: self._question(each, text, asked, counts) for each, asked in read.items() if asked}
        best = found[0][1]
        hits: list[Hit] = []
        for row, rank in found:
            spoken = self._languages[row]
            fit = questions[spoken].fit(self._analysis(row), rank / best)
            hits.append(self._hit(row, fit, 1.0 if spoken == language else _OTHER_LANGUAGE))
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def close(self) -> None:
        """Free the memory. Happens by itself when nobody holds the index any more."""
        self._closing()

    def _candidates(self, asked: Sequence[str]) -> list[tuple[int, float]]:
        """Rows with their BM25 rank: below zero, the lowest first."""
        expression = " OR ".join(f'"{term}"' for term in asked)  # terms are letters and digits alone
        return self._database.execute(_RANKED, [expression]).fetchall() if asked else []

    def _question(self, language: str, text: str, asked: Sequence[str], counts: dict[str, int]) -> Question:
        own = {token[len(language) :]: count for token, count in counts.items() if token.startswith(language)}
        return Question(text, asked, own, len(self._passages), LEXICONS[language])

    def _analysis(self, row: int) -> Analysis:
        if row not in self._analyses:
            passage, lexicon = self._passages[row], LEXICONS[self._languages[row]]
            self._analyses[row] = analyse(passage.title, passage.text, passage.asked, lexicon)
        return self._analyses[row]

    def _hit(self, row: int, fit: Fit, share: float) -> Hit:
        passage = self._passages[row]
        return Hit(
            passage.passage_id,
            passage.title,
            passage.text,
            fit.score * share,
            fit.coverage,
            passage.url,
            self._languages[row],
        )


def shortened(query: str) -> str:
    """The beginning and the end of a text that is too long to be looked up whole."""
    if len(query) <= MAX_QUERY_CHARACTERS:
        return query
    half = MAX_QUERY_CHARACTERS // 2
    return query[:half] + " " + query[-half:]


def _with_languages(passages: Sequence[Indexed]) -> Iterator[tuple[Indexed, Lexicon]]:
    """Passages with their language: that of their source's among these, unless one surely tells its own."""
    texts: dict[str, list[str]] = {}
    for passage in passages:
        texts.setdefault(passage.source_id, []).append(f"{passage.title} {passage.text}")
    sources = {source_id: lexicon_of(" ".join(parts)) for source_id, parts in texts.items()}
    for passage in passages:
        yield passage, lexicon_of(f"{passage.title} {passage.text}", sources[passage.source_id])


def _tokens(lexicon: Lexicon, stems: Iterable[str]) -> Iterator[str]:
    return (lexicon.language + stem for stem in stems)


def _wider(lexicon: Lexicon, asked: Sequence[str]) -> Iterator[str]:
    """The tokens of terms and of their synonyms."""
    others = (other for term in asked for other in sorted(lexicon.synonyms.get(term, ())))
    return _tokens(lexicon, dict.fromkeys([*asked, *others]))


def _affordable(counts: dict[str, int]) -> list[str]:
    """The terms to rank by: from the rarest on, until they match `MATCHED_ROWS`, but at least one."""
    rarest_first = sorted(counts, key=lambda term: (counts[term], term))
    sums = accumulate(counts[term] for term in rarest_first)
    fitting = [term for term, rows in zip(rarest_first, sums, strict=True) if rows <= MATCHED_ROWS]
    return fitting or rarest_first[:1]
