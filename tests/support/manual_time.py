"""Time that passes when told to."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class ManualTime:
    """`actors.ports.Later`, and the monotonic clock that goes with it."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._order = itertools.count()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._cancelled: set[int] = set()

    def monotonic(self) -> float:
        return self.now_s

    def later(self, delay_s: float, action: Callable[[], None]) -> Callable[[], None]:
        number = next(self._order)
        heapq.heappush(self._timers, (self.now_s + delay_s, number, action))
        return lambda: self._cancelled.add(number)

    def advance(self, seconds: float) -> None:
        """Let time pass, running what falls due at its moment."""
        end = self.now_s + seconds
        while self._timers and self._timers[0][0] <= end + 1e-9:
            self.now_s, number, action = heapq.heappop(self._timers)
            if number not in self._cancelled:
                action()
        self.now_s = end

    def oversleep(self, seconds: float) -> None:
        """Let time pass while nothing runs, as in a process that was stopped; then what is due, late."""
        self.now_s += seconds
        due = [timer for timer in self._timers if timer[0] <= self.now_s]
        self._timers = [timer for timer in self._timers if timer[0] > self.now_s]
        heapq.heapify(self._timers)
        for _, number, action in sorted(due, key=lambda timer: timer[:2]):
            if number not in self._cancelled:
                action()
