"""A conversation's place in the journal: what of it is under way, and whether it may go on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from actors.log import ConversationKey, Entry, EntryType, Standing
from actors.messages import Committed, Refused
from server.store.database import Document

Tell: TypeAlias = Callable[[Committed | Refused], None]
Parked: TypeAlias = tuple[Sequence[Entry], Standing, Tell]


@dataclass(slots=True, eq=False)
class Lane:
    """One conversation. What was appended under an older `generation` is dropped, or done untold."""

    key: ConversationKey
    generation: int = 0
    refused: bool = False
    """Nothing is taken until the log is loaded again."""
    under_way: int = 0
    """Appends that are not finished."""
    recording: int = 0
    """Outcomes that wait for the audit log; later ones wait behind them."""
    finished: list[asyncio.Future[None]] = field(default_factory=list[asyncio.Future[None]])
    held: bool = False
    """Somebody decides about the whole conversation; what is appended waits in `parked`."""
    parked: list[Parked] = field(default_factory=list[Parked])

    def start_anew(self) -> None:
        """Drop what is queued, tell nothing of what is under way, take appends again."""
        self.generation += 1
        self.refused = False
        self.parked.clear()

    def refuse(self) -> None:
        """Drop what is queued and take nothing more."""
        self.generation += 1
        self.refused = True
        self.parked.clear()

    async def quiet(self) -> None:
        """Wait until nothing is under way."""
        while self.under_way:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.finished.append(waiter)
            await waiter

    def finish_one(self) -> None:
        """One append less is under way."""
        self.under_way -= 1
        if not self.under_way:
            for waiter in self.finished:
                if not waiter.done():
                    waiter.set_result(None)
            self.finished.clear()


@dataclass(frozen=True, slots=True, eq=False)
class Append:
    """Entries appended together; they are told of together."""

    lane: Lane
    generation: int
    entries: Sequence[Entry]
    documents: Sequence[Document]
    standing: Standing
    tell: Tell

    @property
    def current(self) -> bool:
        """Whether the conversation has not started anew since."""
        return self.generation == self.lane.generation

    def refusal(self, refused: Mapping[str, str]) -> str | None:
        """Why one of its entries was refused."""
        return next((refused[d["_id"]] for d in self.documents if d["_id"] in refused), None)


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What is to be told of an append, unless its conversation starts anew first."""

    append: Append
    outcome: Committed | Refused
    generation: int

    @property
    def must_be_recorded(self) -> bool:
        """Whether the audit log has to know of it before anybody is told."""
        return isinstance(self.outcome, Committed) and any(
            entry.type is not EntryType.MESSAGE for entry in self.append.entries
        )

    def tell(self) -> None:
        """Tell it."""
        if self.generation == self.append.lane.generation:
            self.append.tell(self.outcome)


def broken_by(refused: Mapping[str, str], appends: Iterable[Append]) -> dict[Append, str | None]:
    """The appends with a refused entry, and why, and those that follow them in their conversation.

    `refused` says why by the document's id.
    """
    broken: dict[Append, str | None] = {}
    lanes: set[Lane] = set()
    for append in appends:
        if append.lane in lanes:
            broken[append] = None
        elif (reason := append.refusal(refused)) is not None:
            broken[append] = reason
            lanes.add(append.lane)
    return broken
