"""`handlers.doors.people_ports` in memory: whether there is a user. The rest is tried on whole servers."""

from __future__ import annotations

from typing import Any

from actors.ids import UserId
from actors.log import Origin
from handlers.doors.people_ports import Founder, Keyboard, People
from handlers.ports import SignedIn
from tests.support.memory_edge import _Away


class MemorySetup(_Away):
    """`handlers.doors.people_ports.Setup`: a user is there from the start, unless a test says otherwise."""

    def __init__(self) -> None:
        self.no_user = False

    async def needed(self) -> bool:
        self._reach()
        return self.no_user

    async def found(self, founder: Founder, origin: Origin) -> SignedIn | None:
        self._reach()
        return None


class MemoryProfiles(_Away):
    """The part of `handlers.doors.people_ports.Profiles` that every page asks for."""

    def __init__(self) -> None:
        self._keyboards: dict[UserId, Keyboard] = {}

    async def keyboard(self, user_id: UserId) -> Keyboard:
        self._reach()
        return self._keyboards.get(user_id, Keyboard())

    async def set_keyboard(self, user_id: UserId, keyboard: Keyboard) -> None:
        self._reach()
        self._keyboards[user_id] = keyboard


def memory_people() -> People:
    """People, of whom only the setup and the keyboards do anything."""
    profiles: Any = MemoryProfiles()
    nothing: Any = None
    return People(MemorySetup(), nothing, nothing, profiles, nothing)
