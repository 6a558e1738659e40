"""The few sentences of a text that answer a question best."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from server.bot.lexicon import IN_ENGLISH, Lexicon
from server.bot.ranking import WEAK_WORD
from server.bot.words import sentences

MOST_SENTENCES = 4
MOST_WORDS = 90
_MOST_LIST_WORDS = 130
_SHORT = 20  # words; below them the next sentence is taken along
_IN_HEADING = 0.3  # what the heading says already, the sentences need not say again
_FURTHER = 0.05  # of a term that a sentence before has named
_EARLY = 0.06  # authors put the answer first: what a place further down costs, by sentence
_LONG = 0.001  # and a longer window, by word
_MARK = re.compile(r"- |\d{1,4}[.)] ")
_POINTING = {
    "en": "it this that they them these those then he she there so otherwise its their",
    "de": "es dies diese dieser dieses er dann dort so sonst damit dabei dafür dazu",
    "fr": "il elle ils elles cela ça ce ceci celui celle alors ainsi sinon là",
    "es": "esto eso este esta estos estas ese esa él ella ellos ellas entonces así allí",
    "pt": "isso isto esse essa este esta ele ela eles elas então assim ali",
    "ar": "هذا هذه ذلك تلك هو هي هم هناك عندها",
}
_POINTS_BACK = {language: frozenset(words.split()) for language, words in _POINTING.items()}


@dataclass(frozen=True)
class _Unit:
    """A sentence, list item or line of code, and the number of the line it stands in."""

    text: str
    line: int
    lexicon: Lexicon

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(self.lexicon.stems(self.text))

    def has(self, term: str) -> float:
        return self.lexicon.found(term, self.stems)

    @cached_property
    def length(self) -> int:
        return len(self.text.split())

    @property
    def is_code(self) -> bool:
        return self.text.startswith("    ")

    @property
    def is_marked(self) -> bool:
        return self.is_code or bool(_MARK.match(self.text))

    @property
    def points_back(self) -> bool:
        first = self.text.split(" ", 1)[0].lower().strip(",.")
        return self.is_code or first in _POINTS_BACK[self.lexicon.language]


def excerpt(
    text: str,
    asked: Sequence[str],
    heading: str = "",
    *,
    most_words: int = MOST_WORDS,
    lexicon: Lexicon = IN_ENGLISH,
) -> str:
    """One to four neighbouring sentences that say most about the terms asked, in the words of the text.

    `lexicon` is of the text's language, and so are the terms.
    """
    units = [
        _Unit(sentence, number, lexicon)
        for number, line in enumerate(text.split("\n"))
        for sentence in ([line] if line.startswith("    ") else sentences(line))
    ]
    start, end = _best_window(units, _wanted(asked, heading, lexicon), most_words)
    while start and units[start].points_back:
        start -= 1
    end = _with_list(units, start, end)
    while end < len(units) and not units[end - 1].is_marked and _length(units[start:end]) < _SHORT:
        end = _with_list(units, start, end + 1)
    return _joined(units[start:end])


def _wanted(asked: Sequence[str], heading: str, lexicon: Lexicon) -> dict[str, float]:
    in_heading = frozenset(lexicon.stems(heading))
    return {
        term: (WEAK_WORD if term in lexicon.weak else 1)
        * (_IN_HEADING if lexicon.found(term, in_heading) else 1)
        for term in asked
    }


def _best_window(units: Sequence[_Unit], wanted: Mapping[str, float], most_words: int) -> tuple[int, int]:
    best, best_value = (0, 1), float("-inf")
    for start in range(len(units)):
        length = 0
        for end in range(start + 1, min(start + MOST_SENTENCES, len(units)) + 1):
            length += units[end - 1].length
            if length > most_words and end > start + 1:
                break
            value = _value(units[start:end], wanted) - _EARLY * end - _LONG * length
            if value > best_value:
                best, best_value = (start, end), value
    return best


def _value(units: Sequence[_Unit], wanted: Mapping[str, float]) -> float:
    value = 0.0
    for term, weight in wanted.items():
        hits = sorted((unit.has(term) for unit in units), reverse=True)
        value += weight * (hits[0] + _FURTHER * sum(hits[1:]))
    return value


def _with_list(units: Sequence[_Unit], start: int, end: int) -> int:
    """The end, moved behind the list or code that a sentence announces and that has begun by then."""
    announcing = [place for place in range(start, end) if units[place].text.endswith(":")]
    if not announcing or not all(unit.is_marked for unit in units[announcing[-1] + 1 : end]):
        return end
    length = _length(units[start:end])
    while end < len(units) and units[end].is_marked and length + units[end].length <= _MOST_LIST_WORDS:
        length += units[end].length
        end += 1
    return end


def _length(units: Sequence[_Unit]) -> int:
    return sum(unit.length for unit in units)


def _joined(units: Sequence[_Unit]) -> str:
    text = ""
    for index, unit in enumerate(units):
        if index:
            text += " " if unit.line == units[index - 1].line else "\n"
        text += unit.text
    return text
