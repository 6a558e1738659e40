"""Text as words and sentences, in any language. What a word means in one stands in `lexicon`."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
_SENTENCE_END = re.compile(
    r"(?<=[.!?\u2026\u3002\uff1f\uff01\u061f])[\"'\u201d\u2019)\]]*\s+(?=[^\W_]|[\"'\u201c\u2018(\[\u00bf\u00a1])"
)  # a full stop of any script, what closes after it, then a new beginning
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|nr|mr|mrs|ms|dr|prof|inc|ltd|st|fig|sec|min|max))\.$",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?:^|\b[A-Z][\w.]*\s)[A-Z]\.$")  # "George W. Bush", but not "press T. Then"


def words(text: str) -> list[str]:
    """The words of a text in lower case, with the accents that are part of a letter: stemmers go by them."""
    plain = text.lower() if text.isascii() else _unmarked(unicodedata.normalize("NFKC", text).casefold())
    return [part for word in _WORD.findall(plain) for part in _parts(word)]


def bare(text: str) -> str:
    """Lower case, without accents: people type with and without them."""
    return text.lower() if text.isascii() else _unmarked(unicodedata.normalize("NFKD", text).casefold())


def _unmarked(text: str) -> str:
    """Without marks that stand by themselves, such as the vowels of Arabic."""
    return "".join(char for char in text if not unicodedata.combining(char))


def _parts(word: str) -> list[str]:
    """A name such as `data_dir` as one word and as its parts; other words as they are."""
    return [word.replace("_", ""), *word.split("_")] if "_" in word else [word]


def sentences(paragraph: str) -> list[str]:
    """A paragraph cut after each sentence. Joined by blanks they give the paragraph back."""
    parts: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(paragraph):
        before = paragraph[start : end.start()]
        if paragraph[end.end()].islower() or _ABBREVIATION.search(before) or _INITIAL.search(before):
            continue
        parts.append(paragraph[start : end.end()].strip())
        start = end.end()
    parts.append(paragraph[start:].strip())
    return [part for part in parts if part]
