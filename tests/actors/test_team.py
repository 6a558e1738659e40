from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actors.ids import UserId
from actors.recipients import Member
from actors.roles import ALLOWED, Action, Role, may
from actors.team import Denial, Roster, Why

THEN = datetime(2026, 11, 22, tzinfo=UTC)
ROLES = (Role.OWNER, Role.ADMIN, Role.EDITOR, Role.VIEWER)


def member(name: str, role: Role, *, accepted: bool = True) -> Member:
    return Member(UserId(name), role, THEN if accepted else None)


def u(name: str) -> UserId:
    return UserId(name)


def why(denial: Denial | None) -> Why | None:
    return denial.why if denial else None


# Two of each role, so that nobody is the last owner, and one of each who has not accepted.
FULL = Roster(
    [
        *(member(role.value, role) for role in ROLES),
        *(member(f"second-{role.value}", role) for role in ROLES),
        *(member(f"pending-{role.value}", role, accepted=False) for role in ROLES),
    ]
)
NO = Why.FORBIDDEN


@pytest.mark.parametrize(
    ("by", "may_touch"),
    [
        ("owner", ROLES),
        ("admin", ROLES[1:]),
        ("editor", ()),
        ("viewer", ()),
        ("pending-owner", ()),
        ("stranger", ()),
    ],
)
def test_who_may_touch_whom(by: str, may_touch: tuple[Role, ...]):
    for role in ROLES:
        expected = None if role in may_touch else NO
        for whom in (f"second-{role.value}", f"pending-{role.value}"):
            assert why(FULL.remove(u(by), u(whom))) == (None if by == whom else expected)
            for wanted in ROLES:
                allowed = role in may_touch and wanted in may_touch
                assert why(FULL.change(u(by), u(whom), wanted)) == (None if allowed else NO)
        assert why(FULL.invite(u(by), role)) == expected
        assert why(FULL.resend(u(by), u(f"pending-{role.value}"))) == expected


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_leave(role: Role):
    assert FULL.remove(u(role.value), u(role.value)) is None


def test_the_last_owner_stays_an_owner():
    roster = Roster(
        [member("ana", Role.OWNER), member("ben", Role.ADMIN), member("eve", Role.OWNER, accepted=False)]
    )
    assert why(roster.remove(u("ana"), u("ana"))) == Why.LAST_OWNER
    for role in ROLES[1:]:
        assert why(roster.change(u("ana"), u("ana"), role)) == Why.LAST_OWNER
    assert roster.change(u("ana"), u("ana"), Role.OWNER) is None
    assert roster.change(u("ana"), u("ben"), Role.OWNER) is None
    assert roster.remove(u("ana"), u("eve")) is None


def test_nobody_is_told_apart_from_somebody_elsewhere():
    for by in ("owner", "viewer", "stranger"):
        for denial in (
            FULL.remove(u(by), u("nobody")),
            FULL.change(u(by), u("nobody"), Role.VIEWER),
            FULL.resend(u(by), u("nobody")),
        ):
            assert why(denial) == Why.NOT_FOUND


def test_an_accepted_invitation_is_not_sent_again():
    assert why(FULL.resend(u("owner"), u("editor"))) == Why.ALREADY_ACCEPTED


def test_owners_alone_may_own():
    assert [role for role in ROLES if may(role, Action.OWN)] == [Role.OWNER]
    assert ALLOWED[Role.OWNER] >= ALLOWED[Role.ADMIN] >= ALLOWED[Role.EDITOR] >= ALLOWED[Role.VIEWER]
