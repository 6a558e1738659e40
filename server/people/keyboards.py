"""Which keys people chose for the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.doors.people_ports import Keyboard
from server.store.database import Collection, Database, Document

if TYPE_CHECKING:
    from actors.ids import UserId


class Keyboards:
    """Kept with the user: hands are the same in every workspace."""

    def __init__(self, database: Database) -> None:
        self._users: Collection = database["users"]

    async def of(self, user_id: UserId) -> Keyboard:
        """What a user chose; the usual keys for who chose nothing."""
        user = await self._users.find_one({"_id": user_id}, {"keyboard": 1})
        kept: Document = (user or {}).get("keyboard") or {}
        return Keyboard(dict(kept.get("keys") or {}), bool(kept.get("single", True)))

    async def set(self, user_id: UserId, keyboard: Keyboard) -> None:
        """Keep all that a user chose."""
        kept = {"keys": dict(keyboard.keys), "single": keyboard.single}
        await self._users.update_one({"_id": user_id}, {"$set": {"keyboard": kept}})
