"""Sections of a document cut into passages: the pieces that retrieval ranks and answers quote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from server.bot.words import sentences

MAX_WORDS = 180  # longer ones dilute BM25 and fill an answer with what was not asked
GOOD_WORDS = 60  # a section is not cut into pieces shorter than this
PATH_SEPARATOR = " \u203a "

_MARKED = re.compile(r"^(?:- |\d{1,4}[.)] | {4})")  # list item or line of code: never cut or joined


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading. Lines are paragraphs, list items (`- `, `1. `) or code (four blanks).

    `asked` holds other words in which its author expects people to ask for it.
    """

    path: tuple[str, ...]
    anchor: str
    lines: tuple[str, ...]
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a source. `title` is the path of headings, `position` counts from 0 within the source."""

    title: str
    text: str
    position: int
    anchor: str
    asked: tuple[str, ...] = ()


def split(sections: Iterable[Section]) -> list[Passage]:
    """Passages of at most `MAX_WORDS` words, in order, no sentence lost, the same for the same input.

    A section up to that length is one passage, however short; a longer one is cut between sentences into
    parts of about the same length.
    """
    passages: list[Passage] = []
    for section in sections:
        title = PATH_SEPARATOR.join(section.path)
        for part, text in enumerate(_texts(section.lines) or _heading_alone(section)):
            asked = () if part else section.asked
            passages.append(Passage(title, text, len(passages), section.anchor, asked))
    return passages


def slug(heading: str, taken: dict[str, int]) -> str:
    """A heading as a fragment of an address, unlike all before; `taken` counts how often each was wanted."""
    plain = unicodedata.normalize("NFKC", heading).casefold()
    base = re.sub(r"[^\w]+", "-", plain).strip("-_") or "section"
    anchor = base
    while anchor in taken:
        anchor = f"{base}-{taken[base]}"
        taken[base] += 1
    taken[anchor] = 1
    return anchor


@dataclass(frozen=True, slots=True)
class _Atom:
    """The smallest piece that is kept whole. `begins_line` tells whether it is joined by a newline."""

    text: str
    begins_line: bool
    words: int


def _heading_alone(section: Section) -> list[str]:
    return [section.path[-1]] if section.path else []


def _texts(lines: Sequence[str]) -> list[str]:
    atoms = [atom for line in lines for atom in _atoms(line)]
    total = sum(atom.words for atom in atoms)
    target = total / max(1, ceil(total / MAX_WORDS))
    return [_joined(group) for group in _groups(atoms, max(target, GOOD_WORDS))]


def _groups(atoms: Sequence[_Atom], target: float) -> Iterator[list[_Atom]]:
    group: list[_Atom] = []
    size = 0
    for atom in atoms:
        leads_in = bool(group) and group[-1].text.endswith(":")
        if group and (size + atom.words > MAX_WORDS or (size >= target and not leads_in)):
            yield group
            group, size = [], 0
        group.append(atom)
        size += atom.words
    if group:
        yield group


def _joined(group: Sequence[_Atom]) -> str:
    text = ""
    for atom in group:
        text += ("\n" if atom.begins_line else " ") * bool(text) + atom.text
    return text


def _atoms(line: str) -> Iterator[_Atom]:
    marked = bool(_MARKED.match(line))
    for index, part in enumerate([line] if marked else sentences(line)):
        for place, piece in enumerate(_bounded(part)):
            yield _Atom(piece, begins_line=not index and not place, words=len(piece.split()))


def _bounded(sentence: str) -> Iterator[str]:
    """A sentence in pieces of at most `MAX_WORDS` words; almost always the sentence itself."""
    parts = sentence.split()
    if len(parts) <= MAX_WORDS:
        yield sentence
        return
    for start in range(0, len(parts), MAX_WORDS):
        yield " ".join(parts[start : start + MAX_WORDS])
