"""Words cut to their stems by the Snowball stemmers, so that "Lieferungen" is found by "Lieferung"."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

import snowballstemmer  # pyright: ignore[reportMissingTypeStubs] - none are published

from server.bot.words import bare

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 40  # characters; longer ones are no words, and stemmers take time for each
_NAMES = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "pt": "portuguese",
    "ar": "arabic",
}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


_make = cast("Callable[[str], _Stemmer]", snowballstemmer.stemmer)  # pyright: ignore[reportUnknownMemberType]
_STEMMERS = {code: _make(name) for code, name in _NAMES.items()}


@lru_cache(maxsize=65_536)  # the words of a language repeat: a hit costs 0.1 µs, a stem 50 µs
def stem(word: str, language: str = "en") -> str:
    """The stem of one lower-case word, without accents. `language` is one of those that visitors get."""
    return bare(word if len(word) > _LONGEST else _STEMMERS[language].stemWord(word))
