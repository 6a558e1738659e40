from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from actors.ids import UserId
from server.clock import SystemClock
from server.demo import DEMO, seed_demo
from server.jobs.job import Job
from server.people.accounts import Accounts
from server.people.letters import PeopleLetters
from server.people.members import Members
from server.people.passwords import Passwords
from server.people.people import LinkStores, make_link_stores
from server.store.database import Database
from tests.support.desk import now

OWNER, PENDING, EDITOR = UserId("owner-demo"), UserId("pending-demo"), UserId("editor-demo")
URL = "https://chat.example.com"


@dataclass
class Desk:
    letters: PeopleLetters
    links: LinkStores
    accounts: Accounts
    members: Members

    async def invited(self) -> Job:
        row = await self.links.invitations.send(DEMO.id, PENDING, OWNER, now())
        return job("invitation_mail", invitation_id=row.id, nonce=row.nonce)


def job(kind: str, **payload: str) -> Job:
    return Job("job-1", kind, DEMO.id, "mail", payload, 1, now())


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    passwords = Passwords(memory_kib=64, passes=1)
    accounts = Accounts(database, passwords)
    await seed_demo(accounts, passwords)
    links = make_link_stores(database, "a secret key that is long enough")
    yield Desk(PeopleLetters(accounts, links, URL, SystemClock()), links, accounts, accounts.members)
    passwords.close()


async def test_an_invitation_says_who_to_what_and_leads_there(desk: Desk):
    invited = await desk.invited()
    letter = await desk.letters.invitation(invited)
    assert letter is not None
    row = await desk.links.invitations.get(invited.payload["invitation_id"])
    assert row is not None
    link = f"{URL}/invite/{desk.links.invitations.token(row)}"
    assert (letter.to, letter.subject) == ("pending@demo.test", "Olivia Park invites you to Baton demo")
    for text in (letter.text, letter.html):
        assert link in text
        assert "an admin" in text
        assert "Baton demo" in text
    assert await desk.links.invitations.by_token(link.rpartition("/")[2], now())


async def test_what_people_call_themselves_stays_text(desk: Desk):
    await desk.accounts.rename(OWNER, '<a href="https://evil.test">x</a>')
    letter = await desk.letters.invitation(await desk.invited())
    assert letter is not None
    assert '<a href="https://evil.test">' not in letter.html


async def test_no_letter_leads_to_a_link_that_does_not_work(desk: Desk):
    old = await desk.invited()
    newest = await desk.invited()
    assert await desk.letters.invitation(old) is None
    assert await desk.letters.invitation(newest)
    await desk.members.accept(DEMO.id, PENDING, now())
    assert await desk.letters.invitation(newest) is None
    again = await desk.invited()
    await desk.links.invitations.drop(DEMO.id, PENDING)
    assert await desk.letters.invitation(again) is None


async def test_a_link_to_a_new_password_is_mailed_while_it_works(desk: Desk):
    row = await desk.links.resets.make(EDITOR, now())
    asked = job("password_reset_mail", reset_id=row.id)
    letter = await desk.letters.password_reset(asked)
    assert letter is not None
    assert letter.to == "editor@demo.test"
    assert f"{URL}/reset/{desk.links.resets.token(row)}" in letter.text
    assert await desk.links.resets.use(row, now())
    assert await desk.letters.password_reset(asked) is None
    late = await desk.links.resets.make(EDITOR, now() - timedelta(hours=2))
    assert await desk.letters.password_reset(job("password_reset_mail", reset_id=late.id)) is None
