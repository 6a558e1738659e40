"""The edge's ports over the real repositories."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from actors.ids import ConversationId, UserId, WorkspaceId
from actors.log import ConversationKey, Origin, Page
from handlers.ports import (
    Arrival,
    BadCursorError,
    ConversationQuery,
    SignedIn,
    TooManyAttempts,
    UnavailableError,
)
from server.afterwards import Afterwards
from server.audit.audit import AuditLog
from server.audit.trail import Trail
from server.clock import SystemClock
from server.conversations.journal import Journal
from server.demo import DEMO_PASSWORD, seed_demo
from server.edge import StoreGate, StoreReading, StoreWidgets
from server.leads.desk import StoreLeadDesk
from server.people.accounts import Accounts
from server.people.passwords import Passwords
from server.people.sessions import Sessions
from server.rate_limits import SignInLimits
from server.store.database import ConnectionFailure, Database
from server.visitors.visitors import Visitors
from tests.support.engine import mock_database

HERE = Origin("203.0.113.7", "test")
DEMO, OTHER = WorkspaceId("demo"), WorkspaceId("other")
EDITOR = "editor@demo.test"


@dataclass
class Store:
    database: Database
    accounts: Accounts
    gate: StoreGate
    widgets: StoreWidgets
    reading: StoreReading


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    database = await mock_database()
    passwords, clock = Passwords(memory_kib=64, passes=1), SystemClock()
    accounts, visitors, audit = Accounts(database, passwords), Visitors(database), AuditLog(database)
    journal, afterwards = Journal(database, audit), Afterwards()
    trail = Trail(audit, accounts, "k" * 32, clock, afterwards)
    await seed_demo(accounts, passwords)
    yield Store(
        database,
        accounts,
        StoreGate(
            accounts=accounts, sessions=Sessions(database), limits=SignInLimits(), trail=trail, clock=clock
        ),
        StoreWidgets(accounts.workspaces, visitors, clock),
        StoreReading(database, journal, clock),
    )
    await afterwards.close()
    await journal.close()
    await visitors.close()
    await audit.close()
    passwords.close()


async def signed_in(store: Store, email: str = EDITOR) -> SignedIn:
    outcome = await store.gate.sign_in(email, DEMO_PASSWORD, HERE)
    assert isinstance(outcome, SignedIn)
    return outcome


async def test_signing_in_staying_so_and_leaving(store: Store) -> None:
    outcome = await signed_in(store)
    assert [place.workspace.slug for place in outcome.memberships] == ["demo"]
    session = await store.gate.session(outcome.token, None)
    assert session is not None
    assert session.account == outcome.account
    assert session.membership == outcome.memberships[0]
    await store.gate.sign_out(session.id)
    assert await store.gate.session(outcome.token, None) is None
    assert await store.gate.session("made-up", DEMO) is None


async def test_a_foreign_workspace_asked_for_is_not_given(store: Store) -> None:
    session = await store.gate.session((await signed_in(store)).token, OTHER)
    assert session is not None
    assert session.membership is not None
    assert session.membership.workspace.id == DEMO


async def test_an_invitation_that_is_pending_is_no_membership(store: Store) -> None:
    outcome = await signed_in(store, "pending@demo.test")
    assert outcome.memberships == ()
    session = await store.gate.session(outcome.token, DEMO)
    assert session is not None
    assert session.membership is None


async def test_guessing_is_stopped_also_for_accounts_that_do_not_exist(store: Store) -> None:
    for email in (EDITOR, "nobody@demo.test"):
        outcomes = [await store.gate.sign_in(email, "wrong", HERE) for _ in range(11)]
        assert outcomes[:10] == [None] * 10
        assert isinstance(outcomes[10], TooManyAttempts)
        assert outcomes[10].retry_after_s > 0


async def test_a_visit_makes_a_conversation_that_the_lists_show_when_asked(store: Store) -> None:
    workspace = await store.widgets.workspace("demo")
    assert workspace is not None
    query = ConversationQuery(UserId("editor-demo"))
    assert not (await store.reading.conversations(DEMO, query)).any
    visit = await store.widgets.visit(workspace, Arrival(Page("https://a.test/")))
    again = await store.widgets.visit(workspace, Arrival(Page(), visit.token))
    assert (visit.created, again.created) == (True, False)
    assert visit.key == again.key
    engaged = await store.reading.conversations(DEMO, query)
    assert (engaged.rows, engaged.any) == ((), True)
    shown = await store.reading.conversations(DEMO, ConversationQuery(query.user_id, show="all"))
    assert [row.conversation.key for row in shown.rows] == [visit.key]
    assert not (await store.reading.conversations(OTHER, query)).any


async def test_what_belongs_to_others_is_not_there(store: Store) -> None:
    workspace = await store.widgets.workspace("demo")
    assert workspace is not None
    visit = await store.widgets.visit(workspace, Arrival(Page()))
    foreign = ConversationKey(OTHER, visit.key.conversation_id)
    assert await store.reading.newest(foreign, 10) == ()
    assert await store.reading.after(foreign, 0, 10) == ()
    assert await store.reading.newest(ConversationKey(DEMO, ConversationId("nobody")), 10) == ()


async def test_forged_cursors_are_told_so(store: Store) -> None:
    leads = StoreLeadDesk(store.database, "secret")
    feed = await leads.feed(DEMO, None)
    assert await leads.feed(DEMO, feed.cursor) == feed
    for cursor in ("forged", "", "W10", "x" * 1000):
        with pytest.raises(BadCursorError):
            await leads.feed(DEMO, cursor)
        with pytest.raises(BadCursorError):
            await store.reading.conversations(DEMO, ConversationQuery(UserId("u")), cursor or "x")


async def test_a_database_that_is_away_is_named_and_known_widgets_go_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await store.widgets.workspace("demo") is not None

    async def away(*_: Any) -> None:
        raise ConnectionFailure("gone")

    monkeypatch.setattr(store.accounts.workspaces, "by_key", away)
    monkeypatch.setattr(store.accounts, "sign_in", away)
    monkeypatch.setattr("server.edge.time.monotonic", lambda: 1e12)
    assert await store.widgets.workspace("demo") is not None
    with pytest.raises(UnavailableError):
        await store.widgets.workspace("other")
    with pytest.raises(UnavailableError):
        await store.gate.sign_in(EDITOR, "x", HERE)
