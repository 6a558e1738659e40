"""Trying for ever: database work that has to succeed, however long the database is away."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from server.store.database import PyMongoError

_log = logging.getLogger(__name__)

T = TypeVar("T")

_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 1.0  # short, so that all drains within a few seconds of the database's return


class Persistence:
    """Repeats database work until it succeeds, and knows by that whether the database is there."""

    def __init__(self) -> None:
        self.available = True
        self._watchers: list[Callable[[bool], None]] = []

    def watch(self, callback: Callable[[bool], None]) -> None:
        """Call back whenever `available` changes."""
        self._watchers.append(callback)

    async def until_done(self, what: str, work: Callable[[], Awaitable[T]]) -> T:
        """The result of `work`, repeated with growing pauses while the database fails it.

        `work` must be harmless to repeat: after a time-out nobody knows whether it happened.
        """
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                result = await work()
            except PyMongoError as error:
                self._set(available=False, why=f"{what}: {error}")
            else:
                self._set(available=True, why=what)
                return result
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - spreads tries, hides nothing
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)

    def _set(self, *, available: bool, why: str) -> None:
        if available == self.available:
            return
        self.available = available
        if available:
            _log.warning("the database answers again (%s)", why)
        else:
            _log.error("the database does not do its work, trying on (%s)", why)
        for callback in self._watchers:
            callback(available)
