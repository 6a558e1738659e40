"""The demo's knowledge and small shops' as indexes, what is asked of them, and how well that is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from server.bot.retrieval import Indexed, PassageIndex
from server.knowledge.documents import read_document
from server.knowledge.passages import PATH_SEPARATOR

KNOWLEDGE = Path(__file__).parents[2] / "server" / "demo_knowledge"
_DATA = Path(__file__).parents[1] / "server" / "data"
QUESTIONS = _DATA / "questions.json"
SHOPS = _DATA / "shops.json"


@dataclass(frozen=True)
class Questions:
    """Answerable ones with the headings that answer them, and such as nothing answers."""

    answerable: Sequence[tuple[str, frozenset[str]]]
    unanswerable: Sequence[str]


@dataclass(frozen=True)
class Rates:
    """Shares, 0 to 1. `right` is of all answerable questions, `precision` of those that were answered."""

    answered: float
    right: float
    precision: float
    refused: float


@dataclass(frozen=True)
class Measured:
    """Of answerable questions the best hit's coverage and a right one's rank; of others the coverage."""

    found: Sequence[tuple[float, int]]
    off_topic: Sequence[float]

    @property
    def first(self) -> float:
        return sum(rank == 0 for _, rank in self.found) / len(self.found)

    @property
    def second(self) -> float:
        return sum(rank <= 1 for _, rank in self.found) / len(self.found)

    def at(self, threshold: float) -> Rates:
        answered = [rank for coverage, rank in self.found if coverage >= threshold]
        right = sum(rank == 0 for rank in answered)
        return Rates(
            answered=len(answered) / len(self.found),
            right=right / len(self.found),
            precision=right / max(1, len(answered)),
            refused=sum(coverage < threshold for coverage in self.off_topic) / len(self.off_topic),
        )


def demo_passages() -> list[Indexed]:
    """Every passage of the demo's knowledge."""
    return [
        Indexed(f"{file.name}.{passage.position}", file.name, passage.title, passage.text, "", passage.asked)
        for file in sorted(KNOWLEDGE.glob("*.md"))
        for passage in read_document(file.name, file.read_bytes()).passages
    ]


def demo_index(*, phrases: bool = True) -> PassageIndex:
    """An index over them; without `phrases` as if their authors had expected none."""
    return PassageIndex(one if phrases else replace(one, asked=()) for one in demo_passages())


def questions() -> Mapping[str, Questions]:
    """The sets of questions by name."""
    return {
        name: _questions(each) for name, each in json.loads(QUESTIONS.read_text(encoding="utf-8")).items()
    }


def shops() -> Mapping[str, tuple[PassageIndex, Questions]]:
    """A small shop's page of answers in each language, and what visitors ask there."""
    return {
        language: (
            PassageIndex(
                Indexed(title, "shop", f"FAQ{PATH_SEPARATOR}{title}", text)
                for title, text in each["pages"].items()
            ),
            _questions(each),
        )
        for language, each in json.loads(SHOPS.read_text(encoding="utf-8")).items()
    }


def _questions(each: Mapping[str, Any]) -> Questions:
    return Questions(
        [(asked["question"], frozenset(asked["sources"])) for asked in each["answerable"]],
        each["unanswerable"],
    )


def measure(index: PassageIndex, asked: Questions) -> Measured:
    """Ask every question."""
    found: list[tuple[float, int]] = []
    for question, sources in asked.answerable:
        hits = index.search(question)
        titles = [hit.title.split(PATH_SEPARATOR)[-1] for hit in hits]
        rank = next((place for place, title in enumerate(titles) if title in sources), len(titles) or 99)
        found.append((hits[0].coverage if hits else 0.0, rank))
    off_topic = [hits[0].coverage if (hits := index.search(text)) else 0.0 for text in asked.unanswerable]
    return Measured(found, off_topic)
