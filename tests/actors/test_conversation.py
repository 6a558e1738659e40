from __future__ import annotations

import gc
import weakref
from dataclasses import dataclass, field
from typing import Any

import pytest

from actors.conversation import IDLE_S, LONGEST_QUEUE, Surroundings
from actors.directory import Directory
from actors.errors import Code, Refusal
from actors.ids import ClientId, ConversationId, WorkspaceId
from actors.log import Author, ConversationKey, Entry, EntryType, Speaker
from actors.messages import (
    BotDelta,
    BotReplied,
    ClaimConversation,
    ConversationChanged,
    EntryAdded,
    Held,
    JoinWorkspace,
    Look,
    MessageDelta,
    Posted,
    PostMessage,
    Subscribe,
    Subscribed,
    Unsubscribe,
    WatchersChanged,
)
from actors.ports import Audience, deliver_one_by_one
from actors.workspace import ROWS_EVERY_S
from tests.support.conversations import ANA, BEN, KEY, START, ManualClock, conversation, ids
from tests.support.doubles import HandFiredTimers, HandPlayedBot, RecordingPeer, encode, settle
from tests.support.memory_journal import MemoryJournal
from tests.support.memory_leads import MemoryLeads


@dataclass
class Stage:
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    bot: HandPlayedBot = field(default_factory=HandPlayedBot)
    timers: HandFiredTimers = field(default_factory=HandFiredTimers)
    clock: ManualClock = field(default_factory=ManualClock)
    answers: list[Any] = field(default_factory=list)

    def __post_init__(self):
        self.journal.add(conversation())
        around = Surroundings(
            self.journal, self.bot, self.clock, self.timers, encode, ids(), deliver_one_by_one
        )
        self.directory = Directory(around, MemoryLeads(self.journal))

    async def tell(self, message, key=KEY):
        self.directory.conversation(key).tell(message)
        await settle()

    async def post(self, text="Hello", client_id="m1"):
        await self.tell(PostMessage(text, ClientId(client_id), self.answers.append))

    async def claim(self, operator=ANA):
        await self.tell(ClaimConversation(operator, self.answers.append))

    async def sit(self, after=0, audience=Audience.VISITOR, operator=None, peer=None):
        peer = peer or RecordingPeer()
        await self.tell(Subscribe(peer, audience, self.answers.append, after, operator))
        return peer

    @property
    def actor(self):
        return self.directory.conversation(KEY)._actor_weakref()


@pytest.fixture
async def stage():
    stage = Stage()
    yield stage
    stage.directory.stop()
    await settle()


def logged(peer):
    return [e.entry.seq for e in peer.events if isinstance(e, EntryAdded)]


async def test_messages_wait_in_order_for_the_log(stage):
    stage.journal.available = False
    await stage.claim(ANA)
    await stage.claim(BEN)
    await stage.post()
    assert stage.answers == []
    stage.journal.available = True
    await settle()
    assert isinstance(stage.answers[0], Held)
    assert stage.answers[1].code is Code.ALREADY_CLAIMED
    assert stage.answers[2].seq == 2


async def test_two_hundred_claims_have_one_winner(stage):
    for n in range(200):
        operator = ANA if n == 0 else BEN
        stage.directory.conversation(KEY).tell(ClaimConversation(operator, stage.answers.append))
    await settle()
    refused = [a for a in stage.answers if isinstance(a, Refusal)]
    assert len(stage.answers) == 200
    assert len(refused) == 199
    assert {r.holder.name for r in refused if r.holder} == {"Ana"}
    assert len(stage.journal.entries(KEY)) == 1


async def test_a_conversation_that_is_not_there_is_refused_and_forgotten(stage):
    foreign = ConversationKey(WorkspaceId("w2"), KEY.conversation_id)
    unknown = ConversationKey(WorkspaceId("w1"), ConversationId("nope"))
    for key in (foreign, unknown):
        await stage.tell(Look(stage.answers.append), key)
    assert [a.code for a in stage.answers] == [Code.NOT_FOUND, Code.NOT_FOUND]
    assert stage.answers[0] == stage.answers[1]
    assert len(stage.directory) == 0


async def test_subscribers_get_what_they_missed_then_what_comes(stage):
    await stage.post("one", "m1")
    await stage.claim()
    peer = await stage.sit(after=1)
    placed = stage.answers[-1]
    assert isinstance(placed, Subscribed)
    assert [e.seq for e in placed.entries] == [2]
    await stage.post("two", "m2")
    assert logged(peer) == [3]


async def test_a_subscriber_far_behind_is_served_from_the_log_without_a_hole(stage):
    author = Author("v1", "Visitor 4F2K")
    log = [
        Entry(n, EntryType.MESSAGE, START, f"w{n}", Speaker.VISITOR, f"text {n}", author)
        for n in range(1, 401)
    ]
    stage.journal.add(conversation(), *log)
    stage.clock.advance(3600)
    await stage.claim()
    stage.journal.auto = False
    peer = await stage.sit(after=10)
    await stage.post("meanwhile", "new")
    assert not isinstance(stage.answers[-1], Subscribed)
    stage.journal.commit()
    stage.journal.auto = True
    await settle()
    placed = next(a for a in stage.answers if isinstance(a, Subscribed))
    seqs = [e.seq for e in placed.entries] + logged(peer)
    assert seqs == list(range(11, 403))


