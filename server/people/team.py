"""Teams: inviting, changing and removing members, each change decided and written under one lock."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from actors.ids import ConversationId
from actors.jobs import JobName, JobRequest
from actors.log import ConversationKey
from actors.recipients import Member as Seat
from actors.team import Denial, Roster, Why
from handlers.doors.people_ports import TeamMember
from server.edge import reaching_the_store
from server.people.accounts import EmailTakenError
from server.people.members import Member, Membership

if TYPE_CHECKING:
    from actors.ids import UserId, WorkspaceId
    from actors.ports import Clock
    from actors.roles import Role
    from handlers.doors.people_ports import Doer
    from server.audit.trail import Trail
    from server.conversations.journal import Journal
    from server.jobs.outbox import Outbox
    from server.people.accounts import Account, Accounts
    from server.people.invitations import InvitationRow, InvitationStore
    from server.people.sessions import Sessions
    from server.rate_limits import RateLimit
    from server.store.database import Database

TOO_MANY = Denial(Why.TOO_MANY, "That were many invitations. Wait a few minutes, then send the next.")


class StoreTeam:
    """`handlers.doors.people_ports.Team`.

    Args:
        limit: how many invitations a workspace may send.
        journal: knows of claims that the conversations' documents do not have yet.
    """

    def __init__(
        self,
        *,
        database: Database,
        accounts: Accounts,
        sessions: Sessions,
        invitations: InvitationStore,
        outbox: Outbox,
        trail: Trail,
        journal: Journal,
        clock: Clock,
        limit: RateLimit,
    ) -> None:
        self._conversations = database["conversations"]
        self._accounts = accounts
        self._members = accounts.members
        self._sessions = sessions
        self._invitations = invitations
        self._outbox = outbox
        self._trail = trail
        self._journal = journal
        self._clock = clock
        self._limit = limit
        # What was decided still holds when it is written: two owners who lower each other would leave none.
        self._changing = asyncio.Lock()

    async def members(self, workspace_id: WorkspaceId) -> tuple[TeamMember, ...]:
        """Everybody."""
        with reaching_the_store():
            invitations = await self._invitations.of_workspace(workspace_id)
            found = await self._members.of_workspace(workspace_id)
        return tuple(_shown(member, invitations.get(member.user_id)) for member in found)

    async def invite(self, doer: Doer, email: str, role: Role) -> TeamMember | Denial:
        """Make a pending member, and send the link."""
        with reaching_the_store():
            async with self._changing:
                members = await self._of(doer)
                if (denial := _roster(members).invite(doer.user_id, role)) is not None:
                    return denial
                if not self._limit.allow(doer.workspace_id):
                    return TOO_MANY
                account = await self._account(email)
                place = Membership(doer.workspace_id, account.user_id, role, None)
                if not await self._members.add(place):
                    return _already(account, await self._members.place(doer.workspace_id, account.user_id))
                await self._note(doer, "member.invited", account.user_id, role=role.value)
                member = Member(account.user_id, account.name, account.email, role, None)
                return _shown(member, await self._send(doer, account.user_id))

    async def resend(self, doer: Doer, user_id: UserId) -> TeamMember | Denial:
        """Send a new link."""
        with reaching_the_store():
            async with self._changing:
                members = await self._of(doer)
                if (denial := _roster(members).resend(doer.user_id, user_id)) is not None:
                    return denial
                if not self._limit.allow(doer.workspace_id):
                    return TOO_MANY
                await self._note(doer, "invitation.resent", user_id)
                return _shown(members[user_id], await self._send(doer, user_id))

    async def change_role(self, doer: Doer, user_id: UserId, role: Role) -> TeamMember | Denial:
        """Give a member another role."""
        with reaching_the_store():
            async with self._changing:
                members = await self._of(doer)
                if (denial := _roster(members).change(doer.user_id, user_id, role)) is not None:
                    return denial
                before = members[user_id]
                if before.role is not role:
                    await self._members.change_role(doer.workspace_id, user_id, role)
                    changed = {"before": before.role.value, "after": role.value}
                    await self._note(doer, "member.role_changed", user_id, **changed)
                invitations = await self._invitations.of_workspace(doer.workspace_id)
        after = Member(user_id, before.name, before.email, role, before.accepted_at)
        return _shown(after, invitations.get(user_id))

    async def remove(self, doer: Doer, user_id: UserId) -> TeamMember | Denial:
        """Remove a member, or revoke an invitation. Who belongs nowhere any more is signed out."""
        with reaching_the_store():
            async with self._changing:
                members = await self._of(doer)
                if (denial := _roster(members).remove(doer.user_id, user_id)) is not None:
                    return denial
                member = members[user_id]
                await self._members.remove(doer.workspace_id, user_id)
                await self._invitations.drop(doer.workspace_id, user_id)
                await self._accounts.drop_incomplete(user_id)
                action = "member.removed" if member.accepted_at else "invitation.revoked"
                await self._note(doer, action, user_id, role=member.role.value)
                if not await self._members.memberships_of(user_id):
                    await self._sessions.revoke_all(user_id)
                return _shown(member, None)

    async def claims_of(self, workspace_id: WorkspaceId, user_id: UserId) -> tuple[ConversationKey, ...]:
        """The conversations that somebody holds."""
        query = {"workspace_id": workspace_id, "claimed_by_user_id": user_id}
        with reaching_the_store():
            await self._journal.settled()
            found = await self._conversations.find(query, {"_id": 1}).to_list(None)
        return tuple(ConversationKey(workspace_id, ConversationId(document["_id"])) for document in found)

    async def _of(self, doer: Doer) -> dict[UserId, Member]:
        return {member.user_id: member for member in await self._members.of_workspace(doer.workspace_id)}

    async def _account(self, email: str) -> Account:
        """The account of an address, made without a password when there is none."""
        found = await self._accounts.find(email)
        if found is None:
            try:
                return await self._accounts.create_user(email, "", None, self._clock.now())
            except EmailTakenError:  # by another workspace's invitation, just now
                found = await self._accounts.find(email)
                if found is None:
                    raise
        return found

    async def _send(self, doer: Doer, user_id: UserId) -> InvitationRow:
        row = await self._invitations.send(doer.workspace_id, user_id, doer.user_id, self._clock.now())
        job = JobRequest(
            f"{row.id}:{row.nonce}",
            JobName.INVITATION_MAIL,
            doer.workspace_id,
            "mail",
            {"invitation_id": row.id, "nonce": row.nonce},
        )
        await self._outbox.add([job])
        return row

    async def _note(self, doer: Doer, action: str, user_id: UserId, **details: str) -> None:
        await self._trail.note(doer.workspace_id, action, doer.user_id, user_id, doer.origin, **details)


def _roster(members: dict[UserId, Member]) -> Roster:
    return Roster(Seat(member.user_id, member.role, member.accepted_at) for member in members.values())


def _already(account: Account, place: Membership | None) -> Denial:
    if place is not None and place.accepted_at is None:
        return Denial(Why.ALREADY_MEMBER, f"{account.email} is invited already. You can send it again.")
    return Denial(Why.ALREADY_MEMBER, f"{account.email} is a member already.")


def _shown(member: Member, invitation: InvitationRow | None) -> TeamMember:
    ends_at = invitation.expires_at if invitation and not member.accepted_at else None
    return TeamMember(member.user_id, member.name, member.email, member.role, member.accepted_at, ends_at)
