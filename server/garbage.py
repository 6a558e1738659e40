"""The cyclic garbage collector, told what is worth its while."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actors.ports import Later

EVERY_S = 0.25
"""How often what came since is looked at: with a thousand connections a second it takes 20 ms each time."""

ALL_AGAIN_S = 3600.0

SHARE = 10_000
"""All is looked at for one part of so many of the time. With 20,000 visitors connected it takes 3 s, in which
nobody is answered: every eight hours at most. After the start it takes 40 ms: every seven minutes.
"""

_FEW = 200_000


@contextmanager
def tended(later: Later, monotonic: Callable[[], float] = time.monotonic) -> Generator[None]:
    """Until the block ends, look at what is new four times a second, and leave alone what has stayed.

    Nearly nothing here needs the collector: connections, conversations and requests are freed when they end.
    Left to itself it walked through all that lives whenever a quarter had come to it. After the start that is
    a quarter of a million objects, 40 ms in which nobody was answered; with 8,000 visitors connected and
    coming back it took half of the processor. What became circular after it had stayed is found when twice
    as much is there as at the last full look, or after an hour; later, if that look would take too long for
    the time since the last one.
    """
    tender = _Tender(later, monotonic)
    tender.begin()
    try:
        yield
    finally:
        tender.end()


class _Tender:
    def __init__(self, later: Later, monotonic: Callable[[], float]) -> None:
        self._later = later
        self._monotonic = monotonic
        self._cancel: Callable[[], None] | None = None

    def begin(self) -> None:
        gc.disable()
        self._look_at_all()
        self._soon()

    def end(self) -> None:
        if self._cancel is not None:
            self._cancel()
        gc.unfreeze()
        gc.enable()

    def _soon(self) -> None:
        self._cancel = self._later(EVERY_S, self._step)

    def _step(self) -> None:
        self._came += gc.get_count()[0]
        gc.collect(1)
        gc.freeze()
        now = self._monotonic()
        if now >= self._not_before and self._is_due(now):
            self._look_at_all()
        self._soon()

    def _is_due(self, now: float) -> bool:
        """Whether to look at all. Counting takes a while too: it waits until an hour or enough has come."""
        is_old = now - self._looked_at > ALL_AGAIN_S
        if not is_old and self._came <= self._stayed:
            return False
        count = gc.get_freeze_count()
        self._not_before = self._looked_at + SHARE * self._each_s * count
        if now < self._not_before:
            return False
        self._came = 0
        return is_old or count > 2 * self._stayed

    def _look_at_all(self) -> None:
        began = self._monotonic()
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        count = gc.get_freeze_count()
        self._came = 0
        self._stayed = max(_FEW, count)
        self._looked_at = self._not_before = self._monotonic()
        self._each_s = (self._looked_at - began) / max(1, count)
