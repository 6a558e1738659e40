"""Work that begins once an answer is out, so that the answer tells nothing by how long it took."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from server.store.database import PyMongoError

_MOST_WAITING = 1000
_log = logging.getLogger(__name__)


class Afterwards:
    """Does such work on the loop. Too much of it, or what the database is away for, is left undone."""

    def __init__(self) -> None:
        self._doing: set[asyncio.Task[None]] = set()

    def do(self, what: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin soon. `what` names it in the log if it cannot be done."""
        if len(self._doing) >= _MOST_WAITING:
            _log.warning("%s was left undone: there is too much to do", what)
            return
        task = asyncio.get_running_loop().create_task(_tried(what, work))
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def close(self) -> None:
        """Give up what is not done."""
        for task in self._doing:
            task.cancel()
        await asyncio.gather(*self._doing, return_exceptions=True)


async def _tried(what: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    try:
        await work()
    except PyMongoError as error:
        _log.warning("%s was left undone: %s", what, error)
