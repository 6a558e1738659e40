"""Who may use a route: every handler names it, one function decides."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from actors.roles import Action, Role, may
from handlers.ports import Session


class Access(StrEnum):
    """What a route asks for when it is not a role."""

    PUBLIC = "public"
    VISITOR = "visitor"
    """Anyone with a workspace's widget key, from a site that it allows."""
    SIGNED_IN = "signed in"
    """Any account, also one that is a member nowhere."""


Who: TypeAlias = Access | Role | Action
"""A role stands for it and those above; an action for whoever may do it, by `actors.roles`."""


class Verdict(StrEnum):
    """What becomes of a request."""

    WELCOME = "welcome"
    NOT_SIGNED_IN = "not signed in"
    WRONG_ROLE = "wrong role"


_RANK = {Role.VIEWER: 1, Role.EDITOR: 2, Role.ADMIN: 3, Role.OWNER: 4}


def verdict(who: Who, session: Session | None) -> Verdict:
    """Whether someone with this session may use a route for `who`."""
    if who in {Access.PUBLIC, Access.VISITOR}:
        return Verdict.WELCOME
    if session is None:
        return Verdict.NOT_SIGNED_IN
    return Verdict.WELCOME if _is_allowed(who, session) else Verdict.WRONG_ROLE


def _is_allowed(who: Who, session: Session) -> bool:
    if isinstance(who, Action):
        return session.membership is not None and may(session.membership.role, who)
    return not isinstance(who, Role) or _rank(session) >= _RANK[who]


def _rank(session: Session) -> int:
    return _RANK[session.membership.role] if session.membership else 0
