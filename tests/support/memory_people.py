"""`handlers.people_ports` in memory: whether there is a user. The rest is tried on whole servers."""

from __future__ import annotations

from typing import Any

from actors.log import Origin
from handlers.people_ports import Founder, People
from handlers.ports import SignedIn
from tests.support.memory_edge import _Away


class MemorySetup(_Away):
    """`handlers.people_ports.Setup`: a user is there from the start, unless a test says otherwise."""

    def __init__(self) -> None:
        self.no_user = False

    async def needed(self) -> bool:
        self._reach()
        return self.no_user

    async def found(self, founder: Founder, origin: Origin) -> SignedIn | None:
        self._reach()
        return None


def memory_people() -> People:
    """People, of whom only the setup does anything."""
    nothing: Any = None
    return People(MemorySetup(), nothing, nothing, nothing, nothing)
