"""Who may use a route: every handler names it, one function decides."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from actors.roles import Role
from handlers.ports import Session


class Access(StrEnum):
    """What a route asks for when it is not a role."""

    PUBLIC = "public"
    VISITOR = "visitor"
    """Anyone with a workspace's widget key, from a site that it allows."""
    SIGNED_IN = "signed in"
    """Any account, also one that is a member nowhere."""


Who: TypeAlias = Access | Role


class Verdict(StrEnum):
    """What becomes of a request."""

    WELCOME = "welcome"
    NOT_SIGNED_IN = "not signed in"
    WRONG_ROLE = "wrong role"


_RANK = {Role.VIEWER: 1, Role.EDITOR: 2, Role.ADMIN: 3, Role.OWNER: 4}


def verdict(who: Who, session: Session | None) -> Verdict:
    """Whether someone with this session may use a route for `who`; a role stands for it and those above."""
    if who in {Access.PUBLIC, Access.VISITOR}:
        return Verdict.WELCOME
    if session is None:
        return Verdict.NOT_SIGNED_IN
    if not isinstance(who, Role):
        return Verdict.WELCOME
    return Verdict.WELCOME if _rank(session) >= _RANK[who] else Verdict.WRONG_ROLE


def _rank(session: Session) -> int:
    return _RANK[session.membership.role] if session.membership else 0
