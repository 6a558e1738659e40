"""What people change about themselves: name, password, sessions, mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.doors.people_ports import OwnSession, PasswordChange
from handlers.ports import TooManyAttempts
from server.edge import places_of, reaching_the_store

if TYPE_CHECKING:
    from actors.ids import UserId, WorkspaceId
    from actors.log import Origin
    from actors.ports import Clock
    from handlers.doors.people_ports import Doer, Keyboard
    from handlers.ports import Account, Membership
    from server.audit.trail import Trail
    from server.people.accounts import Accounts
    from server.people.keyboards import Keyboards
    from server.people.password_resets import PasswordResets
    from server.people.sessions import Sessions
    from server.rate_limits import SignInLimits


class StoreProfiles:
    """`handlers.doors.people_ports.Profiles`.

    Args:
        limits: shared with signing in: a stolen session is no way to try more passwords.
    """

    def __init__(
        self,
        *,
        accounts: Accounts,
        sessions: Sessions,
        keyboards: Keyboards,
        resets: PasswordResets,
        limits: SignInLimits,
        trail: Trail,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._keyboards = keyboards
        self._resets = resets
        self._limits = limits
        self._trail = trail
        self._clock = clock

    async def sessions(self, user_id: UserId) -> tuple[OwnSession, ...]:
        """Their sessions."""
        with reaching_the_store():
            rows = await self._sessions.of_user(user_id, self._clock.now())
        return tuple(OwnSession(row.id, row.ip, row.user_agent, row.created_at, row.seen_at) for row in rows)

    async def places(self, user_id: UserId) -> tuple[Membership, ...]:
        """Where they are a member."""
        with reaching_the_store():
            return await places_of(self._accounts, user_id)

    async def lead_mail(self, workspace_id: WorkspaceId, user_id: UserId) -> bool:
        """Whether they want mail about leads."""
        with reaching_the_store():
            return await self._accounts.members.lead_mail(workspace_id, user_id)

    async def set_lead_mail(self, doer: Doer, wanted: bool) -> None:
        """Change that."""
        with reaching_the_store():
            before = await self._accounts.members.lead_mail(doer.workspace_id, doer.user_id)
            if before == wanted:
                return
            await self._accounts.members.set_lead_mail(doer.workspace_id, doer.user_id, wanted)
            action = "member.notifications_changed"
            await self._trail.note(
                doer.workspace_id,
                action,
                doer.user_id,
                doer.user_id,
                doer.origin,
                before=before,
                after=wanted,
            )

    async def keyboard(self, user_id: UserId) -> Keyboard:
        """Which keys they chose."""
        with reaching_the_store():
            return await self._keyboards.of(user_id)

    async def set_keyboard(self, user_id: UserId, keyboard: Keyboard) -> None:
        """Keep them. No affair of anybody else's, and so not audited."""
        with reaching_the_store():
            await self._keyboards.set(user_id, keyboard)

    async def rename(self, user_id: UserId, name: str, origin: Origin) -> None:
        """Change the name. The entry says that it changed, not from what to what: names are personal."""
        with reaching_the_store():
            await self._accounts.rename(user_id, name)
            await self._trail.note_own("profile.changed", user_id, origin, field="name")

    async def change_password(
        self, account: Account, kept_session_id: str, current: str, new: str, origin: Origin
    ) -> PasswordChange | TooManyAttempts:
        """Change the password, and end the other sessions."""
        if not self._limits.allow(account.email, origin.ip):
            return TooManyAttempts(self._limits.retry_after_s(account.email, origin.ip))
        with reaching_the_store():
            if not await self._accounts.is_password(account.user_id, current):
                self._trail.sign_in_failed(account.email, origin)
                return PasswordChange.WRONG_PASSWORD
            self._limits.succeeded(account.email, origin.ip)
            await self._accounts.change_password(account.user_id, new)
            await self._resets.drop_all(account.user_id)
            ended = await self._sessions.revoke_others(account.user_id, kept_session_id)
            await self._trail.note_own("password.changed", account.user_id, origin, sessions_ended=ended)
            return PasswordChange.DONE

    async def end_session(self, user_id: UserId, session_id: str, origin: Origin) -> bool:
        """End one of their sessions."""
        with reaching_the_store():
            if not await self._sessions.revoke_of(user_id, session_id):
                return False
            await self._trail.note_own("session.revoked", user_id, origin, sessions_ended=1)
            return True

    async def end_others(self, user_id: UserId, kept_session_id: str, origin: Origin) -> int:
        """End all but one."""
        with reaching_the_store():
            ended = await self._sessions.revoke_others(user_id, kept_session_id)
            if ended:
                await self._trail.note_own("session.revoked", user_id, origin, sessions_ended=ended)
            return ended
