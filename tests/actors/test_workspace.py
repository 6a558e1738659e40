"""A workspace that takes leads and tells of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from actors.conversation import Surroundings
from actors.directory import Directory
from actors.errors import Code, Refusal
from actors.ids import ConversationId, WorkspaceId
from actors.lead import Captured, CaptureLead, LeadCaptured, LeadFields, LeadSource
from actors.log import ConversationKey, Page
from actors.messages import ConversationChanged, JoinWorkspace, Look
from actors.ports import deliver_one_by_one
from actors.workspace import ROWS_EVERY_S
from tests.support.conversations import ANA, KEY, ManualClock, conversation, ids
from tests.support.doubles import HandFiredTimers, HandPlayedBot, RecordingPeer, encode, settle
from tests.support.memory_journal import MemoryJournal
from tests.support.memory_leads import MemoryLeads

ZOE = LeadFields("Zoë", "zoe@example.com")
PRICES = Page("https://shop.example/pricing", "Pricing")


@dataclass
class Stage:
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    timers: HandFiredTimers = field(default_factory=HandFiredTimers)
    answers: list[Any] = field(default_factory=list)

    def __post_init__(self):
        self.journal.add(conversation())
        self.leads = MemoryLeads(self.journal)
        around = Surroundings(
            self.journal, HandPlayedBot(), ManualClock(), self.timers, encode, ids(), deliver_one_by_one
        )
        self.directory = Directory(around, self.leads)

    async def capture(self, fields=ZOE, key=KEY, **more):
        request = CaptureLead(key, fields, LeadSource.FORM, self.answers.append, **more)
        self.directory.workspace(key.workspace_id).tell(request)
        await settle()

    async def watch(self, workspace_id=KEY.workspace_id):
        peer = RecordingPeer()
        self.directory.workspace(workspace_id).tell(JoinWorkspace(peer, ANA, lambda _: None))
        await settle()
        return peer

    def told(self, peer):
        return [event for event in peer.events if isinstance(event, LeadCaptured)]


@pytest.fixture
async def stage():
    stage = Stage()
    yield stage
    stage.directory.stop()
    await settle()


async def test_nobody_hears_of_a_lead_before_it_is_durable(stage):
    stage.leads.held = True
    peer = await stage.watch()
    await stage.capture()
    assert (stage.answers, stage.told(peer)) == ([], [])
    stage.leads.release()
    await settle()
    (captured,) = stage.answers
    assert isinstance(captured, Captured)
    assert not captured.updated
    assert stage.told(peer) == [LeadCaptured(captured.lead)]


async def test_a_lead_keeps_where_it_came_from(stage):
    await stage.capture(page=PRICES, rule="20 s on a price page", consent="Yes")
    (lead,) = stage.leads.leads
    assert (lead.page, lead.rule, lead.consent) == (PRICES, "20 s on a price page", "Yes")
    assert lead.key == KEY


async def test_the_same_address_again_updates_and_says_so(stage):
    peer = await stage.watch()
    await stage.capture()
    await stage.capture(LeadFields("Zoë Martin", "ZOE@example.com", "+4930901820"))
    first, second = stage.answers
    assert (first.lead.id, second.updated) == (second.lead.id, True)
    assert [event.updated for event in stage.told(peer)] == [False, True]
    assert stage.told(peer)[1].lead.name == "Zoë Martin"


async def test_other_workspaces_hear_nothing(stage):
    stranger = await stage.watch(WorkspaceId("w2"))
    await stage.capture()
    assert stage.told(stranger) == []


async def test_a_lead_of_no_conversation_is_refused(stage):
    peer = await stage.watch()
    await stage.capture(key=ConversationKey(KEY.workspace_id, ConversationId("none")))
    (refused,) = stage.answers
    assert isinstance(refused, Refusal)
    assert refused.code is Code.NOT_FOUND
    assert stage.told(peer) == []


async def test_a_live_conversation_shows_that_it_has_a_lead(stage):
    stage.directory.conversation(KEY).tell(Look(stage.answers.append))
    await settle()
    peer = await stage.watch()
    await stage.capture()
    stage.timers.fire(ROWS_EVERY_S)
    await settle()
    rows = [event for event in peer.events if isinstance(event, ConversationChanged)]
    assert [(row.conversation.has_lead, row.conversation.lead_name) for row in rows] == [(True, ZOE.name)]
    # The same again changes nothing about the row; another one gives it another name.
    await stage.capture()
    assert not any(delay == ROWS_EVERY_S for delay, _ in stage.timers.waiting)
    await stage.capture(LeadFields(email="other@example.com"))
    stage.timers.fire(ROWS_EVERY_S)
    await settle()
    assert peer.events[-1].conversation.lead_name == "other@example.com"


async def test_a_visitor_who_is_gone_keeps_nobody_from_hearing(stage):
    peer = await stage.watch()

    def gone(outcome):
        raise RuntimeError(outcome)

    request = CaptureLead(KEY, ZOE, LeadSource.FORM, gone)
    stage.directory.workspace(KEY.workspace_id).tell(request)
    await settle()
    assert len(stage.told(peer)) == 1
    await stage.capture(LeadFields(email="next@example.com"))
    assert isinstance(stage.answers[-1], Captured)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_workspace_that_fails_has_a_successor_and_sends_its_operators_back(stage):
    peer = await stage.watch()
    stage.leads.held = True
    await stage.capture()
    stage.directory.workspace(KEY.workspace_id).tell("nonsense")
    await settle()
    assert peer.close_code == 1012
    stage.leads.release()
    await settle()
    assert isinstance(stage.answers[0], Captured)
    await stage.capture(LeadFields(email="next@example.com"))
    stage.leads.release()
    await settle()
    assert isinstance(stage.answers[1], Captured)
