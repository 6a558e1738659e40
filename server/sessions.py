"""Sign-in sessions: a random token for the browser, its hash for us, revocable at any time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.ids import UserId
from server.database import Collection, Database
from server.entries import storable

LIFE = timedelta(days=14)
_RENEWED_AFTER = timedelta(days=1)
_TOKEN_BYTES = 32
_MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class SessionUser:
    """Who is signed in, in which session."""

    user_id: UserId
    name: str
    email: str
    session_id: str


class Sessions:
    """Makes, checks and ends sessions. They end 14 days after they were last used, give or take a day."""

    def __init__(self, database: Database) -> None:
        self._sessions: Collection = database["sessions"]
        self._users: Collection = database["users"]

    async def create(self, user_id: UserId, now: datetime, ip: str = "", user_agent: str = "") -> str:
        """Begin a session; gives the token for the browser's cookie, which we don't keep."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        await self._sessions.insert_one(
            {
                "_id": _id(token),
                "user_id": user_id,
                "created_at": now,
                "expires_at": now + LIFE,
                "ip": ip,
                "user_agent": storable(user_agent)[:_MOST_CHARACTERS],
            }
        )
        return token

    async def authenticate(self, token: str, now: datetime) -> SessionUser | None:
        """Whose session this is, or None when it is unknown, over or revoked, or its user is gone."""
        session = await self._sessions.find_one({"_id": _id(token)})
        if session is None or session["expires_at"] <= now:
            return None
        user = await self._users.find_one({"_id": session["user_id"]}, {"name": 1, "email": 1})
        if user is None:
            return None
        if session["expires_at"] - now < LIFE - _RENEWED_AFTER:
            await self._sessions.update_one({"_id": session["_id"]}, {"$set": {"expires_at": now + LIFE}})
        return SessionUser(UserId(user["_id"]), user.get("name") or "", user["email"], session["_id"])

    async def is_live(self, session_id: str, now: datetime) -> bool:
        """Whether a session still holds; for sockets, which stay open longer than a request."""
        session = await self._sessions.find_one({"_id": session_id}, {"expires_at": 1})
        return session is not None and session["expires_at"] > now

    async def revoke(self, session_id: str) -> bool:
        """End one session; gives whether there was one."""
        return (await self._sessions.delete_one({"_id": session_id})).deleted_count > 0

    async def revoke_all(self, user_id: UserId) -> int:
        """End every session of a user; gives how many."""
        return (await self._sessions.delete_many({"user_id": user_id})).deleted_count


def _id(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
