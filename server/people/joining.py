"""Accepting an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.doors.people_ports import Invitation
from server.edge import edge_workspace, reaching_the_store, signed_in

if TYPE_CHECKING:
    from actors.ids import UserId
    from actors.log import Origin
    from actors.ports import Clock
    from handlers.ports import SignedIn
    from server.audit.trail import Trail
    from server.people.accounts import Accounts
    from server.people.invitations import InvitationRow, InvitationStore
    from server.people.sessions import Sessions


class Joining:
    """`handlers.doors.people_ports.Invitations`."""

    def __init__(
        self,
        accounts: Accounts,
        invitations: InvitationStore,
        sessions: Sessions,
        trail: Trail,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._invitations = invitations
        self._sessions = sessions
        self._trail = trail
        self._clock = clock

    async def find(self, token: str) -> Invitation | None:
        """What a link invites to."""
        with reaching_the_store():
            row = await self._invitations.by_token(token, self._clock.now())
            return await self._invitation(row) if row else None

    async def join(self, token: str, user_id: UserId, origin: Origin) -> bool:
        """Accept as the user invited."""
        with reaching_the_store():
            row = await self._invitations.by_token(token, self._clock.now())
            return row is not None and row.user_id == user_id and await self._accept(row, origin)

    async def join_new(self, token: str, name: str, password: str, origin: Origin) -> SignedIn | None:
        """Accept, and make the account."""
        with reaching_the_store():
            row = await self._invitations.by_token(token, self._clock.now())
            if row is None or await self._accounts.has_password(row.user_id):
                return None
            # The link is used up first: of two who have it, one sets the password.
            if not await self._invitations.use(row, self._clock.now()):
                return None
            if not await self._accounts.complete(row.user_id, name, password):
                return None
            account = await self._accounts.account(row.user_id)
            if account is None or not await self._become_member(row, origin):
                return None
            return await signed_in(self._accounts, self._sessions, account, origin, self._clock.now())

    async def _accept(self, row: InvitationRow, origin: Origin) -> bool:
        used = await self._invitations.use(row, self._clock.now())
        return used and await self._become_member(row, origin)

    async def _become_member(self, row: InvitationRow, origin: Origin) -> bool:
        now = self._clock.now()
        if not await self._accounts.members.accept(row.workspace_id, row.user_id, now):
            return False
        place = await self._accounts.members.place(row.workspace_id, row.user_id)
        role = place.role.value if place else None
        await self._trail.note(row.workspace_id, "member.joined", row.user_id, row.user_id, origin, role=role)
        return True

    async def _invitation(self, row: InvitationRow) -> Invitation | None:
        place = await self._accounts.members.place(row.workspace_id, row.user_id)
        workspace = await self._accounts.workspaces.workspace(row.workspace_id)
        account = await self._accounts.account(row.user_id)
        inviter = await self._accounts.account(row.invited_by)
        if place is None or place.accepted_at or workspace is None or account is None:
            return None
        return Invitation(
            workspace=edge_workspace(workspace),
            user_id=row.user_id,
            email=account.email,
            role=place.role,
            invited_by=inviter.name if inviter else "",
            is_new=not await self._accounts.has_password(row.user_id),
        )
