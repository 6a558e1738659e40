"""A conversation that is deleted while it is live."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from actors.conversation import CLOSE_DELETED, Surroundings
from actors.directory import Directory
from actors.errors import Code, Refusal
from actors.ids import ClientId
from actors.messages import (
    BotReplied,
    ClaimConversation,
    ConversationChanged,
    ConversationDeleted,
    EraseConversation,
    Held,
    JoinWorkspace,
    LookAround,
    MessageDiscarded,
    PostMessage,
    RowDeleted,
    Subscribe,
)
from actors.ports import Audience, deliver_one_by_one
from actors.workspace import ROWS_EVERY_S
from tests.support.conversations import ANA, BEN, KEY, ManualClock, conversation, ids
from tests.support.doubles import HandFiredTimers, HandPlayedBot, RecordingPeer, encode, settle
from tests.support.memory_journal import MemoryJournal
from tests.support.memory_leads import MemoryLeads


@dataclass
class Stage:
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    bot: HandPlayedBot = field(default_factory=HandPlayedBot)
    timers: HandFiredTimers = field(default_factory=HandFiredTimers)
    answers: list[Any] = field(default_factory=list)

    def __post_init__(self):
        self.journal.add(conversation())
        around = Surroundings(
            self.journal, self.bot, ManualClock(), self.timers, encode, ids(), deliver_one_by_one
        )
        self.directory = Directory(around, MemoryLeads(self.journal))

    async def tell(self, message):
        self.directory.conversation(KEY).tell(message)
        await settle()

    async def post(self, client_id="m1"):
        await self.tell(PostMessage("Hello", ClientId(client_id), self.answers.append))

    async def sit(self, audience=Audience.VISITOR, operator=None):
        peer = RecordingPeer()
        await self.tell(Subscribe(peer, audience, self.answers.append, 0, operator))
        return peer

    async def delete(self):
        """As the store does: first the document, then whoever is live."""
        self.journal.logs.pop(KEY.conversation_id, None)
        self.directory.erase([KEY])
        await settle()

    async def workspace(self):
        peer = RecordingPeer()
        workspace = self.directory.workspace(KEY.workspace_id)
        workspace.tell(JoinWorkspace(peer, ANA, lambda _: None))
        await settle()
        return peer


@pytest.fixture
async def stage():
    stage = Stage()
    yield stage
    stage.directory.stop()
    await settle()


async def test_visitors_are_sent_away_and_operators_see_it_go(stage):
    visitor, ana = await stage.sit(), await stage.sit(Audience.OPERATOR, ANA)
    await stage.delete()
    assert visitor.events[-1] == ana.events[-1] == ConversationDeleted(KEY)
    assert (visitor.closed, visitor.close_code) == (True, CLOSE_DELETED)
    assert not ana.closed
    assert len(stage.directory) == 0
    await stage.post()
    assert stage.answers[-1].code is Code.NOT_FOUND


async def test_the_running_answer_is_cut_off_and_never_comes(stage):
    await stage.post()
    visitor = await stage.sit()
    ((stream_id, (request, tell)),) = stage.bot.running.items()
    await stage.delete()
    assert stage.bot.cancelled == [stream_id]
    assert any(isinstance(e, MessageDiscarded) for e in visitor.events)
    assert visitor.events[-1] == ConversationDeleted(KEY)
    tell(BotReplied(request.epoch, stream_id, "too late"))
    await settle()
    assert visitor.events[-1] == ConversationDeleted(KEY)
    assert KEY.conversation_id not in stage.journal.logs


async def test_what_is_on_its_way_to_the_log_is_refused_and_not_told(stage):
    await stage.sit()
    stage.journal.auto = False
    await stage.post("m1")
    await stage.tell(ClaimConversation(BEN, stage.answers.append))
    await stage.delete()
    assert [a.code for a in stage.answers if isinstance(a, Refusal)] == [Code.NOT_FOUND, Code.NOT_FOUND]
    stage.journal.commit()
    await settle()
    assert len(stage.answers) == 3
    assert not any(isinstance(a, Held) for a in stage.answers)


async def test_one_that_is_still_being_read_ends_too(stage):
    stage.journal.auto = False
    await stage.post()
    stage.directory.erase([KEY])
    await settle()
    stage.journal.commit()  # the log comes after all: nobody is there to take it
    await settle()
    assert [a.code for a in stage.answers] == [Code.NOT_FOUND]
    assert len(stage.directory) == 0
    assert stage.journal.appends == 0


async def test_commands_behind_the_deletion_are_told_the_same(stage):
    await stage.sit()
    ref = stage.directory.conversation(KEY)
    ref.tell(EraseConversation())
    ref.tell(PostMessage("Hello", ClientId("m1"), stage.answers.append))
    await settle()
    assert stage.answers[-1].code is Code.NOT_FOUND


async def test_the_workspace_sees_the_row_go_and_never_come_back(stage):
    lists = await stage.workspace()
    await stage.tell(ClaimConversation(ANA, stage.answers.append))
    await stage.delete()
    stage.timers.fire(ROWS_EVERY_S)
    await settle()
    rows = [e for e in lists.events if isinstance(e, RowDeleted | ConversationChanged)]
    assert rows == [RowDeleted(KEY)]
    live: list[Any] = []
    stage.directory.workspace(KEY.workspace_id).tell(LookAround(live.append))
    await settle()
    assert live[0].rows == {}


async def test_the_workspace_hears_of_those_that_were_not_live(stage):
    lists = await stage.workspace()
    stage.directory.erase([KEY])
    await settle()
    assert RowDeleted(KEY) in lists.events
    assert len(stage.directory) == 0


async def test_a_successor_that_finds_nothing_says_so_to_those_who_sat_there(stage):
    visitor = await stage.sit()
    stage.journal.logs.clear()  # deleted behind our back
    await stage.post()
    assert visitor.events[-1] == ConversationDeleted(KEY)
    assert visitor.close_code == CLOSE_DELETED
    assert stage.answers[-1].code is Code.NOT_FOUND