async def test_whoever_comes_while_the_bot_writes_sees_what_it_wrote_so_far(stage):
    await stage.post()
    request, tell = next(iter(stage.bot.running.values()))
    tell(BotDelta(request.epoch, request.stream_id, "Half an "))
    await settle()
    peer = await stage.sit(after=1)
    tell(BotDelta(request.epoch, request.stream_id, "answer"))
    await settle()
    deltas = [(e.offset, e.text) for e in peer.events if isinstance(e, MessageDelta)]
    assert deltas == [(0, "Half an "), (8, "answer")]


async def test_the_bots_answer_takes_the_same_road(stage):
    peer = await stage.sit()
    await stage.post()
    request, tell = next(iter(stage.bot.running.values()))
    tell(BotReplied(request.epoch, request.stream_id, "Yes."))
    await settle()
    assert [e.text for e in stage.journal.entries(KEY)] == ["Hello", "Yes."]
    assert logged(peer) == [1, 2]


async def test_another_writer_makes_the_conversation_load_and_decide_again(stage):
    peer = await stage.sit()
    author = Author(BEN.user_id, BEN.name)
    stage.journal.add_behind_its_back(KEY, Entry(1, EntryType.CLAIMED, START, "other", author=author))
    await stage.claim(ANA)
    assert stage.answers[-1].code is Code.ALREADY_CLAIMED
    assert stage.answers[-1].holder.name == "Ben"
    assert logged(peer) == [1]


async def test_a_store_that_is_away_holds_messages_back_then_refuses_then_recovers(stage):
    stage.journal.bound = 3
    await stage.sit()
    stage.journal.available = False
    for n in range(5):
        await stage.post(f"text {n}", f"m{n}")
    assert [a.code for a in stage.answers[1:]] == [Code.UNAVAILABLE, Code.UNAVAILABLE]
    stage.journal.available = True
    await settle()
    assert [a.seq for a in stage.answers if isinstance(a, Posted)] == [1, 2, 3]
    await stage.post("text 3", "m3")
    assert stage.answers[-1].seq == 4


async def test_the_queue_for_a_log_that_is_being_read_is_bounded(stage):
    stage.journal.available = False
    for n in range(LONGEST_QUEUE + 1):
        stage.directory.conversation(KEY).tell(PostMessage("text", ClientId(f"m{n}"), stage.answers.append))
    await settle(LONGEST_QUEUE)
    assert [a.code for a in stage.answers] == [Code.UNAVAILABLE]


class Explosion(Exception):
    pass


def explode(_outcome):
    raise Explosion


async def test_an_actor_that_fails_is_made_again_from_the_log_and_its_subscribers_lose_nothing(stage):
    peer = await stage.sit()
    await stage.claim()
    stage.journal.auto = False
    await stage.post("on its way", "m1")
    await stage.tell(Look(explode))
    assert stage.answers[-1].code is Code.UNAVAILABLE
    stage.journal.auto = True
    stage.journal.available = True
    await settle()
    await stage.post("on its way", "m1")
    await stage.claim(BEN)
    assert stage.answers[-1].code is Code.ALREADY_CLAIMED
    assert stage.answers[-1].holder.name == "Ana"
    assert logged(peer) == [e.seq for e in stage.journal.entries(KEY)]
    assert [e.client_id for e in stage.journal.entries(KEY)] == [None, "m1"]


async def test_a_failing_actor_answers_everyone_who_waits(stage):
    await stage.sit()
    stage.journal.auto = False
    stage.directory.conversation(KEY).tell(PostMessage("a", ClientId("m1"), stage.answers.append))
    stage.directory.conversation(KEY).tell(Look(explode))
    stage.directory.conversation(KEY).tell(PostMessage("b", ClientId("m2"), stage.answers.append))
    await settle()
    assert [a.code for a in stage.answers[1:]] == [Code.UNAVAILABLE, Code.UNAVAILABLE]


async def test_an_idle_conversation_retires_and_comes_back_as_it_was(stage):
    peer = await stage.sit(audience=Audience.OPERATOR, operator=ANA)
    await stage.claim()
    ghost = weakref.ref(stage.actor)
    stage.timers.fire(IDLE_S)
    await settle()
    assert len(stage.directory) == 1
    await stage.tell(Unsubscribe(peer))
    stage.timers.fire(IDLE_S)
    await settle()
    assert len(stage.directory) == 0
    gc.collect()
    assert ghost() is None
    await stage.tell(Look(stage.answers.append))
    assert stage.answers[-1].standing.holder.name == "Ana"
    assert stage.journal.loads == 2


async def test_operators_see_who_else_looks_and_whether_the_visitor_is_there(stage):
    ana = await stage.sit(audience=Audience.OPERATOR, operator=ANA)
    await stage.sit(audience=Audience.OPERATOR, operator=BEN)
    visitor = await stage.sit()
    await stage.tell(Unsubscribe(visitor))
    seen = [
        ([name for _, name in e.operators], e.visitor_online)
        for e in ana.events
        if isinstance(e, WatchersChanged)
    ]
    assert seen[-3:] == [(["Ana", "Ben"], False), (["Ana", "Ben"], True), (["Ana", "Ben"], False)]


async def test_the_workspace_shows_changed_rows_once_however_often_they_change(stage):
    operator = RecordingPeer()
    stage.directory.workspace(KEY.workspace_id).tell(JoinWorkspace(operator, ANA, stage.answers.append))
    await stage.claim()
    await stage.post("one", "m1")
    await stage.post("two", "m2")
    stage.timers.fire(ROWS_EVERY_S)
    rows = [e for e in operator.events if isinstance(e, ConversationChanged)]
    assert [row.standing.preview for row in rows] == ["two"]
