from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from actors.ids import ConversationId, LeadId, UserId, WorkspaceId
from actors.jobs import Endpoint, JobName
from actors.lead import CaptureLead, Lead, LeadFields, LeadSource
from actors.lead_state import Circumstances, plan
from actors.log import ConversationKey, Page
from actors.recipients import Member
from actors.roles import Role

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = ConversationKey(WorkspaceId("w"), ConversationId("c"))
TEAM = (
    Member(UserId("olga"), Role.OWNER, NOW),
    Member(UserId("ada"), Role.ADMIN, NOW),
    Member(UserId("ed"), Role.EDITOR, NOW),
    Member(UserId("pia"), Role.ADMIN, None),
)
HOOKS = (
    Endpoint("e1", frozenset({"lead.captured", "conversation.claimed"})),
    Endpoint("e2", frozenset({"conversation.claimed"})),
    Endpoint("e3", frozenset({"lead.updated", "lead.captured"})),
)


def draft(lead_id: str = "l1", **fields: str) -> Lead:
    given = LeadFields(**({"email": "zoe@example.com"} | fields))
    command = CaptureLead(
        KEY, given, LeadSource.RULE, lambda _: None, Page(url="https://a.test/"), "30 s", "Yes."
    )
    return command.draft(LeadId(lead_id), NOW)


def test_a_new_lead_is_mailed_to_its_recipients_and_told_to_webhooks_that_want_it():
    made = plan(draft(), Circumstances(TEAM, HOOKS))
    assert not made.updated
    assert [job.id for job in made.jobs] == [
        "l1:mail:olga",
        "l1:mail:ada",
        "l1:webhook:e1",
        "l1:webhook:e3",
    ]
    assert [job.kind for job in made.jobs] == [JobName.LEAD_MAIL] * 2 + [JobName.WEBHOOK] * 2
    assert {job.workspace_id for job in made.jobs} == {"w"}
    assert (made.lead.page.url, made.lead.rule, made.lead.consent) == ("https://a.test/", "30 s", "Yes.")


def test_jobs_carry_ids_and_nothing_that_people_typed():
    made = plan(draft(name="Zoë", message="secret"), Circumstances(TEAM, HOOKS))
    assert made.jobs[0].payload == {"lead_id": "l1", "user_id": "olga"}
    assert made.jobs[2].payload == {"lead_id": "l1", "endpoint_id": "e1", "event": "lead.captured"}


def test_one_receiver_is_one_lane():
    lanes = [job.lane for job in plan(draft(), Circumstances(TEAM, HOOKS)).jobs]
    assert lanes == ["mail:w", "mail:w", "webhook:e1", "webhook:e3"]


def test_the_same_contact_again_updates_and_mails_nobody():
    previous = replace(draft(name="Zoe", message="Hello"), seq=7)
    again = replace(draft("l2", name="Zoë", phone="+4930901820"), captured_at=NOW + timedelta(minutes=1))
    made = plan(again, Circumstances(TEAM, HOOKS, previous))
    assert made.updated
    assert (made.lead.id, made.lead.seq, made.lead.captured_at, made.lead.revision) == ("l1", 7, NOW, 1)
    assert made.lead.fields == LeadFields("Zoë", "zoe@example.com", "+4930901820", "Hello")
    assert made.lead.updated_at == again.captured_at
    assert [job.id for job in made.jobs] == ["l1:update:1:webhook:e3"]


def test_the_same_form_twice_changes_nothing_and_tells_nobody():
    previous = draft(name="Zoë")
    made = plan(draft("l2", name="Zoë"), Circumstances(TEAM, HOOKS, previous))
    assert (made.lead, made.jobs, made.updated) == (previous, (), True)


def test_a_workspace_without_anybody_still_gets_its_lead():
    made = plan(draft(), Circumstances())
    assert (made.lead.id, made.jobs) == ("l1", ())


def test_an_address_tells_leads_apart_before_a_number_does():
    assert LeadFields(email="Zoe@Example.com", phone="+1").contact_key == "zoe@example.com"
    assert LeadFields(phone="+4930901820").contact_key == "+4930901820"
    assert LeadFields(name="Zoë", email="z@a.test").contact_key == "z@a.test"
