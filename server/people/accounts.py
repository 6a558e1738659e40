"""User accounts: who may sign in, and what they belong to."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from actors.errors import BatonError
from actors.ids import UserId, WorkspaceId, new_id
from actors.roles import Role
from server.people.members import Members, Membership
from server.people.passwords import Passwords
from server.store.database import Collection, Database, Document, DuplicateKeyError
from server.store.storable import storable
from server.workspaces.workspaces import Workspace, Workspaces


class EmailTakenError(BatonError):
    """There is an account with this e-mail address."""


class UnknownAccountError(BatonError):
    """There is no account with this e-mail address."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user."""

    user_id: UserId
    email: str
    name: str


class Accounts:
    """Users with their passwords; `workspaces` and `members` say what they belong to."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._users: Collection = database["users"]
        self._passwords = passwords
        self.workspaces = Workspaces(database)
        self.members = Members(database)

    async def sign_in(self, email: str, password: str) -> Account | None:
        """The account when the password is right. An unknown address takes as long as a wrong password."""
        document = await self._users.find_one({"email": normal_email(email)})
        stored_hash = document.get("password_hash") if document else None
        verdict = await self._passwords.verify(stored_hash, password)
        if not verdict.right or document is None:
            return None
        if verdict.new_hash:
            change = {"$set": {"password_hash": verdict.new_hash}}
            await self._users.update_one({"_id": document["_id"], "password_hash": stored_hash}, change)
        return _account(document)

    async def find(self, email: str) -> Account | None:
        """The account of an address, however it is written."""
        document = await self._users.find_one({"email": normal_email(email)})
        return _account(document) if document else None

    async def account(self, user_id: UserId) -> Account | None:
        """The account of a user."""
        document = await self._users.find_one({"_id": user_id})
        return _account(document) if document else None

    async def create_user(self, email: str, name: str, password: str | None, now: datetime) -> Account:
        """Make an account; without a password nobody can sign in to it yet. Raises EmailTakenError."""
        password_hash = await self._passwords.hash(password) if password is not None else None
        return await self.create_hashed(Account(UserId(new_id()), email, name), password_hash, now)

    async def create_hashed(self, account: Account, password_hash: str | None, now: datetime) -> Account:
        """Make an account whose id and hash are known. Raises EmailTakenError."""
        document: Document = {
            "_id": account.user_id,
            "email": normal_email(account.email),
            "name": account.name.strip(),
            "password_hash": password_hash,
            "created_at": now,
        }
        try:
            await self._users.insert_one(document)
        except DuplicateKeyError as error:
            raise EmailTakenError(f"There is already an account for {document['email']}.") from error
        return _account(document)

    async def set_password(self, email: str, password: str) -> Account:
        """Change a password. Raises UnknownAccountError."""
        account = await self.find(email)
        if account is None:
            raise UnknownAccountError(f"There is no account for {normal_email(email)}.")
        password_hash = await self._passwords.hash(password)
        await self._users.update_one({"_id": account.user_id}, {"$set": {"password_hash": password_hash}})
        return account

    async def any(self) -> bool:
        """Whether there is any user."""
        return await self._users.find_one({}, {"_id": 1}) is not None

    async def has_password(self, user_id: UserId) -> bool:
        """Whether somebody could sign in as this user; false for one who was only invited so far."""
        user = await self._users.find_one({"_id": user_id}, {"password_hash": 1})
        return bool(user and user.get("password_hash"))

    async def is_password(self, user_id: UserId, password: str) -> bool:
        """Whether this is the user's password."""
        user = await self._users.find_one({"_id": user_id}, {"password_hash": 1})
        return (await self._passwords.verify(user.get("password_hash") if user else None, password)).right

    async def change_password(self, user_id: UserId, password: str) -> None:
        """Set another password."""
        password_hash = await self._passwords.hash(password)
        await self._users.update_one({"_id": user_id}, {"$set": {"password_hash": password_hash}})

    async def complete(self, user_id: UserId, name: str, password: str) -> bool:
        """Give an account that has no password yet a name and one; false when it has one."""
        change = {"name": name.strip(), "password_hash": await self._passwords.hash(password)}
        result = await self._users.update_one({"_id": user_id, "password_hash": None}, {"$set": change})
        return result.modified_count > 0

    async def rename(self, user_id: UserId, name: str) -> None:
        """Change a name."""
        await self._users.update_one({"_id": user_id}, {"$set": {"name": name.strip()}})

    async def drop_incomplete(self, user_id: UserId) -> None:
        """Forget somebody who was invited, has no password yet, and is invited nowhere any more."""
        if not await self.members.any_of(user_id):
            await self._users.delete_one({"_id": user_id, "password_hash": None})

    async def membership(self, user_id: UserId, workspace_id: WorkspaceId) -> Membership | None:
        """The user's accepted membership of this workspace, or None."""
        return await self.members.membership(user_id, workspace_id)

    async def workspaces_of(self, user_id: UserId) -> tuple[tuple[Workspace, Role], ...]:
        """The workspaces that a user belongs to, with their role, by site title."""
        roles = {m.workspace_id: m.role for m in await self.members.memberships_of(user_id)}
        found = await self.workspaces.of_ids(list(roles))
        pairs = [(workspace, roles[workspace.id]) for workspace in found.values()]
        return tuple(sorted(pairs, key=lambda pair: (pair[0].site_title.casefold(), pair[0].id)))


def normal_email(email: str) -> str:
    """An address as it is stored and compared: without spaces around it, in lower case."""
    return storable(unicodedata.normalize("NFKC", email).strip().lower())


def _account(document: Document) -> Account:
    return Account(UserId(document["_id"]), document["email"], document.get("name") or "")
