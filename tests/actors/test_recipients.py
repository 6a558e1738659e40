from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actors.ids import UserId
from actors.recipients import Member, owners, recipients
from actors.roles import Role

THEN = datetime(2026, 11, 1, tzinfo=UTC)


def member(role: Role, accepted: bool, lead_mail: bool = True, name: str = "u") -> Member:
    return Member(UserId(name), role, THEN if accepted else None, lead_mail)


@pytest.mark.parametrize(
    ("role", "accepted", "lead_mail", "told"),
    [
        (Role.OWNER, True, True, True),
        (Role.ADMIN, True, True, True),
        (Role.EDITOR, True, True, False),
        (Role.VIEWER, True, True, False),
        (Role.OWNER, False, True, False),
        (Role.ADMIN, False, True, False),
        (Role.EDITOR, False, True, False),
        (Role.VIEWER, False, True, False),
        (Role.OWNER, True, False, False),
        (Role.ADMIN, True, False, False),
        (Role.EDITOR, True, False, False),
        (Role.VIEWER, True, False, False),
    ],
)
def test_owners_and_admins_who_accepted_are_told_of_leads(
    role: Role, accepted: bool, lead_mail: bool, told: bool
):
    assert recipients([member(role, accepted, lead_mail)]) == ((UserId("u"),) if told else ())


def test_every_role_is_in_the_table():
    assert set(Role) == {Role.OWNER, Role.ADMIN, Role.EDITOR, Role.VIEWER}


def test_each_is_told_once_in_order():
    team = [
        member(Role.ADMIN, accepted=True, name="b"),
        member(Role.EDITOR, accepted=True, name="c"),
        member(Role.OWNER, accepted=True, name="a"),
        member(Role.OWNER, accepted=True, name="b"),
    ]
    assert recipients(team) == ("b", "a")


def test_only_owners_who_accepted_are_told_of_trouble():
    team = [
        *(member(role, accepted=True, name=role.value) for role in Role),
        member(Role.OWNER, accepted=False, name="pending"),
        member(Role.OWNER, accepted=True, lead_mail=False, name="quiet"),
    ]
    assert owners(team) == ("owner", "quiet")
    assert recipients([]) == owners([]) == ()
