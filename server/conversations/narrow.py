"""Which filters let few conversations through, learned from how long it took to find them."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Generator
from contextlib import contextmanager

from server.store.database import Document

WORTH_TRYING_S = 0.15
"""How long to look among the newest for what a filter lets through, before reading all that it does."""

_MOST = 10_000


class Narrow:
    """Remembers filters whose conversations were all read and sorted in no time.

    The embedded engine reads all that a filter lets through, whatever the limit: 3 ms for 40, seconds for
    30,000; nor can it tell how many there are without reading them. Of many, the newest are soon met among
    all; of few, never.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()

    def is_known(self, scope: Document) -> bool:
        """Whether this filter was quick the last time."""
        return str(scope) in self._known

    @contextmanager
    def timed(self, scope: Document) -> Generator[None, None, None]:
        """Around reading all that it lets through."""
        began = time.monotonic()
        self._known.pop(str(scope), None)
        yield
        if time.monotonic() - began < WORTH_TRYING_S:
            self._known[str(scope)] = None
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
