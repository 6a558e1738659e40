"""The words that conversations and leads are found by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MOST_ASKED = 8
"""Words of a search that count; the rest is left out."""

_LONGEST = 40
_SHORTEST_NUMBER = 6
_SHORTEST_END = 4
_RUN = re.compile(r"[^\W_]+")
# Scripts that put no blanks between words: each two characters that follow one another are a word.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def words_in(*texts: str) -> set[str]:
    """Every word of these, in lower case and without accents; of long numbers their ends as well.

    Nearly all words are kept as they are: 300 characters take 17 µs, and 150 with each looked at.
    """
    found: set[str] = set()
    for text in texts:
        runs = set(_runs(text))
        special = {run for run in runs if _is_special(run)} if text.isascii() else runs
        found |= runs - special
        found.update(word for run in special for word in _kept(run))
    return found


def words_asked(q: str) -> tuple[str, ...]:
    """What a search asks for: each is the beginning of a word that must be there."""
    return tuple(dict.fromkeys(word for run in _runs(q) for word in _pairs(run[:_LONGEST])))[:MOST_ASKED]


def bare(text: str) -> str:
    """In lower case and without accents."""
    if text.isascii():  # nothing to take apart, and nearly all is like that
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in apart if not unicodedata.combining(char))


def runs_in(bare_text: str) -> Iterator[re.Match[str]]:
    """Letters and digits that stand together."""
    return _RUN.finditer(bare_text)


def beginnings(run: str) -> Iterator[int]:
    """Where in a run one of the words begins that `words_in` gives."""
    run = run[:_LONGEST]
    number = run.isdigit() and len(run) >= _SHORTEST_NUMBER
    for at, char in enumerate(run):
        unspaced = _UNSPACED.match(char) or (at and _UNSPACED.match(run[at - 1]))
        if not at or unspaced or (number and at <= len(run) - _SHORTEST_END):
            yield at


def _runs(text: str) -> list[str]:
    return _RUN.findall(bare(text))


def _is_special(ascii_run: str) -> bool:
    return len(ascii_run) > _LONGEST or (len(ascii_run) >= _SHORTEST_NUMBER and ascii_run.isdigit())


def _kept(run: str) -> Iterator[str]:
    run = run[:_LONGEST]
    yield from _pairs(run)
    if run.isdigit() and len(run) >= _SHORTEST_NUMBER:  # people look for the end of a telephone number
        yield from (run[start:] for start in range(1, len(run) - _SHORTEST_END + 1))
    elif (last := run[-1]) and _UNSPACED.match(last):
        yield last


def _pairs(run: str) -> Iterator[str]:
    start = 0
    for unspaced in _UNSPACED.finditer(run):
        if unspaced.start() > start:
            yield run[start : unspaced.start()]
        text, start = unspaced[0], unspaced.end()
        yield from (text[at : at + 2] for at in range(max(1, len(text) - 1)))
    if start < len(run):
        yield run[start:]
