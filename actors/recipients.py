"""Who gets mail about a workspace. Pure, and the only place that decides it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from actors.ids import UserId
from actors.roles import Role

_TOLD_OF_LEADS = frozenset({Role.OWNER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Member:
    """A membership. `accepted_at` is None while the invitation is pending, `lead_mail` the member's wish."""

    user_id: UserId
    role: Role
    accepted_at: datetime | None
    lead_mail: bool = True


def recipients(members: Iterable[Member]) -> tuple[UserId, ...]:
    """Who is told of a new lead: owners and admins who accepted, unless they asked not to be. Each once."""
    told = (
        m.user_id for m in members if m.role in _TOLD_OF_LEADS and m.accepted_at is not None and m.lead_mail
    )
    return tuple(dict.fromkeys(told))


def owners(members: Iterable[Member]) -> tuple[UserId, ...]:
    """Who is told that something of the workspace stopped working: owners who accepted."""
    told = (m.user_id for m in members if m.role is Role.OWNER and m.accepted_at is not None)
    return tuple(dict.fromkeys(told))
