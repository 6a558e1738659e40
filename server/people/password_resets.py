"""Links to a new password, as the database keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.ids import UserId, new_id
from server.people.links import Links, token_hash
from server.store.database import Collection, Database, Document

LIFE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ResetRow:
    """A link that was asked for."""

    id: str
    user_id: UserId
    nonce: str
    expires_at: datetime
    used_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it works."""
        return self.used_at is None and self.expires_at > now


class PasswordResets:
    """Makes, finds and uses up such links."""

    def __init__(self, database: Database, links: Links) -> None:
        self._collection: Collection = database["password_resets"]
        self._links = links

    async def make(self, user_id: UserId, now: datetime) -> ResetRow:
        """A new link."""
        identity = new_id()
        link = self._links.make(identity)
        document: Document = {
            "_id": identity,
            "user_id": user_id,
            "nonce": link.nonce,
            "token_hash": link.token_hash,
            "created_at": now,
            "expires_at": now + LIFE,
            "used_at": None,
        }
        await self._collection.insert_one(document)
        return _row(document)

    async def get(self, reset_id: str) -> ResetRow | None:
        """One link."""
        return await self._one({"_id": reset_id})

    async def by_token(self, token: str, now: datetime) -> ResetRow | None:
        """The link of this token, while it works."""
        found = await self._one({"token_hash": token_hash(token)})
        return found if found and found.is_open(now) else None

    def token(self, row: ResetRow) -> str:
        """Its token, for the mail."""
        return self._links.token(row.id, row.nonce)

    async def use(self, row: ResetRow, now: datetime) -> bool:
        """Use a link up, once."""
        query = {"_id": row.id, "used_at": None, "expires_at": {"$gt": now}}
        return (await self._collection.update_one(query, {"$set": {"used_at": now}})).modified_count > 0

    async def drop_all(self, user_id: UserId) -> None:
        """No link of this user works any more."""
        await self._collection.delete_many({"user_id": user_id})

    async def _one(self, query: Document) -> ResetRow | None:
        document = await self._collection.find_one(query)
        return _row(document) if document else None


def _row(document: Document) -> ResetRow:
    return ResetRow(
        document["_id"],
        UserId(document["user_id"]),
        document["nonce"],
        document["expires_at"],
        document["used_at"],
    )
