from __future__ import annotations

import pytest

from actors.ids import UserId
from actors.roles import Action, Role
from handlers.access import Access, Verdict, Who, verdict
from handlers.ports import Account, Membership, Session
from handlers.routes import ROUTES
from tests.support.memory_edge import DEMO

ACCOUNT = Account(UserId("u"), "u@demo.test", "U")


def session(role: Role | None) -> Session:
    return Session("s", ACCOUNT, Membership(DEMO, role) if role else None)


IN, OUT, NO = Verdict.WELCOME, Verdict.NOT_SIGNED_IN, Verdict.WRONG_ROLE
MATRIX: dict[Who, tuple[Verdict, ...]] = {
    #                 nobody  member nowhere  viewer  editor  admin  owner
    Access.PUBLIC: (IN, IN, IN, IN, IN, IN),
    Access.VISITOR: (IN, IN, IN, IN, IN, IN),
    Access.SIGNED_IN: (OUT, IN, IN, IN, IN, IN),
    Role.VIEWER: (OUT, NO, IN, IN, IN, IN),
    Role.EDITOR: (OUT, NO, NO, IN, IN, IN),
    Role.ADMIN: (OUT, NO, NO, NO, IN, IN),
    Role.OWNER: (OUT, NO, NO, NO, NO, IN),
    Action.LOOK: (OUT, NO, IN, IN, IN, IN),
    Action.CLAIM: (OUT, NO, NO, IN, IN, IN),
    Action.TAG: (OUT, NO, NO, IN, IN, IN),
    Action.TAKE: (OUT, NO, NO, NO, IN, IN),
    Action.DELETE: (OUT, NO, NO, NO, IN, IN),
    Action.MANAGE_TAGS: (OUT, NO, NO, NO, IN, IN),
    Action.MANAGE: (OUT, NO, NO, NO, IN, IN),
    Action.OWN: (OUT, NO, NO, NO, NO, IN),
}
SESSIONS = (None, *map(session, (None, Role.VIEWER, Role.EDITOR, Role.ADMIN, Role.OWNER)))


@pytest.mark.parametrize("who", [*Access, *Role, *Action])
def test_who_may_come_in(who: Who) -> None:
    assert tuple(verdict(who, someone) for someone in SESSIONS) == MATRIX[who]


@pytest.mark.parametrize(("pattern", "handler"), ROUTES)
def test_every_route_says_who_may_use_it(pattern: str, handler: type) -> None:
    assert {handler.role, *getattr(handler, "by_method", {}).values()} <= set(MATRIX), (
        f"{pattern} names nobody"
    )  # type: ignore[attr-defined]
