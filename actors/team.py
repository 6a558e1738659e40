"""Who may change whom in a team. Pure: a roster is what the database says at that moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from actors.roles import Action, Role, may

if TYPE_CHECKING:
    from actors.ids import UserId
    from actors.recipients import Member


class Why(StrEnum):
    """Why something is not done to a team."""

    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    LAST_OWNER = "last_owner"
    ALREADY_MEMBER = "already_member"
    ALREADY_ACCEPTED = "already_accepted"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Denial:
    """What is not done, and why in words."""

    why: Why
    message: str


NO_SUCH_MEMBER = Denial(Why.NOT_FOUND, "There is no such member.")
MANAGERS_ONLY = Denial(Why.FORBIDDEN, "Only owners and admins can change the team.")
OWNERS_ONLY = Denial(Why.FORBIDDEN, "Only an owner can make, change or remove an owner.")
LAST_OWNER = Denial(
    Why.LAST_OWNER, "A workspace needs an owner. Make somebody else an owner first, then try again."
)


class Roster:
    """The members of one workspace, those who have not accepted yet too.

    Args:
        members: all of them.
    """

    def __init__(self, members: Iterable[Member]) -> None:
        self._members = {member.user_id: member for member in members}

    def invite(self, by: UserId, role: Role) -> Denial | None:
        """Whether `by` may invite somebody to be `role`."""
        return self._forbids(by, role)

    def resend(self, by: UserId, whom: UserId) -> Denial | None:
        """Whether `by` may send somebody's invitation again."""
        member = self._members.get(whom)
        if member is None:
            return NO_SUCH_MEMBER
        if (denial := self._forbids(by, member.role)) is not None:
            return denial
        if member.accepted_at is not None:
            return Denial(Why.ALREADY_ACCEPTED, "They have accepted the invitation already.")
        return None

    def change(self, by: UserId, whom: UserId, role: Role) -> Denial | None:
        """Whether `by` may make `whom` a `role`."""
        member = self._members.get(whom)
        if member is None:
            return NO_SUCH_MEMBER
        if (denial := self._forbids(by, member.role, role)) is not None:
            return denial
        return LAST_OWNER if role is not Role.OWNER and self._is_last_owner(whom) else None

    def remove(self, by: UserId, whom: UserId) -> Denial | None:
        """Whether `by` may remove `whom`. Everybody may leave, but for the last owner."""
        member = self._members.get(whom)
        if member is None:
            return NO_SUCH_MEMBER
        if by != whom and (denial := self._forbids(by, member.role)) is not None:
            return denial
        return LAST_OWNER if self._is_last_owner(whom) else None

    def _forbids(self, by: UserId, *roles: Role) -> Denial | None:
        actor = self._members.get(by)
        if actor is None or actor.accepted_at is None or not may(actor.role, Action.MANAGE):
            return MANAGERS_ONLY
        return OWNERS_ONLY if Role.OWNER in roles and not may(actor.role, Action.OWN) else None

    def _is_last_owner(self, user_id: UserId) -> bool:
        """Who has not accepted owns nothing yet."""
        owners = [m.user_id for m in self._members.values() if m.role is Role.OWNER and m.accepted_at]
        return owners == [user_id]
