"""Time and timers of the running process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock, in whole milliseconds, which is what MongoDB keeps."""

    def now(self) -> datetime:
        """The present instant."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


class LoopTimers:
    """Timers on the running loop, which go by a clock that never jumps."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def __call__(self, delay_s: float, action: Callable[[], None]) -> Callable[[], None]:
        """Run `action` after `delay_s`; call what is returned to cancel it."""
        return self._loop.call_later(delay_s, action).cancel
