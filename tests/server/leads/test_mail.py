from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from actors.jobs import JobName
from actors.lead import LeadSource
from server.jobs.documents import job_of
from server.jobs.job import Backoff
from server.jobs.outbox import Outbox
from server.jobs.worker import Worker
from server.leads.capture import LeadCapture
from server.leads.mail import LeadMail
from server.mail.jobs import mail_kind
from server.mail.letter import Letter
from server.mail.mailer import mailer
from server.mail.templates import MailTemplates
from server.store.mongo import Database
from tests.support.jobs import until
from tests.support.leads import TOLD, captured, draft, key, make_workspaces
from tests.support.smtp_peer import SmtpPeer, black_hole, smtp_peer

SENDER = "Baton <baton@desk.example>"
BASE = "https://desk.example"


@asynccontextmanager
async def mailing(database: Database, port: int, stop_s: float = 3) -> AsyncGenerator[LeadCapture, None]:
    """Lead capture with a worker that mails by the server on `port`."""
    outbox = Outbox(database)
    lead_mail = LeadMail(database, MailTemplates(), BASE)
    kind = mail_kind(JobName.LEAD_MAIL, lead_mail.letter, mailer(f"smtp://127.0.0.1:{port}", SENDER))
    soon = replace(kind, backoff=Backoff(0.01, 1, 0.01, 5))
    worker = Worker(outbox, [soon])
    capture = LeadCapture(database, outbox)
    await worker.start()
    try:
        yield capture
    finally:
        await capture.close()
        await worker.stop(stop_s)


async def letter_of(database: Database, user: str = "ada", **fields: str) -> Letter:
    """The letter that one member gets of a new lead."""
    await make_workspaces(database)
    outbox = Outbox(database)
    capture = LeadCapture(database, outbox)
    lead = await captured(
        capture, replace(draft("zoe@example.com", None, **fields), source=LeadSource.RULE, rule="30 seconds")
    )
    await capture.drained()
    letter = await write(database, f"{lead.id}:mail:{user}")
    assert letter
    return letter


async def write(database: Database, job_id: str) -> Letter | None:
    document = await database["jobs"].find_one({"_id": job_id})
    assert document
    return await LeadMail(database, MailTemplates(), BASE).letter(job_of(document))


async def test_exactly_the_owners_and_admins_who_accepted_are_mailed(database: Database):
    await make_workspaces(database)
    async with smtp_peer() as peer, mailing(database, peer.port) as capture:
        await captured(capture, draft(name="Zoë Martin"))
        await captured(capture, draft("fred@example.com", key("f0", "foreign")))
        await until(lambda: len(peer.mails) == len(TOLD) + 1)
        await until(lambda: _all_done(database))
    assert _told(peer, "Zoë Martin") == {f"{user}@team.test" for user in TOLD}
    assert _told(peer, "fred@example.com") == {"fia@team.test"}
    assert all(len(mail.recipients) == 1 for mail in peer.mails)


async def _all_done(database: Database) -> bool:
    return await database["jobs"].count_documents({"status": {"$ne": "done"}}) == 0


def _told(peer: SmtpPeer, called: str) -> set[str]:
    mails = [mail for mail in peer.mails if mail.message["Subject"] == f"New lead: {called}"]
    assert len(mails) == len({mail.recipients[0] for mail in mails}), "somebody was told twice"
    return {mail.recipients[0] for mail in mails}


async def test_a_mail_server_that_comes_back_gets_every_letter(database: Database):
    await make_workspaces(database)
    async with smtp_peer() as peer:
        answers = iter(["451 busy"] * 4)
        peer.rcpt_answer = lambda _: next(answers, "250 OK")
        async with mailing(database, peer.port) as capture:
            await captured(capture, draft())
            await capture.drained()
            await until(lambda: _all_done(database))
    assert sorted(mail.recipients[0] for mail in peer.mails) == sorted(f"{u}@team.test" for u in TOLD)


async def test_a_black_hole_does_not_hold_up_a_stop_and_loses_no_letter(database: Database):
    await make_workspaces(database)
    async with black_hole() as port, mailing(database, port, stop_s=1) as capture:
        await captured(capture, draft())
        await capture.drained()
    jobs = await database["jobs"].find({}).to_list(None)
    assert {job["status"] for job in jobs} == {"pending"}
    assert len(jobs) == len(TOLD)


async def test_a_letter_says_who_what_where_from_and_leads_to_the_inbox(repository_database: Database):
    letter = await letter_of(
        repository_database, name="Zoë Martin", phone="+4930901820", message="Do you ship\nto Norway?"
    )
    assert (letter.to, letter.to_name, letter.subject) == ("ada@team.test", "Ada", "New lead: Zoë Martin")
    lead_id = letter.id.split(":")[0]
    for text in (letter.text, letter.html):
        for said in (
            "Zoë Martin",
            "zoe@example.com",
            "+4930901820",
            "Do you ship\nto Norway?",
            "30 seconds",
            "https://shop.test/pricing",
            f"{BASE}/app/inbox/{lead_id}",
            "an admin there",
            letter.unsubscribe_url,
        ):
            assert said in text, said
    assert "Zebra & Sons" in letter.text
    assert "Zebra &amp; Sons" in letter.html
    assert letter.unsubscribe_url == f"{BASE}/app/account#notifications"


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}\"'"


async def test_html_in_every_field_is_shown_as_it_was_typed(repository_database: Database):
    letter = await letter_of(repository_database, name=EVIL, phone=EVIL, message=EVIL)
    tags = _Tags()
    tags.feed(letter.html)
    assert not {"script", "img"} & tags.seen
    assert "onerror" not in tags.attributes
    assert tags.text.count(EVIL) >= 3
    assert EVIL in letter.text


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


async def test_nothing_is_mailed_about_a_lead_that_was_deleted(repository_database: Database):
    letter = await letter_of(repository_database)
    await repository_database["leads"].delete_many({})
    assert await write(repository_database, letter.id) is None


@pytest.mark.parametrize(
    "change", [{"role": "editor"}, {"accepted_at": None}, {"lead_mail": False}, {"workspace_id": "elsewhere"}]
)
async def test_whoever_is_no_recipient_any_more_is_not_told(
    repository_database: Database, change: dict[str, object]
):
    letter = await letter_of(repository_database)
    await repository_database["workspace_users"].update_one({"_id": "w:ada"}, {"$set": change})
    assert await write(repository_database, letter.id) is None
