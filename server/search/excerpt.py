"""The line of a text that has searched words, cut around them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.search.words import bare, beginnings, runs_in

_LINE = 120  # characters
_BEFORE = 16  # of them before the first marked one: a phone's line has some 36, and a badge beside it
_LINK = re.compile(r"!?\[([^\]\n]+)\]\([^)\s]*\)")
_SIGNS = re.compile(r"\*\*|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|^#{1,6} ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`pieces` are in turn plain and marked, the first one plain. `words`: how many it has of those asked."""

    pieces: tuple[str, ...]
    words: int


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    words: frozenset[str]


def excerpt(text: str, words: Sequence[str]) -> Excerpt | None:
    """Where a text has most of `words`, as `words_asked` gives them; None where it has none."""
    compared = bare(text)
    if not any(word in compared for word in words):  # nearly always so, and quick
        return None
    text = " ".join(text.split())
    marks = list(_merged(sorted(_marks(text, words), key=lambda mark: mark.start)))
    if not marks:
        return None
    within = [
        [each for each in marks if mark.start <= each.start and each.end <= mark.start + _LINE - _BEFORE]
        for mark in marks
    ]
    shown = max(within, key=_distinct)
    return Excerpt(tuple(_pieces(text, shown or marks[:1])), _distinct(shown))


def plain(text: str) -> str:
    """Without the signs that show as bold, code and links."""
    return _SIGNS.sub("", _LINK.sub(r"\1", text))


def _distinct(marks: Sequence[_Mark]) -> int:
    return len({word for mark in marks for word in mark.words})


def _marks(text: str, words: Sequence[str]) -> Iterator[_Mark]:
    folded, places = _folded(text)
    for run in runs_in(folded):
        for start in beginnings(run[0]):
            for word in words:
                if run[0].startswith(word, start):
                    first = run.start() + start
                    end = places[first + len(word) - 1] + 1
                    while end < len(text) and unicodedata.combining(text[end]):
                        end += 1
                    yield _Mark(places[first], end, frozenset((word,)))


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """As words are compared, and for each character of that its place in the text."""
    if text.isascii():
        return text.casefold(), range(len(text))
    folded = [(char, place) for place, each in enumerate(text) for char in bare(each)]
    return "".join(char for char, _ in folded), [place for _, place in folded]


def _merged(marks: Sequence[_Mark]) -> Iterator[_Mark]:
    last: _Mark | None = None
    for mark in marks:
        if last is not None and mark.start <= last.end:
            last = _Mark(last.start, max(last.end, mark.end), last.words | mark.words)
            continue
        if last is not None:
            yield last
        last = mark
    if last is not None:
        yield last


def _pieces(text: str, marks: Sequence[_Mark]) -> Iterator[str]:
    start = max(0, marks[0].start - _BEFORE)
    if start:
        start = text.find(" ", start, marks[0].start - 1) + 1 or start
    end = max(start + _LINE, marks[-1].end)
    if end < len(text):
        blank = text.rfind(" ", marks[-1].end, end)
        end = blank if blank >= 0 else end
    at, before = start, "…" if start else ""
    for mark in marks:
        yield before + text[at : mark.start]
        yield text[mark.start : mark.end]
        at, before = mark.end, ""
    yield text[at:end] + ("…" if end < len(text) else "")
