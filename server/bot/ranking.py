"""How well a passage fits a question, once BM25 has named the candidates.

BM25 counts words wherever they stand. Here it counts whether they stand together: in the heading and in two
neighbouring sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from server.bot.lexicon import IN_ENGLISH, SYNONYM, Lexicon
from server.bot.words import sentences
from server.knowledge.passages import PATH_SEPARATOR

IN_DOCUMENT_TITLE = 0.7  # and a word of the document's title, which all its passages share
WEAK_WORD = 0.5

# Found by hill climbing on the tuned questions of tests/server/data/questions.json; `ops/measure_answers.py`
# shows what they give. They are flat: a third more or less of any one changes two questions of 135.
_WINDOW, _ANYWHERE, _HEADING, _HEADING_USED, _BM25, _PHRASES, _ASKED = 2.0, 1.5, 0.5, 0.5, 0.4, 1.2, 4.0
_MOST_PHRASES = 3
_VERY_WORDS = 1.0  # stop words and all: "how do I take over", and not "when"
_SPOKEN_OF, _ALIKE = 0.6, 0.4

# When a passage is about what was asked, and does not only hold some words of it. Counted in words, not in
# weights: a word of everyday speech that this knowledge happens to hold once is as rare in it as a name.
_WORDS_FOR_ONE_MISSING = 3
_FEW_WORDS = 2  # more of them hardly meet in a passage by chance
_LIKE_ONE_WORD, _LEAST_LIKE = 0.6, 0.3
_WORDS_BY_CHANCE = 40  # of a text: in more of them, one mention of a word says little
_BESIDE_SUBJECT = 0.95  # of the score: of two that fit about as well the one that is about it comes first

_VERBS_FIRST = frozenset({"is", "are", "can", "doe", "does", "do"})  # as stems


@dataclass(frozen=True, slots=True)
class Analysis:
    """A passage as stems: its heading, what stands above that, and each pair of neighbouring sentences."""

    heading: frozenset[str]
    heading_terms: tuple[str, ...]
    above: frozenset[str]
    windows: tuple[frozenset[str], ...]
    anywhere: frozenset[str]
    dwelt_on: frozenset[str]
    phrases: frozenset[tuple[str, str]]
    asked: tuple[frozenset[str], ...] = ()
    very_words: frozenset[str] = frozenset()


def analyse(title: str, text: str, asked: Sequence[str] = (), lexicon: Lexicon = IN_ENGLISH) -> Analysis:
    """Take a passage apart; about 0.1 ms."""
    *above, heading = title.split(PATH_SEPARATOR)
    spoken = [lexicon.stems(sentence) for line in text.split("\n") for sentence in sentences(line)]
    sets = [frozenset(sentence) for sentence in spoken] or [frozenset[str]()]
    pairs = {pair for sentence in (*spoken, lexicon.stems(heading)) for pair in pairwise(sentence)}
    return Analysis(
        heading=frozenset(lexicon.stems(heading)),
        heading_terms=tuple(lexicon.terms(heading)),
        above=frozenset(lexicon.stems(" ".join(above))),
        windows=tuple(one | two for one, two in pairwise(sets)) or (sets[0],),
        anywhere=frozenset[str]().union(*sets),
        dwelt_on=_dwelt_on([one for sentence in spoken for one in sentence]),
        phrases=frozenset(pairs),
        very_words=frozenset(" ".join(lexicon.words(phrase)) for phrase in asked),
        asked=tuple(
            frozenset(lexicon.terms(phrase)) for phrase in (heading, *asked) if lexicon.terms(phrase)
        ),
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """`score` orders passages; `coverage`, 0 to 1, how surely the passage is about the question.

    `coverage` is 0 when the passage leaves out what the question is about.
    """

    score: float
    coverage: float


class Question:
    """A question's terms with their weights: rare ones count for more, unknown ones most."""

    def __init__(
        self,
        text: str,
        asked: Sequence[str],
        counts: Mapping[str, int],
        total: int,
        lexicon: Lexicon = IN_ENGLISH,
    ) -> None:
        """`counts` says how many of `total` passages know each term and each synonym."""
        spoken = lexicon.stems(text)
        self._found = lexicon.found
        self._phrases = frozenset(pairwise(spoken)) | _as_statement(spoken)
        self._very_words = " ".join(lexicon.words(text))
        self._words = frozenset(spoken)
        self._wider = self._words.union(*(lexicon.synonyms.get(word, ()) for word in self._words))
        self._weights = {term: _weight(term, counts, total, lexicon) for term in asked}
        self._subject = tuple(term for term in asked if term not in lexicon.weak) or tuple(asked)
        self._total = sum(self._weights.values())
        self._nothing = dict.fromkeys(self._weights, 0.0)

    def fit(self, passage: Analysis, bm25: float) -> Fit:
        """How well a passage fits; `bm25` is its rank's share of the best candidate's, 0 to 1."""
        heading = {term: self._found(term, passage.heading) for term in self._weights}
        titles = {
            term: max(value, IN_DOCUMENT_TITLE * self._found(term, passage.above))
            for term, value in heading.items()
        }
        together = max(self._share(titles, window) for window in passage.windows)
        anywhere = self._share(titles, passage.anywhere)
        very_words = self._very_words in passage.very_words
        alike, asked_for = self._asked(passage.asked)
        score = (
            _WINDOW * together
            + _ANYWHERE * anywhere
            + _HEADING * self._share(heading, frozenset())
            + _HEADING_USED * self._used(passage.heading_terms)
            + _BM25 * bm25
            + _ASKED * alike
            + _VERY_WORDS * very_words
            + _PHRASES * min(len(self._phrases & passage.phrases), _MOST_PHRASES) / _MOST_PHRASES
        )
        spoken_of = max(together, asked_for)
        # Where the author named no phrases, that the question is like none of them says nothing.
        sure = _SPOKEN_OF * spoken_of + _ALIKE * alike if len(passage.asked) > 1 else spoken_of
        return Fit(score, sure) if self._is_subject_of(passage, alike) else Fit(score * _BESIDE_SUBJECT, 0.0)

    def _is_subject_of(self, passage: Analysis, alike: float) -> bool:
        """Whether the passage names what the question is about.

        A passage may leave out each third word that names it. A single word has to be part of the heading,
        or what the text dwells on. Where the author expected phrases, one of two words has to stand in these
        or in the heading, and a single one has to be most of one of them.
        """
        expected = len(passage.asked) > 1
        named = passage.anywhere.union(passage.heading, passage.above, *passage.asked)
        missing = sum(not self._found(term, named) for term in self._subject)
        if missing * _WORDS_FOR_ONE_MISSING > len(self._subject):
            return False
        if len(self._subject) == 1:
            if expected:
                return alike >= _LIKE_ONE_WORD
            return alike >= _LEAST_LIKE or self._found(self._subject[0], passage.dwelt_on) > 0
        return alike > 0 or not expected or len(self._subject) > _FEW_WORDS

    def _share(self, already: Mapping[str, float], words: frozenset[str]) -> float:
        gained = (
            weight * max(already[term], self._found(term, words)) for term, weight in self._weights.items()
        )
        return sum(gained) / self._total

    def _asked(self, phrases: tuple[frozenset[str], ...]) -> tuple[float, float]:
        """How alike the question is to the likest phrase, and how much of it that covers."""
        best = (0.0, 0.0)
        for phrase in phrases:
            covered = self._share(self._nothing, phrase)
            if covered:
                used = self._used(tuple(phrase))
                best = max(best, (2 * covered * used / (covered + used), covered))
        return best

    def _used(self, heading: tuple[str, ...]) -> float:
        """The share of the heading's terms that the question speaks of."""
        values = [1.0 if term in self._words else SYNONYM * (term in self._wider) for term in heading]
        return sum(values) / max(1, len(values))


def _dwelt_on(spoken: Sequence[str]) -> frozenset[str]:
    """The stems that are said often enough, for a text as long as this, not to be there by chance."""
    return frozenset(one for one, times in Counter(spoken).items() if times * _WORDS_BY_CHANCE >= len(spoken))


def _as_statement(spoken: Sequence[str]) -> frozenset[tuple[str, str]]:
    """The pairs that an answer has turned round: "what is a claim" is answered by "a claim is"."""
    return frozenset((thing, verb) for verb, thing in pairwise(spoken) if verb in _VERBS_FIRST)


def _weight(term: str, counts: Mapping[str, int], total: int, lexicon: Lexicon) -> float:
    known = counts.get(term, 0) or min(
        (counts[other] for other in lexicon.synonyms.get(term, ()) if counts.get(other)), default=0
    )
    return log(1 + total / (known + 0.5)) * (WEAK_WORD if term in lexicon.weak else 1)
