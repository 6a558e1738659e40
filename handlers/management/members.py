"""`/app/settings/team`: who is a member, and changing that."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import ClassVar, TypeVar

from tornado.ioloop import IOLoop

from actors.ids import UserId, WorkspaceId
from actors.messages import Held, Look, ReleaseConversation
from actors.roles import Action, Role, may
from actors.team import Denial, Why
from handlers.access import Access, Who
from handlers.account.me import place_json
from handlers.answers import HttpError
from handlers.base import BaseHandler
from handlers.conversations.conversations import ConsoleHandler
from handlers.doors.people_ports import Doer, TeamMember
from handlers.doors.person_fields import PersonFields
from handlers.ports import Member, UnavailableError
from handlers.shapes import Json, instant_or_none

SWEEP_AGAIN_S = 2.0
"""A claim that was on its way when its holder was removed is in the database by then."""

_ROLES = tuple(role.value for role in Role)
_STATUS = {
    Why.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Why.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Why.LAST_OWNER: HTTPStatus.CONFLICT,
    Why.ALREADY_MEMBER: HTTPStatus.CONFLICT,
    Why.ALREADY_ACCEPTED: HTTPStatus.CONFLICT,
    Why.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}

T = TypeVar("T")


class TeamChangeHandler(BaseHandler):
    """What changing a team has in common."""

    role: ClassVar[Who] = Action.MANAGE

    def doer(self, workspace_id: WorkspaceId | None = None) -> Doer:
        """Whoever asks, in the workspace they work in."""
        member = self.member
        return Doer(member.account.user_id, workspace_id or member.workspace.id, self.origin)

    async def let_go(self, member: Member, user_id: UserId) -> None:
        """Close a removed member's sockets, and hand what they hold back to the bot. `member` does it."""
        with suppress(UnavailableError):  # sockets are checked in turn anyway
            await self.services.sockets.connections.recheck_user(user_id)
        await self._release_all(member, user_id)
        again = partial(self._release_late_claims, member, user_id)
        IOLoop.current().call_later(SWEEP_AGAIN_S, again)  # pyright: ignore[reportUnknownMemberType]

    async def _release_late_claims(self, member: Member, user_id: UserId) -> None:
        with suppress(UnavailableError, HttpError):  # an admin can still hand them back
            await self._release_all(member, user_id)

    async def _release_all(self, member: Member, user_id: UserId) -> None:
        for key in await self.services.people.team.claims_of(member.workspace.id, user_id):
            held = await self.ask(key, Look)
            holder = held.standing.holder if isinstance(held, Held) else None
            if holder is not None and holder.user_id == user_id:
                release = partial(ReleaseConversation, member.operator, origin=self.origin)
                await self.ask(key, release)


class TeamHandler(ConsoleHandler):
    """`GET /app/settings/team`."""

    role: ClassVar[Who] = Action.MANAGE

    async def get(self) -> None:
        """Everybody, also who has not accepted yet."""
        members = await self.services.people.team.members(self.member.workspace.id)
        listed: Json = {"members": [member_json(member) for member in members]}
        if self.wants_json:
            self.answer(listed)
        else:
            await self.console("settings/team.html", "team", listed, None)


class InvitationsHandler(TeamChangeHandler):
    """`POST /app/settings/team/invitations`."""

    async def post(self) -> None:
        """Invite somebody."""
        fields = PersonFields(self.body(dict[str, object]))
        email, role = fields.email(), fields.choice("role", _ROLES)
        fields.done()
        invited = granted(await self.services.people.team.invite(self.doer(), email, Role(role)))
        self.answer({"member": member_json(invited)}, HTTPStatus.CREATED)


class ResendHandler(TeamChangeHandler):
    """`POST /app/settings/team/{user_id}/resend`."""

    async def post(self, user_id: str) -> None:
        """Send a new link."""
        invited = granted(await self.services.people.team.resend(self.doer(), UserId(user_id)))
        self.answer({"member": member_json(invited)})


class RoleHandler(TeamChangeHandler):
    """`POST /app/settings/team/{user_id}/role`."""

    async def post(self, user_id: str) -> None:
        """Give another role. What a viewer must not hold goes back to the bot."""
        fields = PersonFields(self.body(dict[str, object]))
        role = fields.choice("role", _ROLES)
        fields.done()
        whom, actor = UserId(user_id), self.member
        changed = granted(await self.services.people.team.change_role(self.doer(), whom, Role(role)))
        if may(changed.role, Action.CLAIM):
            with suppress(UnavailableError):
                await self.services.sockets.connections.recheck_user(whom)
        else:
            await self.let_go(actor, whom)
        self.answer({"member": member_json(changed)})


class MemberHandler(TeamChangeHandler):
    """`DELETE /app/settings/team/{user_id}`."""

    async def delete(self, user_id: str) -> None:
        """Remove a member, or revoke an invitation."""
        whom, actor = UserId(user_id), self.member
        removed = granted(await self.services.people.team.remove(self.doer(), whom))
        if removed.accepted_at is not None:
            await self.let_go(actor, whom)
        self.set_status(HTTPStatus.NO_CONTENT)


class PlacesHandler(BaseHandler):
    """`GET /app/workspaces`."""

    role: ClassVar[Who] = Access.SIGNED_IN

    async def get(self) -> None:
        """Where one is a member."""
        session = self.session
        places = await self.services.people.profiles.places(session.account.user_id) if session else ()
        self.answer({"workspaces": [place_json(place) for place in places]})


class LeaveHandler(TeamChangeHandler):
    """`DELETE /app/workspaces/{id}`."""

    role: ClassVar[Who] = Access.SIGNED_IN

    async def delete(self, workspace_id: str) -> None:
        """Leave a workspace. One that is not yours does not exist."""
        member = await self._member_of(WorkspaceId(workspace_id))
        user_id = member.account.user_id
        doer = Doer(user_id, member.workspace.id, self.origin)
        granted(await self.services.people.team.remove(doer, user_id))
        await self.let_go(member, user_id)
        self.set_status(HTTPStatus.NO_CONTENT)

    async def _member_of(self, workspace_id: WorkspaceId) -> Member:
        session = self.session
        if session is not None:
            for place in await self.services.people.profiles.places(session.account.user_id):
                if place.workspace.id == workspace_id:
                    return Member(session.id, session.account, place.workspace, place.role)
        raise HttpError(HTTPStatus.NOT_FOUND, "not_found", "There is no such workspace.")


def granted(outcome: T | Denial) -> T:
    """What was done. Raises HttpError when it was denied."""
    if isinstance(outcome, Denial):
        raise HttpError(_STATUS[outcome.why], outcome.why.value, outcome.message)
    return outcome


def member_json(member: TeamMember) -> Json:
    """A member as the team's list has it."""
    return {
        "user_id": member.user_id,
        "name": member.name,
        "email": member.email,
        "role": member.role.value,
        "accepted_at": instant_or_none(member.accepted_at),
        "link_ends_at": instant_or_none(member.link_ends_at),
    }
