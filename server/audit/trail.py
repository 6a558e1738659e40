"""What people did to teams and accounts, in the audit log: ids and settings, never a name or an address."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from actors.ids import UserId, WorkspaceId, new_id
from server.audit.audit import AuditLog, AuditRecord
from server.people.accounts import normal_email

if TYPE_CHECKING:
    from actors.log import Origin
    from actors.ports import Clock
    from handlers.doors.people_ports import Doer
    from server.afterwards import Afterwards
    from server.people.accounts import Accounts

SERVER_CHAIN = WorkspaceId("server")
"""The chain of what belongs to no workspace, such as failed sign-ins with unknown addresses."""


class Trail:
    """Writes such entries, durable on return unless said otherwise.

    Args:
        audit: the one writer.
        accounts: to find the workspaces that an account's own doings concern.
        secret_key: makes unknown addresses unreadable, and still recognisable when they come again.
        clock: the time.
        afterwards: does what an answer does not wait for.
    """

    def __init__(
        self, audit: AuditLog, accounts: Accounts, secret_key: str, clock: Clock, afterwards: Afterwards
    ) -> None:
        self._audit = audit
        self._accounts = accounts
        self._key = hmac.digest(secret_key.encode(), b"audit:address", "sha256")
        self._clock = clock
        self._afterwards = afterwards

    async def note(
        self,
        workspace_id: WorkspaceId,
        action: str,
        by: UserId | None,
        user_id: UserId,
        origin: Origin,
        **details: str | int | bool | None,
    ) -> None:
        """Somebody did something to a user, in one workspace."""
        await self._audit.append(workspace_id, self._record(action, by, ("user", user_id), origin, details))

    async def note_on(
        self,
        doer: Doer,
        action: str,
        target: tuple[str, str],
        details: Mapping[str, str | int | bool | None],
    ) -> None:
        """Somebody did something to what is no user; `target` is its type and its id."""
        record = self._record(action, doer.user_id, target, doer.origin, dict(details))
        await self._audit.append(doer.workspace_id, record)

    async def note_own(
        self, action: str, user_id: UserId, origin: Origin, **details: str | int | bool | None
    ) -> None:
        """Somebody did something to their own account: it stands in every workspace that they belong to."""
        await self._everywhere(action, user_id, user_id, origin, details)

    def sign_in_failed(self, email: str, origin: Origin) -> None:
        """Written later, so that an answer takes no longer for one address than for another."""
        self._afterwards.do("recording a failed sign-in", partial(self._sign_in_failed, email, origin))

    async def _sign_in_failed(self, email: str, origin: Origin) -> None:
        account = await self._accounts.find(email)
        if account is not None:
            await self._everywhere("sign_in.failed", None, account.user_id, origin, {})
            return
        address = hmac.digest(self._key, normal_email(email).encode(), "sha256").hex()
        record = self._record("sign_in.failed", None, ("address", address), origin, {})
        await self._audit.append(SERVER_CHAIN, record)

    async def _everywhere(
        self,
        action: str,
        by: UserId | None,
        user_id: UserId,
        origin: Origin,
        details: dict[str, str | int | bool | None],
    ) -> None:
        places = [m.workspace_id for m in await self._accounts.members.memberships_of(user_id)]
        await self._audit.append_all(
            [
                (place, self._record(action, by, ("user", user_id), origin, details))
                for place in places or [SERVER_CHAIN]
            ]
        )

    def _record(
        self,
        action: str,
        by: UserId | None,
        target: tuple[str, str],
        origin: Origin,
        details: dict[str, str | int | bool | None],
    ) -> AuditRecord:
        return AuditRecord(
            id=new_id(),
            at=self._clock.now(),
            user_id=by,
            action=action,
            target_type=target[0],
            target_id=target[1],
            ip=origin.ip,
            user_agent=origin.user_agent,
            details=details,
        )
