"""Where lists began when they were read last, so that the next reader need not look for it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

KNOWN_FOR_S = 600.0
"""Rows that came since are read with the first page, whatever the limit: 30 µs each, embedded."""

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Top:
    """The place of the first row, and how far behind it the page's last one was."""

    value: int
    width: float
    seen_at: float


class Tops:
    """Remembers first pages. What it says may be old: it is where to look first, and hides nothing.

    A page is looked for in windows that widen from now on. Where the newest row is twelve hours old, the
    window that meets it is about as wide and holds all of the hours before: 66 ms for a page of a workspace
    with 46 conversations an hour, where one query from the right place takes a fifth of it.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._known: OrderedDict[str, Top] = OrderedDict()

    def of(self, rows: str) -> Top | None:
        """Where the first page of these rows lately was."""
        top = self._known.get(rows)
        return top if top and self._now() - top.seen_at < KNOWN_FOR_S else None

    def learn(self, rows: str, value: int, width: float) -> None:
        """Take in where it is."""
        self._known[rows] = Top(value, width, self._now())
        self._known.move_to_end(rows)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
