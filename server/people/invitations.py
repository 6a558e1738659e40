"""Invitations as the database keeps them: one for each pending member, with the hash of its newest link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.ids import UserId, WorkspaceId
from server.people.links import Links, token_hash
from server.store.database import Collection, Database, Document

LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation. Its role stands in the membership."""

    id: str
    workspace_id: WorkspaceId
    user_id: UserId
    invited_by: UserId
    nonce: str
    sent_at: datetime
    expires_at: datetime
    used_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether its link works."""
        return self.used_at is None and self.expires_at > now


class InvitationStore:
    """Makes, finds and uses up invitations."""

    def __init__(self, database: Database, links: Links) -> None:
        self._collection: Collection = database["invitations"]
        self._links = links

    async def send(
        self, workspace_id: WorkspaceId, user_id: UserId, invited_by: UserId, now: datetime
    ) -> InvitationRow:
        """Make an invitation, or a new link for it; the link before stops working."""
        identity = _id(workspace_id, user_id)
        link = self._links.make(identity)
        document: Document = {
            "_id": identity,
            "workspace_id": workspace_id,
            "user_id": user_id,
            "invited_by_user_id": invited_by,
            "nonce": link.nonce,
            "token_hash": link.token_hash,
            "sent_at": now,
            "expires_at": now + LIFE,
            "used_at": None,
        }
        await self._collection.replace_one({"_id": identity}, document, upsert=True)
        return _row(document)

    async def get(self, invitation_id: str) -> InvitationRow | None:
        """One invitation."""
        return await self._one({"_id": invitation_id})

    async def by_token(self, token: str, now: datetime) -> InvitationRow | None:
        """The invitation of a link that works."""
        found = await self._one({"token_hash": token_hash(token)})
        return found if found and found.is_open(now) else None

    def token(self, row: InvitationRow) -> str:
        """The token of its link, for the mail."""
        return self._links.token(row.id, row.nonce)

    async def use(self, row: InvitationRow, now: datetime) -> bool:
        """Use a link up. Of any number of tries one succeeds, and none of an older link."""
        query = {"_id": row.id, "nonce": row.nonce, "used_at": None, "expires_at": {"$gt": now}}
        return (await self._collection.update_one(query, {"$set": {"used_at": now}})).modified_count > 0

    async def drop(self, workspace_id: WorkspaceId, user_id: UserId) -> None:
        """Forget an invitation; its link does nothing any more."""
        await self._collection.delete_one({"_id": _id(workspace_id, user_id)})

    async def of_workspace(self, workspace_id: WorkspaceId) -> Mapping[UserId, InvitationRow]:
        """All invitations of a workspace, by who is invited."""
        found = await self._collection.find({"workspace_id": workspace_id}).to_list(None)
        return {row.user_id: row for row in map(_row, found)}

    async def _one(self, query: Document) -> InvitationRow | None:
        document = await self._collection.find_one(query)
        return _row(document) if document else None


def _id(workspace_id: WorkspaceId, user_id: UserId) -> str:
    return f"{workspace_id}:{user_id}"


def _row(document: Document) -> InvitationRow:
    return InvitationRow(
        id=document["_id"],
        workspace_id=WorkspaceId(document["workspace_id"]),
        user_id=UserId(document["user_id"]),
        invited_by=UserId(document["invited_by_user_id"]),
        nonce=document["nonce"],
        sent_at=document["sent_at"],
        expires_at=document["expires_at"],
        used_at=document["used_at"],
    )
