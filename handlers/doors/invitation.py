"""`/invite/{token}`: becoming a member."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlencode

from handlers.account.me import workspace_json
from handlers.answers import HttpError
from handlers.base import SESSION_COOKIE, WORKSPACE_COOKIE
from handlers.doors.form import errors_of
from handlers.doors.mailed_link import BaseMailedLink
from handlers.doors.people_ports import Invitation
from handlers.doors.person_fields import PersonFields
from handlers.ports import SignedIn, UnavailableError
from handlers.shapes import Json

_FIELDS = ("name", "password")


class InviteHandler(BaseMailedLink):
    """For who has no account yet, a form that makes one; for who has, a button once they are signed in."""

    kind = "invitation"

    async def get(self, token: str) -> None:
        """What the link invites to."""
        with suppress(UnavailableError):
            await self.load_session()
        invitation = self.working(await self.services.people.invitations.find(token))
        if self.wants_json:
            self.answer({"invitation": _json(invitation)})
        else:
            self._form(token, invitation, None)

    async def post(self, token: str) -> None:
        """Accept."""
        await self.load_session()
        invitation = self.working(await self.services.people.invitations.find(token))

        async def again(error: HttpError) -> None:
            self._form(token, invitation, error)

        if not self.by_json and self.get_body_argument("switch", ""):
            await self.attempt(lambda: self._switch(token, invitation), again)
        elif invitation.is_new:
            await self._join_new(token, invitation)
        else:
            await self.attempt(lambda: self._join(token, invitation), again)

    async def _join_new(self, token: str, invitation: Invitation) -> None:
        async def again(error: HttpError) -> None:
            self._form(token, invitation, error)

        signed_in = await self.attempt(lambda: self._make(token, invitation), again)
        if signed_in is not None:
            await self.begin_session(signed_in, invitation.workspace)
            self.welcome(signed_in, "/app")

    async def _make(self, token: str, invitation: Invitation) -> SignedIn:
        fields = PersonFields(self.values(*_FIELDS))
        name = fields.line("name", "your name")
        password = fields.new_password(unlike=invitation.email)
        fields.done()
        people = self.services.people.invitations
        return self.working(await people.join_new(token, name, password, self.origin))

    async def _join(self, token: str, invitation: Invitation) -> None:
        session = self.session
        if session is None:
            raise HttpError(
                HTTPStatus.UNAUTHORIZED, "unauthenticated", f"Sign in as {invitation.email} first."
            )
        if session.account.user_id != invitation.user_id:
            raise HttpError(
                HTTPStatus.FORBIDDEN, "forbidden", f"This invitation is for {invitation.email} alone."
            )
        people = self.services.people.invitations
        self.working(await people.join(token, invitation.user_id, self.origin) or None)
        self.keep_cookie(WORKSPACE_COOKIE, invitation.workspace.id, None)
        if self.answers_json:
            self.answer({"workspace": workspace_json(invitation.workspace)})
        else:
            self.redirect("/app", status=HTTPStatus.SEE_OTHER)

    async def _switch(self, token: str, invitation: Invitation) -> None:
        """Sign out whoever sits here, and ask for the person invited."""
        if self.session is not None:
            await self.services.gate.sign_out(self.session.id)
            self.services.sockets.connections.end_session(self.session.id)
        self.clear_cookie(SESSION_COOKIE)
        self.clear_cookie(WORKSPACE_COOKIE)
        self.redirect(_sign_in(token, invitation), status=HTTPStatus.SEE_OTHER)

    def _form(self, token: str, invitation: Invitation, error: HttpError | None) -> None:
        account = self.session.account if self.session else None
        if invitation.is_new:
            step = "new"
        elif account is None:
            step = "sign_in"
        else:
            step = "join" if account.user_id == invitation.user_id else "other"
        self.page(
            "doors/invite.html",
            error.status if error else HTTPStatus.OK,
            step=step,
            invitation=_json(invitation),
            account=account,
            typed_name=self.get_body_argument("name", "") if error else "",
            sign_in_url=_sign_in(token, invitation),
            **errors_of(error),
        )


def _sign_in(token: str, invitation: Invitation) -> str:
    return f"/login?{urlencode({'next': f'/invite/{token}', 'email': invitation.email})}"


def _json(invitation: Invitation) -> Json:
    return {
        "workspace": workspace_json(invitation.workspace),
        "email": invitation.email,
        "role": invitation.role.value,
        "invited_by": invitation.invited_by,
        "is_new": invitation.is_new,
    }
