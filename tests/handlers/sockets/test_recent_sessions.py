from __future__ import annotations

import pytest

from actors.ids import UserId, WorkspaceId
from handlers.ports import Account, Session
from handlers.sockets.recent_sessions import FRESH_S, RecentSessions

DEMO = WorkspaceId("demo")


def session(session_id: str, user_id: str = "u1") -> Session:
    return Session(session_id, Account(UserId(user_id), f"{user_id}@demo.test", user_id), None)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recent(clock: Clock) -> RecentSessions:
    return RecentSessions(clock)


def test_a_session_counts_as_checked_for_a_second(recent: RecentSessions, clock: Clock):
    recent.keep("t1", DEMO, session("s1"), recent.changes)
    clock.now += FRESH_S / 2
    assert recent.get("t1", DEMO) == session("s1")
    clock.now += FRESH_S
    assert recent.get("t1", DEMO) is None


def test_it_is_of_that_token_and_workspace_alone(recent: RecentSessions):
    recent.keep("t1", DEMO, session("s1"), recent.changes)
    assert recent.get("t2", DEMO) is None
    assert recent.get("t1", WorkspaceId("other")) is None
    assert recent.get("t1", None) is None


def test_what_ended_is_forgotten_at_once(recent: RecentSessions):
    recent.keep("t1", DEMO, session("s1"), recent.changes)
    recent.keep("t2", DEMO, session("s2"), recent.changes)
    recent.forget_session("s1")
    assert recent.get("t1", DEMO) is None
    assert recent.get("t2", DEMO) == session("s2")


def test_whoever_changed_is_asked_for_anew_in_all_their_browsers(recent: RecentSessions):
    recent.keep("t1", DEMO, session("s1", "ana"), recent.changes)
    recent.keep("t2", DEMO, session("s2", "ana"), recent.changes)
    recent.keep("t3", DEMO, session("s3", "bo"), recent.changes)
    recent.forget_user(UserId("ana"))
    assert [recent.get(token, DEMO) for token in ("t1", "t2")] == [None, None]
    assert recent.get("t3", DEMO) == session("s3", "bo")


def test_a_session_that_was_read_before_a_change_is_not_kept_after_it(recent: RecentSessions):
    before = recent.changes
    recent.forget_user(UserId("u1"))
    recent.keep("t1", DEMO, session("s1"), before)
    assert recent.get("t1", DEMO) is None


def test_it_does_not_grow_without_end(recent: RecentSessions):
    for number in range(1_500):
        recent.keep(f"t{number}", DEMO, session(f"s{number}"), recent.changes)
    assert recent.get("t0", DEMO) is None
    assert recent.get("t1499", DEMO) is not None
