"""Text as words, terms and sentences: what retrieval and answers count with."""

from __future__ import annotations

import re
import unicodedata

from server.bot.stem import stem
from server.bot.synonyms import together

_WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
_CLITIC = re.compile(r"(?<=\w)['\u2019](?:s|re|ve|ll|d|m|t)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?<=[.!?\u2026\u3002\uff1f\uff01])[\"'\u201d\u2019)\]]*\s+(?=[^\W_]|[\"'\u201c\u2018(\[\u00bf\u00a1])"
)  # a full stop of any script, what closes after it, then a new beginning
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|nr|mr|mrs|ms|dr|prof|inc|ltd|st|fig|sec|min|max))\.$",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?:^|\b[A-Z][\w.]*\s)[A-Z]\.$")  # "George W. Bush", but not "press T. Then"

_STOP_WORDS = """
a about after again all also am an and any anybody anyone are as at be because been before being but by
can cannot could d did didn do does doesn doing don else ever every explain for from get gets getting
give go going gonna got had happen happens has have having he hello her hey hi him his how i if in into
is isn it its just know let like ll look m make makes many may maybe me mean means might mine more most
much must my need needs no not now of off ok okay on once one only or other our ours out over please
possible really right s same shall she should show so some somehow someone something still such t tell
than thank thanks that the their them then there these they thing things this those to too up us use
used using ve very via wanna want was way we well were what whats when where whether which while who
whom whose why will with within without won work works would yes yet you your yours
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def words(text: str) -> list[str]:
    """The words of a text, lower case, without accents, set phrases as one word."""
    bare = unicodedata.normalize("NFKD", _CLITIC.sub("", text)).casefold()
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    return [part for word in _WORD.findall(together(bare)) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    """A name such as `data_dir` as one word and as its parts; other words as they are."""
    return [word.replace("_", ""), *word.split("_")] if "_" in word else [word]


def stems(text: str) -> list[str]:
    """Every word's stem, in order, stop words too."""
    return [stem(word) for word in words(text)]


def terms(text: str) -> list[str]:
    """The stems that carry meaning, in order, each once."""
    return list(dict.fromkeys(stem(word) for word in words(text) if word not in STOP_WORDS))


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
