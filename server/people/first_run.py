"""The first run: no user yet, and one who becomes the owner of the first workspace."""

from __future__ import annotations

from actors.ids import UserId, WorkspaceId, new_id
from actors.log import Origin
from actors.ports import Clock
from actors.roles import Role
from actors.speech import mark
from handlers.doors.people_ports import Founder
from handlers.ports import SignedIn
from server.audit.trail import Trail
from server.edge import reaching_the_store, signed_in
from server.people.accounts import Account, Accounts, EmailTakenError
from server.people.members import Membership
from server.people.passwords import Passwords
from server.people.sessions import Sessions
from server.workspaces.workspaces import ANY_ORIGIN, AgentPersona, KeyTakenError, Workspace

FOUNDER = UserId("founder")
"""The first user's id, the same for all who try: of any number of inserts one succeeds."""

_SLUG = "main"
_PERSONA = AgentPersona("Assistant", mark("Hi. Ask me anything; you can also ask for a person at any time."))


class FirstRun:
    """`handlers.doors.people_ports.Setup`."""

    def __init__(
        self, accounts: Accounts, passwords: Passwords, sessions: Sessions, trail: Trail, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._passwords = passwords
        self._sessions = sessions
        self._trail = trail
        self._clock = clock
        self._over = False

    async def needed(self) -> bool:
        """Whether there is no user. Once there is one, the database is not asked again."""
        if not self._over:
            with reaching_the_store():
                self._over = await self._accounts.any()
        return not self._over

    async def found(self, founder: Founder, origin: Origin) -> SignedIn | None:
        """Make the first user. The insert of the user decides: whatever comes before it may be repeated."""
        if not await self.needed():
            return None
        with reaching_the_store():
            password_hash = await self._passwords.hash(founder.password)
            now = self._clock.now()
            workspace = await self._workspace(founder.site_title)
            await self._accounts.members.add(Membership(workspace.id, FOUNDER, Role.OWNER, now))
            try:
                account = await self._accounts.create_hashed(
                    Account(FOUNDER, founder.email, founder.name), password_hash, now
                )
            except EmailTakenError:  # or the id: somebody else was first
                return None
            self._over = True
            await self._accounts.workspaces.rename(workspace.id, founder.site_title)
            await self._trail.note(
                workspace.id, "member.joined", FOUNDER, FOUNDER, origin, role=Role.OWNER.value
            )
            return await signed_in(self._accounts, self._sessions, account, origin, now)

    async def _workspace(self, site_title: str) -> Workspace:
        """The workspace that everybody who tries to be first shares."""
        workspaces = self._accounts.workspaces
        new = Workspace(WorkspaceId(new_id()), _SLUG, new_id(), site_title, _PERSONA, (ANY_ORIGIN,))
        try:
            await workspaces.create(new, self._clock.now())
        except KeyTakenError:
            return await workspaces.by_slug(_SLUG) or new
        return new
