"""`/app/account`: what one may change about oneself."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import ClassVar

import msgspec

from actors.roles import Role
from handlers.access import Access, Who
from handlers.account.device import device_name, is_phone
from handlers.account.me import account_json, place_json
from handlers.answers import HttpError, plain
from handlers.base import SESSION_COOKIE, WORKSPACE_COOKIE, BaseHandler
from handlers.conversations.conversations import ConsoleHandler
from handlers.doors.login import too_many
from handlers.doors.people_ports import Doer, OwnSession, PasswordChange
from handlers.doors.person_fields import PersonFields
from handlers.ports import Account, Session, TooManyAttempts, UnavailableError
from handlers.shapes import Json, instant

_WRONG_PASSWORD = "That is not your present password."  # noqa: S105 - a sentence


class LeadMail(msgspec.Struct, frozen=True):
    """Whether one wants mail about leads."""

    lead_mail: bool


class ProfileHandler(ConsoleHandler):
    """`GET /app/account`."""

    role: ClassVar[Who] = Role.VIEWER

    async def get(self) -> None:
        """The account, where it is a member, where it is signed in."""
        profiles, member = self.services.people.profiles, self.member
        user_id = member.account.user_id
        shown: Json = {
            "user": account_json(member.account),
            "workspaces": [place_json(place) for place in await profiles.places(user_id)],
            "lead_mail": await profiles.lead_mail(member.workspace.id, user_id),
            "sessions": [_session_json(each, member.session_id) for each in await profiles.sessions(user_id)],
        }
        if self.wants_json:
            self.answer(shown)
        else:
            await self.console("settings/account.html", "account", shown, None)


class OwnHandler(BaseHandler):
    """What changing oneself has in common."""

    role: ClassVar[Who] = Access.SIGNED_IN

    @property
    def own(self) -> Session:
        """The session that asks."""
        if self.session is None:
            raise plain(HTTPStatus.UNAUTHORIZED)
        return self.session

    @property
    def account(self) -> Account:
        """Who asks."""
        return self.own.account

    async def recheck(self) -> None:
        """Let go of this person's sockets whose sessions are over."""
        with suppress(UnavailableError):  # they are checked in turn anyway
            await self.services.sockets.connections.recheck_user(self.account.user_id)


class NameHandler(OwnHandler):
    """`POST /app/account/name`."""

    async def post(self) -> None:
        """Change the name that visitors and colleagues see."""
        fields = PersonFields(self.body(dict[str, object]))
        name = fields.line("name", "your name")
        fields.done()
        await self.services.people.profiles.rename(self.account.user_id, name, self.origin)
        await self.recheck()
        self.answer({"user": {**account_json(self.account), "name": name}})


class PasswordHandler(OwnHandler):
    """`POST /app/account/password`."""

    async def post(self) -> None:
        """Change the password, for who knows the present one. Every other session ends."""
        fields = PersonFields(self.body(dict[str, object]))
        current = fields.given("current", "your present password")
        new = fields.new_password("new", unlike=self.account.email)
        fields.done()
        outcome = await self.services.people.profiles.change_password(
            self.account, self.own.id, current, new, self.origin
        )
        if isinstance(outcome, TooManyAttempts):
            raise too_many(outcome.retry_after_s)
        if outcome is PasswordChange.WRONG_PASSWORD:
            raise HttpError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "invalid",
                _WRONG_PASSWORD,
                fields={"current": _WRONG_PASSWORD},
            )
        await self.recheck()
        self.answer({})


class NotificationsHandler(OwnHandler):
    """`POST /app/account/notifications`."""

    role: ClassVar[Who] = Role.VIEWER

    async def post(self) -> None:
        """Want mail about leads of this workspace, or not."""
        wanted = self.body(LeadMail).lead_mail
        doer = Doer(self.account.user_id, self.member.workspace.id, self.origin)
        await self.services.people.profiles.set_lead_mail(doer, wanted)
        self.answer({"lead_mail": wanted})


class OwnSessionsHandler(OwnHandler):
    """`DELETE /app/account/sessions`."""

    async def delete(self) -> None:
        """Sign out everywhere else."""
        profiles = self.services.people.profiles
        ended = await profiles.end_others(self.account.user_id, self.own.id, self.origin)
        await self.recheck()
        self.answer({"ended": ended})


class OwnSessionHandler(OwnHandler):
    """`DELETE /app/account/sessions/{id}`."""

    async def delete(self, session_id: str) -> None:
        """End one session. Somebody else's does not exist."""
        profiles = self.services.people.profiles
        if not await profiles.end_session(self.account.user_id, session_id, self.origin):
            raise HttpError(HTTPStatus.NOT_FOUND, "not_found", "That session has ended already.")
        self.services.sockets.connections.end_session(session_id)
        if session_id == self.own.id:
            self.clear_cookie(SESSION_COOKIE)
            self.clear_cookie(WORKSPACE_COOKIE)
        self.set_status(HTTPStatus.NO_CONTENT)


def _session_json(session: OwnSession, own_id: str) -> Json:
    return {
        "id": session.id,
        "device": device_name(session.user_agent),
        "phone": is_phone(session.user_agent),
        "ip": session.ip,
        "created_at": instant(session.created_at),
        "seen_at": instant(session.seen_at),
        "current": session.id == own_id,
    }
