from __future__ import annotations

import pytest

from actors.log import Origin
from server.afterwards import Afterwards
from server.audit.audit import AuditLog
from server.audit.trail import Trail
from server.clock import SystemClock
from server.demo import seed_demo
from server.jobs.outbox import Outbox
from server.people.accounts import Accounts
from server.people.passwords import Passwords
from server.people.people import make_link_stores
from server.people.recovery import StoreRecovery
from server.people.sessions import Sessions
from server.rate_limits import RateLimit
from server.store.database import Database
from tests.support.faulty_database import FaultyDatabase
from tests.support.waiting import until

KEY = "a secret key that is long enough"
KNOWN, UNKNOWN = "editor@demo.test", "nobody@demo.test"
HERE = Origin("192.0.2.7", "Browser/1")


@pytest.fixture
async def desk(database: Database):
    passwords, faulty = Passwords(memory_kib=64, passes=1), FaultyDatabase(database)
    accounts = Accounts(faulty, passwords)
    await seed_demo(accounts, passwords)
    audit, afterwards, clock = AuditLog(faulty), Afterwards(), SystemClock()
    recovery = StoreRecovery(
        accounts=accounts,
        resets=make_link_stores(faulty, KEY).resets,
        sessions=Sessions(faulty),
        outbox=Outbox(faulty),
        trail=Trail(audit, accounts, KEY, clock, afterwards),
        clock=clock,
        afterwards=afterwards,
        per_account=RateLimit(3, 1 / 600),
        per_address=RateLimit(20, 1 / 60),
    )
    faulty.calls.clear()
    yield recovery, faulty
    faulty.away = False
    await afterwards.close()
    await audit.close()
    passwords.close()


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
async def test_nothing_is_looked_up_before_the_answer_is_out(desk, email):
    recovery, faulty = desk
    recovery.ask(email, HERE)
    assert not faulty.calls
    await until(lambda: faulty.calls["users.find_one"] > 0)


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
async def test_without_the_database_it_is_left_undone(desk, email, caplog):
    recovery, faulty = desk
    faulty.away = True
    recovery.ask(email, HERE)
    await until(lambda: "sending a link to a new password was left undone" in caplog.text)
    assert email not in caplog.text


async def test_one_address_asks_for_so_many(desk, database):
    recovery, _ = desk
    for n in range(30):
        recovery.ask(f"u{n}@demo.test", HERE)
    recovery.ask(KNOWN, HERE)
    recovery.ask("admin@demo.test", Origin("198.51.100.9", ""))
    await until(lambda: _any(database))
    rows = await database["password_resets"].find({}).to_list()
    assert len(rows) == 1


async def _any(database: Database) -> bool:
    return await database["jobs"].count_documents({}) > 0
