"""The letters that let people in: invitations, and links to a new password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from actors.jobs import JobName
from server.mail.letter import Letter
from server.mail.templates import MailTemplates, spoken

if TYPE_CHECKING:
    from actors.ports import Clock
    from server.jobs.job import Job
    from server.mail.jobs import Compose
    from server.people.accounts import Accounts
    from server.people.people import LinkStores

_AN = {"owner": "an owner", "admin": "an admin", "editor": "an editor", "viewer": "a viewer"}


class PeopleLetters:
    """Writes them when they are sent, from what the database says then: a used or revoked link is not mailed.

    Args:
        base_url: where the links lead.
    """

    def __init__(self, accounts: Accounts, links: LinkStores, base_url: str, clock: Clock) -> None:
        self._accounts = accounts
        self._links = links
        self._base_url = base_url
        self._clock = clock
        self._templates = MailTemplates()

    def composers(self) -> Mapping[JobName, Compose]:
        """Which job's letter is written by what."""
        return {
            JobName.INVITATION_MAIL: self.invitation,
            JobName.PASSWORD_RESET_MAIL: self.password_reset,
        }

    async def invitation(self, job: Job) -> Letter | None:
        """Asks somebody to join a workspace."""
        invitations = self._links.invitations
        row = await invitations.get(job.payload["invitation_id"])
        if row is None or row.nonce != job.payload["nonce"] or not row.is_open(self._clock.now()):
            return None
        place = await self._accounts.members.place(row.workspace_id, row.user_id)
        workspace = await self._accounts.workspaces.workspace(row.workspace_id)
        account = await self._accounts.account(row.user_id)
        inviter = await self._accounts.account(row.invited_by)
        if place is None or place.accepted_at or workspace is None or account is None:
            return None
        invited_by = inviter.name if inviter and inviter.name else "A colleague"
        texts = self._templates.render(
            "invitation",
            {
                "invited_by": invited_by,
                "site_title": workspace.site_title,
                "role": _AN[place.role.value],
                "email": account.email,
                "url": f"{self._base_url}/invite/{invitations.token(row)}",
                "expires_at": spoken(row.expires_at),
            },
        )
        subject = f"{invited_by} invites you to {workspace.site_title}"
        return Letter(job.id, account.email, subject, texts.text, texts.html, account.name)

    async def password_reset(self, job: Job) -> Letter | None:
        """Leads somebody to a new password."""
        resets = self._links.resets
        row = await resets.get(job.payload["reset_id"])
        account = await self._accounts.account(row.user_id) if row else None
        if row is None or account is None or not row.is_open(self._clock.now()):
            return None
        texts = self._templates.render(
            "password_reset",
            {
                "site_title": "Baton",
                "email": account.email,
                "url": f"{self._base_url}/reset/{resets.token(row)}",
                "expires_at": spoken(row.expires_at),
            },
        )
        return Letter(job.id, account.email, "A new password", texts.text, texts.html, account.name)
