"""Sign-in sessions: a random token for the browser, its hash for us, revocable at any time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.ids import UserId
from server.store.database import Collection, Database, Document
from server.store.storable import storable

LIFE = timedelta(days=14)
_RENEWED_AFTER = timedelta(days=1)
_SEEN_AFTER = timedelta(minutes=5)
_TOKEN_BYTES = 32
_MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class SessionUser:
    """Who is signed in, in which session."""

    user_id: UserId
    name: str
    email: str
    session_id: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its owner sees it. `seen_at` is right within five minutes."""

    id: str
    ip: str
    user_agent: str
    created_at: datetime
    seen_at: datetime


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
                "seen_at": now,
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
        await self._note_use(session, now)
        return SessionUser(UserId(user["_id"]), user.get("name") or "", user["email"], session["_id"])

    async def is_live(self, session_id: str, now: datetime) -> bool:
        """Whether a session still holds; for sockets, which stay open longer than a request."""
        session = await self._sessions.find_one({"_id": session_id}, {"expires_at": 1})
        return session is not None and session["expires_at"] > now

    async def revoke(self, session_id: str) -> bool:
        """End one session; gives whether there was one."""
        return (await self._sessions.delete_one({"_id": session_id})).deleted_count > 0

    async def of_user(self, user_id: UserId, now: datetime) -> tuple[SessionRow, ...]:
        """A user's sessions, the one used last first."""
        found = await self._sessions.find({"user_id": user_id}).to_list(None)
        rows = [_row(document) for document in found if document["expires_at"] > now]
        return tuple(sorted(rows, key=lambda row: (row.seen_at, row.id), reverse=True))

    async def revoke_of(self, user_id: UserId, session_id: str) -> bool:
        """End a session if it is this user's; gives whether it was."""
        return (await self._sessions.delete_one({"_id": session_id, "user_id": user_id})).deleted_count > 0

    async def revoke_others(self, user_id: UserId, kept_session_id: str) -> int:
        """End every session of a user but one; gives how many."""
        query = {"user_id": user_id, "_id": {"$ne": kept_session_id}}
        return (await self._sessions.delete_many(query)).deleted_count

    async def revoke_all(self, user_id: UserId) -> int:
        """End every session of a user; gives how many."""
        return (await self._sessions.delete_many({"user_id": user_id})).deleted_count

    async def _note_use(self, session: Document, now: datetime) -> None:
        changes: Document = {}
        if session["expires_at"] - now < LIFE - _RENEWED_AFTER:
            changes["expires_at"] = now + LIFE
        if now - session.get("seen_at", session["created_at"]) > _SEEN_AFTER:
            changes["seen_at"] = now
        if changes:
            await self._sessions.update_one({"_id": session["_id"]}, {"$set": changes})


def _row(document: Document) -> SessionRow:
    created_at = document["created_at"]
    return SessionRow(
        document["_id"],
        document.get("ip") or "",
        document.get("user_agent") or "",
        created_at,
        document.get("seen_at", created_at),
    )


def _id(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
