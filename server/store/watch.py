"""Whether the database answers, also while nobody writes."""

from __future__ import annotations

import asyncio
import logging

from server.store.database import Database
from server.store.mongo import ping

EVERY_S = 2.0

_log = logging.getLogger(__name__)


class DatabaseWatch:
    """Asks the database again and again; `run` it as a task."""

    def __init__(self, database: Database, every_s: float = EVERY_S) -> None:
        self._database = database
        self._every_s = every_s
        self.answers = True
        """Whether it answered when it was last asked."""

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            answers = await ping(self._database)
            if answers != self.answers:
                self.answers = answers
                if answers:
                    _log.warning("the database answers again")
                else:
                    _log.warning("the database does not answer; messages wait until it does")
            await asyncio.sleep(self._every_s)
