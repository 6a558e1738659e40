"""Who puts a bot's answer into words: the port, and the writer that needs no model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from actors.log import Speaker
from actors.speech import IN_ENGLISH, Words
from server.bot.answers import Answer, Said
from server.bot.retrieval import Hit

_GROUP = re.compile(r"\s*(?:\S+(?:\s+|$)){1,3}")
_LONGEST_S = 1.2  # a long answer is not slower to come than a short one, only its pieces are larger


@dataclass(frozen=True, slots=True)
class Turn:
    """A message of the conversation so far, or with `noted` a hand-back note."""

    speaker: Speaker
    name: str
    text: str
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    """What a writer is given. `answer` is the extractive one: good enough whenever nothing better comes."""

    question: str
    hits: tuple[Hit, ...]
    said: tuple[Said, ...]
    turns: tuple[Turn, ...]
    answer: Answer
    words: Words = IN_ENGLISH
    """Of the visitor's language, for what is said besides."""


Piece: TypeAlias = str | Answer
"""A piece of the text; at the end, once, the whole answer."""


class Writer(Protocol):
    """Writes answers."""

    def write(self, brief: Brief) -> AsyncGenerator[Piece, None]:
        """Pieces of text as they come, then the `Answer`. May raise anything; is closed when cancelled."""
        ...


class ExtractiveWriter:
    """Gives the extractive answer, a few words at a time, so that it can be read as it grows."""

    def __init__(self, pace_s: float = 0.04) -> None:
        """`pace_s` is the pause after each group of words; 0 for none."""
        self._pace_s = pace_s

    async def write(self, brief: Brief) -> AsyncGenerator[Piece, None]:
        """The groups of words, then the answer."""
        groups = _GROUP.findall(brief.answer.text)
        most = max(1, int(_LONGEST_S / self._pace_s)) if self._pace_s else len(groups) or 1
        size = -(-len(groups) // most) or 1
        for start in range(0, len(groups), size):
            yield "".join(groups[start : start + size])
            await asyncio.sleep(self._pace_s)
        yield brief.answer
