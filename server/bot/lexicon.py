"""What the words of a language are: which carry meaning, which are forms of the same, which mean alike.

A passage is read in its own language, and so is the question when it is compared with it: a question is read
in every language that the knowledge has, and fits where it makes sense. So nobody has to say which it is in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from actors.speech import ENGLISH
from server.bot.stem import stem
from server.bot.stop_words import STOP_WORDS
from server.bot.synonyms import SYNONYMS, together
from server.bot.words import bare, words

SYNONYM = 0.8  # what a synonym is worth of the word itself

_CLITIC = re.compile(r"(?<=\w)['\u2019](?:s|re|ve|ll|d|m|t)\b", re.IGNORECASE)
_EMAIL = re.compile(r"\be[-\u2010\u2011](?=mail)", re.IGNORECASE)
_ARABIC = re.compile(r"[\u0600-\u06ff]+")
_WEAK_WORDS = """
add allow anything back belong best big change check come create different everything find first good handle
long new old open own real see support time whole
"""
_SURELY, _BY = (
    2,
    3,
)  # how many times, and how many more, of its words tell another language from the likely one


class Lexicon:
    """One language. `weak` terms say little, `synonyms` are each term's other words; both as stems."""

    def __init__(
        self,
        language: str,
        stop_words: str,
        weak: frozenset[str] = frozenset(),
        synonyms: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.language = language
        self.weak = weak
        self.synonyms: Mapping[str, frozenset[str]] = synonyms or {}
        self.stop_words = frozenset(bare(stop_words).split())

    def words(self, text: str) -> list[str]:
        """Its words, in lower case. English ones have no accents, and set phrases are one word."""
        if self.language == ENGLISH:
            return words(together(bare(_CLITIC.sub("", text))))
        return words(_EMAIL.sub("e", text))

    def stems(self, text: str) -> list[str]:
        """Every word's stem, in order, stop words too."""
        return [stem(word, self.language) for word in self.words(text)]

    def terms(self, text: str) -> list[str]:
        """The stems that carry meaning, in order, each once."""
        telling = (word for word in self.words(text) if bare(word) not in self.stop_words)
        return list(dict.fromkeys(stem(word, self.language) for word in telling))

    def found(self, term: str, among: frozenset[str]) -> float:
        """1 when the stems have the term, a little less when they have a synonym of it, else 0."""
        if term in among:
            return 1.0
        return SYNONYM if not among.isdisjoint(self.synonyms.get(term, frozenset())) else 0.0


_WEAK = frozenset(stem(word) for word in _WEAK_WORDS.split())
LEXICONS = {
    language: Lexicon(language, stop_words, _WEAK, SYNONYMS)
    if language == ENGLISH
    else Lexicon(language, stop_words)
    for language, stop_words in STOP_WORDS.items()
}
"""By the languages' codes."""

IN_ENGLISH = LEXICONS[ENGLISH]


def lexicon_for(language: str) -> Lexicon:
    """A language's, by its code; the English one for a language that Baton does not speak."""
    return LEXICONS.get(language, IN_ENGLISH)


def lexicon_of(text: str, likely: Lexicon = IN_ENGLISH) -> Lexicon:
    """The language that a text is written in, as its stop words tell; the likely one unless they tell surely.

    A text in a language that we do not know is read as the likely one. That does no harm: question and
    passage are read alike.
    """
    spoken = words(bare(text))
    counts = {each: sum(word in each.stop_words for word in spoken) for each in LEXICONS.values()}
    counts[LEXICONS["ar"]] += sum(bool(_ARABIC.fullmatch(word)) for word in spoken)
    best = max(counts, key=lambda each: counts[each])
    surely = counts[best] >= max(counts[likely] * _SURELY, counts[likely] + _BY)
    return best if surely else likely
