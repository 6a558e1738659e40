"""Members: which users belong to which workspaces, in what role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from actors.ids import UserId, WorkspaceId
from actors.roles import Role
from server.leads.reads import LeadReads
from server.store.database import Collection, Database, Document, DuplicateKeyError


@dataclass(frozen=True, slots=True)
class Membership:
    """A user's place in a workspace. Until `accepted_at` is set it is an invitation and allows nothing."""

    workspace_id: WorkspaceId
    user_id: UserId
    role: Role
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """A member with their name, as lists show them."""

    user_id: UserId
    name: str
    email: str
    role: Role
    accepted_at: datetime | None


class Members:
    """Reads and makes memberships."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._collection: Collection = database["workspace_users"]
        self._users: Collection = database["users"]

    async def membership(self, user_id: UserId, workspace_id: WorkspaceId) -> Membership | None:
        """The user's accepted membership of this workspace, or None."""
        document = await self._collection.find_one({"_id": _id(workspace_id, user_id)})
        found = _membership(document) if document else None
        return found if found and found.accepted_at else None

    async def memberships_of(self, user_id: UserId) -> tuple[Membership, ...]:
        """All accepted memberships of a user."""
        documents = await self._collection.find({"user_id": user_id}).to_list(None)
        return tuple(found for found in map(_membership, documents) if found.accepted_at)

    async def of_workspace(self, workspace_id: WorkspaceId) -> tuple[Member, ...]:
        """Everybody in a workspace, pending invitations too, by name."""
        documents = await self._collection.find({"workspace_id": workspace_id}).to_list(None)
        memberships = [_membership(document) for document in documents]
        query = {"_id": {"$in": [membership.user_id for membership in memberships]}}
        users = {user["_id"]: user async for user in self._users.find(query, {"name": 1, "email": 1})}
        members = [_member(m, users[m.user_id]) for m in memberships if m.user_id in users]
        return tuple(sorted(members, key=lambda member: (member.name.casefold(), member.user_id)))

    async def add(self, membership: Membership) -> bool:
        """Add a member; gives False, and changes nothing, when they are one already."""
        document: Document = {
            "_id": _id(membership.workspace_id, membership.user_id),
            "workspace_id": membership.workspace_id,
            "user_id": membership.user_id,
            "role": membership.role.value,
            "accepted_at": membership.accepted_at,
        }
        try:
            await self._collection.insert_one(document)
        except DuplicateKeyError:
            return False
        if membership.accepted_at:
            await LeadReads(self._database, membership.workspace_id).begin(membership.user_id)
        return True

    async def place(self, workspace_id: WorkspaceId, user_id: UserId) -> Membership | None:
        """A membership, accepted or not."""
        document = await self._collection.find_one({"_id": _id(workspace_id, user_id)})
        return _membership(document) if document else None

    async def any_of(self, user_id: UserId) -> bool:
        """Whether a user is a member anywhere, or invited."""
        return await self._collection.find_one({"user_id": user_id}, {"_id": 1}) is not None

    async def accept(self, workspace_id: WorkspaceId, user_id: UserId, now: datetime) -> bool:
        """Make an invited user a member; false when there is no such invitation."""
        query = {"_id": _id(workspace_id, user_id), "accepted_at": None}
        if not await self._collection.find_one(query, {"_id": 1}):
            return False
        # First: nobody is to have begun with everything unread because we stopped in between.
        await LeadReads(self._database, workspace_id).begin(user_id)
        return (await self._collection.update_one(query, {"$set": {"accepted_at": now}})).modified_count > 0

    async def change_role(self, workspace_id: WorkspaceId, user_id: UserId, role: Role) -> None:
        """Give a member another role."""
        await self._collection.update_one({"_id": _id(workspace_id, user_id)}, {"$set": {"role": role.value}})

    async def remove(self, workspace_id: WorkspaceId, user_id: UserId) -> None:
        """Take a member, or somebody invited, out of a workspace."""
        await self._collection.delete_one({"_id": _id(workspace_id, user_id)})

    async def seen_upto(self, workspace_id: WorkspaceId, user_id: UserId) -> datetime | None:
        """Up to when all counts as read: as the member said last, else since they are one."""
        document = await self._collection.find_one({"_id": _id(workspace_id, user_id)}) or {}
        return max(filter(None, (document.get("accepted_at"), document.get("seen_upto"))), default=None)

    async def see_all(self, workspace_id: WorkspaceId, user_id: UserId, at: datetime) -> None:
        """Count all up to an instant as read, never less than before."""
        change = {"$max": {"seen_upto": at}}
        await self._collection.update_one({"_id": _id(workspace_id, user_id)}, change)

    async def lead_mail(self, workspace_id: WorkspaceId, user_id: UserId) -> bool:
        """Whether a member wants mail about leads; so unless they said otherwise."""
        document = await self._collection.find_one({"_id": _id(workspace_id, user_id)})
        return bool(document and document.get("lead_mail", True))

    async def set_lead_mail(self, workspace_id: WorkspaceId, user_id: UserId, wanted: bool) -> None:
        """Keep what a member wants."""
        await self._collection.update_one(
            {"_id": _id(workspace_id, user_id)}, {"$set": {"lead_mail": wanted}}
        )


def _id(workspace_id: WorkspaceId, user_id: UserId) -> str:
    return f"{workspace_id}:{user_id}"


def _membership(document: Document) -> Membership:
    return Membership(
        WorkspaceId(document["workspace_id"]),
        UserId(document["user_id"]),
        Role(document["role"]),
        document.get("accepted_at"),
    )


def _member(membership: Membership, user: Document) -> Member:
    return Member(
        membership.user_id, user.get("name") or "", user["email"], membership.role, membership.accepted_at
    )
