"""What a team wants to know of its days: numbers made of counted events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from actors.analytics import EventType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

_EXACT_S = 100
_ROUND = 10


def coarse(seconds: int) -> int:
    """Seconds with two digits that count, so that a day has few different ones: 7, 42, 130, 5400."""
    scale = 1
    while seconds // scale >= _EXACT_S:
        scale *= _ROUND
    return (seconds + scale // 2) // scale * scale


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened in some time. `waits` counts claims by the `coarse` seconds that visitors had waited."""

    loaded: int = 0
    started: int = 0
    engaged: int = 0
    answered: int = 0
    not_known: int = 0
    waiting: int = 0
    person: int = 0
    claimed: int = 0
    released: int = 0
    leads: int = 0
    waits: Counter[int] = field(default_factory=Counter[int])

    @property
    def engaged_share(self) -> float | None:
        """The part of the conversations in which the visitor did something, 0 to 1; None without any."""
        return _share(self.engaged, self.started)

    @property
    def alone(self) -> int:
        """Engaged conversations less those that came to need a person."""
        return max(0, self.engaged - self.person)

    @property
    def alone_share(self) -> float | None:
        """The part of the engaged conversations that the bot handled alone, 0 to 1; None without any."""
        return _share(self.alone, self.engaged)

    @property
    def wait_s(self) -> int | None:
        """The median time from asking for a person to a claim, in seconds; None when nobody waited."""
        total = sum(self.waits.values())
        passed = 0
        for seconds, times in sorted(self.waits.items()):
            passed += times
            if passed * 2 >= total:
                return seconds
        return None


_FIELDS = {
    EventType.LOADED: "loaded",
    EventType.STARTED: "started",
    EventType.ENGAGED: "engaged",
    EventType.ANSWERED: "answered",
    EventType.NOT_KNOWN: "not_known",
    EventType.WAITING: "waiting",
    EventType.PERSON: "person",
    EventType.CLAIMED: "claimed",
    EventType.RELEASED: "released",
    EventType.LEAD: "leads",
}
COUNTED = tuple(_FIELDS.values())
"""The fields of a tally that are plain counts."""


def tally_of(events: Iterable[tuple[str, int | None]]) -> Tally:
    """The tally of events, each a type and for how long somebody had waited; unknown types don't count."""
    counts: Counter[str] = Counter()
    waits: Counter[int] = Counter()
    names = {kind.value: name for kind, name in _FIELDS.items()}
    for kind, waited_s in events:
        if name := names.get(kind):
            counts[name] += 1
        if waited_s is not None:
            waits[coarse(waited_s)] += 1
    return Tally(**counts, waits=waits)


def together(tallies: Iterable[Tally]) -> Tally:
    """The tally of all of them."""
    counts: Counter[str] = Counter()
    waits: Counter[int] = Counter()
    for tally in tallies:
        counts.update({name: getattr(tally, name) for name in COUNTED})
        waits.update(tally.waits)
    return Tally(**counts, waits=waits)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, from midnight to midnight where the workspace is."""

    date: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Overview:
    """The days of a period, oldest first, the last one today; and the sum of as many days before.

    `complete` is false while older days are still being counted.
    """

    days: Sequence[Day]
    before: Tally
    time_zone: str
    complete: bool = True

    @property
    def total(self) -> Tally:
        """The sum of the days."""
        return together(day.tally for day in self.days)


def change(now: float | None, before: float | None) -> float | None:
    """By what part a number changed: 0.25 is a quarter more. None when it can't be said."""
    if now is None or not before:
        return None
    return now / before - 1


def _share(part: int, whole: int) -> float | None:
    return min(1.0, part / whole) if whole else None
