"""A forgotten password: a link by mail, whose asking tells nobody whether there is an account."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from actors.ids import WorkspaceId
from actors.jobs import JobName, JobRequest
from server.edge import edge_account, reaching_the_store
from server.people.accounts import normal_email
from server.rate_limits import address_key

if TYPE_CHECKING:
    from actors.log import Origin
    from actors.ports import Clock
    from handlers.ports import Account
    from server.afterwards import Afterwards
    from server.audit.trail import Trail
    from server.jobs.outbox import Outbox
    from server.people.accounts import Accounts
    from server.people.password_resets import PasswordResets
    from server.people.sessions import Sessions
    from server.rate_limits import RateLimit

_log = logging.getLogger(__name__)


class StoreRecovery:
    """`handlers.doors.people_ports.Recovery`.

    Args:
        afterwards: does what the answer does not wait for.
        per_account: how many links an address gets.
        per_address: how many links an IP address may ask for.
    """

    def __init__(
        self,
        *,
        accounts: Accounts,
        resets: PasswordResets,
        sessions: Sessions,
        outbox: Outbox,
        trail: Trail,
        clock: Clock,
        afterwards: Afterwards,
        per_account: RateLimit,
        per_address: RateLimit,
    ) -> None:
        self._accounts = accounts
        self._resets = resets
        self._sessions = sessions
        self._outbox = outbox
        self._trail = trail
        self._clock = clock
        self._per_account = per_account
        self._per_address = per_address
        self._afterwards = afterwards

    def ask(self, email: str, origin: Origin) -> None:
        """Send a link. All work is done after the answer, so that both kinds of address take as long."""
        allowed = self._per_address.allow(address_key(origin.ip)) and self._per_account.allow(
            normal_email(email)
        )
        if allowed:
            self._afterwards.do("sending a link to a new password", partial(self._send, email, origin))
        else:
            _log.info("a link to a new password was asked for too often, and not sent")

    async def find(self, token: str) -> Account | None:
        """Whose link this is."""
        with reaching_the_store():
            row = await self._resets.by_token(token, self._clock.now())
            account = await self._accounts.account(row.user_id) if row else None
            return edge_account(account) if account else None

    async def reset(self, token: str, password: str, origin: Origin) -> Account | None:
        """Set the password. The link is used up first: of two who have it, one sets the password."""
        with reaching_the_store():
            row = await self._resets.by_token(token, self._clock.now())
            account = await self._accounts.account(row.user_id) if row else None
            if row is None or account is None or not await self._resets.use(row, self._clock.now()):
                return None
            await self._accounts.change_password(account.user_id, password)
            ended = await self._sessions.revoke_all(account.user_id)
            await self._resets.drop_all(account.user_id)
            await self._trail.note_own("password.reset", account.user_id, origin, sessions_ended=ended)
            return edge_account(account)

    async def _send(self, email: str, origin: Origin) -> None:
        account = await self._accounts.find(email)
        if account is None or not await self._accounts.has_password(account.user_id):
            return
        row = await self._resets.make(account.user_id, self._clock.now())
        job = JobRequest(row.id, JobName.PASSWORD_RESET_MAIL, WorkspaceId(""), "mail", {"reset_id": row.id})
        await self._outbox.add([job])
        await self._trail.note_own("password.reset_requested", account.user_id, origin)
