"""The golden frames of tests/frames, read and written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from actors.errors import Code, Refusal
from actors.ids import ClientId, ConversationId, LeadId, StreamId, UserId, VisitorId, WorkspaceId
from actors.lead import Captured, InvalidLead, Lead, LeadCaptured, LeadFields, LeadSource
from actors.lead_form import DEFAULT
from actors.log import (
    Author,
    Conversation,
    ConversationKey,
    Entry,
    EntryType,
    Page,
    Source,
    Speaker,
    Standing,
    Visited,
    standing_of,
)
from actors.messages import (
    AllSeen,
    CleanupProgress,
    ConversationChanged,
    ConversationDeleted,
    EntryAdded,
    Held,
    Joined,
    MessageDelta,
    MessageDiscarded,
    OperatorsChanged,
    PageVisited,
    Posted,
    RowDeleted,
    Subscribed,
    TagsChanged,
    TypingChanged,
    Typist,
    WatchersChanged,
)
from actors.ports import Audience
from handlers.leads.lead_fields import check_lead
from handlers.leads.leads import INVALID
from handlers.sockets import wire
from handlers.sockets.frames import payload_of
from handlers.sockets.frames_in import FrameError, decode_operator, decode_visitor

FRAMES = Path(__file__).parents[2] / "frames"
VISITOR, OPERATOR = Audience.VISITOR, Audience.OPERATOR
KEY = ConversationKey(WorkspaceId("w1"), ConversationId("c1"))
NORA, ANA, BO = Author("nora", "Nora"), Author("u1", "Ana"), Author("u2", "Bo")
ZOE = Author("v1", "Visitor 4F2K")
SHOP = Page("https://shop.example/pricing", "Pricing", "")
S1 = StreamId("s1")
Frame = dict[str, Any]


def at(second: int) -> datetime:
    return datetime(2026, 11, 22, 10, 31, second, 120_000, tzinfo=UTC)


def said(seq: int, role: Speaker, author: Author, text: str, second: int, **more: Any) -> Entry:
    return Entry(seq, EntryType.MESSAGE, at(second), f"w{seq}", role, text, author, **more)


CONVERSATION = Conversation(
    KEY, VisitorId("v1"), "Visitor 4F2K", at(1), SHOP, seen={UserId("u1"): 1}, language="en"
)
HELP = "https://shop.example/help/shipping"
SOURCES = (
    Source("Shipping abroad", "Orders to Norway arrive within five working days.", HELP),
    Source("Customs", "Duties are included in the price."),
)
NORWAY = "Yes. Orders to Norway arrive within five working days [1], and duties are included [2]."
QUESTION = said(1, Speaker.VISITOR, ZOE, "Do you ship to Norway?", 5, client_id=ClientId("c-1"))
ANSWER = said(2, Speaker.BOT, NORA, NORWAY, 7, sources=SOURCES, stream_id=S1, known=True)
DUNNO = "I don't know that. A person can help."
UNKNOWN = said(2, Speaker.BOT, NORA, DUNNO, 7, stream_id=StreamId("s2"), known=False)
WAITING = Entry(3, EntryType.WAITING, at(20), "w3", author=ZOE)
CLAIMED = Entry(4, EntryType.CLAIMED, at(40), "w4", author=ANA)
HELLO = said(5, Speaker.HUMAN, ANA, "Hello, this is Ana.", 45, client_id=ClientId("o-1"))
TAKEN = Entry(6, EntryType.CLAIMED, at(50), "w6", author=BO, taken_from=ANA)
NOTE = "Refund agreed, 20 EUR. Do not ask again."
RELEASED = Entry(7, EntryType.RELEASED, at(58), "w7", author=BO, note=NOTE)
LOG = (QUESTION, ANSWER, WAITING, CLAIMED, HELLO, TAKEN, RELEASED)
HARD = "Zoë 👩🏽‍🚀 مرحبا \u202eabc <script>alert(1)</script>\nline two"
AGENT = {"name": "Nora", "greeting": "Hi! Ask me about shipping, returns or your order.", "avatar_url": ""}


LEAD = Lead(
    LeadId("l1"),
    KEY,
    LeadFields("Zoë", "zoe@example.com", "", "Call me"),
    LeadSource.RULE,
    at(30),
    page=SHOP,
    rule="20 s on a price page",
)


def standing(upto: int) -> Standing:
    return standing_of(CONVERSATION, LOG[:upto])


def row(upto: int) -> ConversationChanged:
    return ConversationChanged(CONVERSATION, standing(upto))


def visitor_ready(upto: int, *entries: Entry, online: bool = True, **more: Any) -> wire.Json:
    placed = Subscribed(CONVERSATION, standing(upto), entries, **more)
    return wire.ready(placed, {"token": "djE.c2ln", "agent": AGENT, "team_online": online})


def operator_subscribed(upto: int, ref: str | None = None) -> wire.Json:
    return wire.subscribed(Subscribed(CONVERSATION, standing(upto), LOG[:upto]), ref)


def typing(who: Typist, name: str, *, on: bool = True, user_id: str | None = None) -> TypingChanged:
    return TypingChanged(KEY, who, on, name, UserId(user_id) if user_id else None, shown_to_visitor=True)


NEWEST_OF_MANY = (
    said(201, Speaker.VISITOR, ZOE, "Do you ship to Norway?", 5, client_id=ClientId("c-201")),
    replace(ANSWER, seq=202),
)

EVENTS: dict[tuple[str, str], Any] = {
    ("message.posted", "the visitor"): EntryAdded(KEY, QUESTION),
    ("message.posted", "the visitor's own words"): EntryAdded(KEY, QUESTION),
    ("message.posted", "an answer with its sources"): EntryAdded(KEY, ANSWER),
    ("message.posted", "the bot does not know"): EntryAdded(KEY, UNKNOWN),
    ("message.posted", "a person"): EntryAdded(KEY, HELLO),
    ("message.posted", "an operator"): EntryAdded(KEY, HELLO),
    ("message.posted", "text that is hard on a display"): EntryAdded(
        KEY, said(8, Speaker.VISITOR, ZOE, HARD, 5, client_id=ClientId("c-2"))
    ),
    ("conversation.waiting", "the visitor asked for a person"): EntryAdded(KEY, WAITING),
    ("conversation.claimed", "Ana takes over"): EntryAdded(KEY, CLAIMED),
    ("conversation.claimed", "Bo takes it from Ana"): EntryAdded(KEY, TAKEN),
    ("conversation.released", "back to the bot"): EntryAdded(KEY, RELEASED),
    ("conversation.released", "with a note to the bot"): EntryAdded(KEY, RELEASED),
    ("message.delta", "the first words"): MessageDelta(KEY, S1, 0, "Yes. Orders "),
    ("message.delta", "more, at its offset in code points"): MessageDelta(KEY, S1, 12, "to Norway 🇳🇴 "),
    ("message.delta", "after two code points of one flag"): MessageDelta(KEY, S1, 25, "arrive"),
    ("message.discarded", "the answer was cut off"): MessageDiscarded(KEY, S1),
    ("typing", "the visitor starts"): typing(Typist.VISITOR, "Visitor 4F2K"),
    ("typing", "a colleague starts"): typing(Typist.HUMAN, "Bo", user_id="u2"),
    ("typing", "the bot starts"): typing(Typist.BOT, "Nora"),
    ("typing", "the bot stops"): typing(Typist.BOT, "Nora", on=False),
    ("typing", "a person starts"): typing(Typist.HUMAN, "Ana", user_id="u1"),
    ("typing", "a person stops"): typing(Typist.HUMAN, "Ana", on=False, user_id="u1"),
    ("presence", "on a conversation"): WatchersChanged(KEY, ((UserId("u1"), "Ana"),), visitor_online=True),
    ("presence", "in the workspace"): OperatorsChanged(((UserId("u1"), "Ana"), (UserId("u2"), "Bo"))),
    ("lead.captured", "a new one"): LeadCaptured(LEAD),
    ("lead.captured", "the visitor adds a number"): LeadCaptured(
        replace(LEAD, fields=replace(LEAD.fields, phone="+4930901820"), updated_at=at(40)), updated=True
    ),
    ("conversation.changed", "answered by the bot"): row(1),
    ("conversation.changed", "waiting"): row(3),
    ("conversation.changed", "held"): row(5),
    ("conversation.deleted", "an admin deleted it"): ConversationDeleted(KEY),
    ("conversation.deleted", "in the lists"): RowDeleted(KEY),
    ("page.visited", "the visitor moves on"): PageVisited(
        KEY, Visited("https://shop.example/help/shipping", "Shipping", at(35))
    ),
    ("tags.changed", "one was renamed"): TagsChanged(),
    ("conversations.seen", "Ana has marked all as read"): AllSeen(UserId("u1"), at(50)),
    ("cleanup", "on its way"): CleanupProgress(7_400, 10_000),
    ("cleanup", "done"): CleanupProgress(0, 10_000),
}
NOT_FOUND = Refusal(Code.NOT_FOUND, "There is no such conversation.")
ANSWERS: dict[tuple[str, str], Callable[[], wire.Json]] = {
    ("pong", "plain"): wire.pong,
    ("team.status", "somebody is here"): lambda: wire.team_status(online=True),
    ("team.status", "nobody is here"): lambda: wire.team_status(online=False, ref="t"),
    ("person.ack", "noted"): lambda: wire.person_ack(Held(CONVERSATION, standing(3))),
    ("message.ack", "stored"): lambda: wire.message_ack(Posted(1, QUESTION), KEY, "c-1"),
    ("message.ack", "with a ref"): lambda: wire.message_ack(Posted(3, None), KEY, "c-3", "2"),
    ("unsubscribed", "a conversation"): lambda: wire.unsubscribed("conversation.c1"),
    ("unsubscribed", "with a ref"): lambda: wire.unsubscribed("conversation.c1", "9"),
    ("subscribed", "the lists"): lambda: wire.joined(Joined(((UserId("u1"), "Ana"),)), "0a1b2c3d4e5f"),
    ("subscribed", "a conversation"): lambda: operator_subscribed(1, "1"),
    ("subscribed", "a colleague holds it"): lambda: operator_subscribed(5),
    ("subscribed", "a visitor waits"): lambda: operator_subscribed(3),
    ("ready", "a first visit"): lambda: visitor_ready(0),
    ("ready", "what was missed, a person holds it"): lambda: visitor_ready(5, CLAIMED, HELLO),
    ("ready", "waiting, nobody there"): lambda: visitor_ready(3, *LOG[:3], online=False),
    ("ready", "the newest of many"): lambda: wire.ready(
        Subscribed(CONVERSATION, replace(standing(2), seq=202), NEWEST_OF_MANY, more=True),
        {"token": "djE.c2ln", "agent": AGENT, "team_online": True},
    ),
    ("ready", "a position that is not in the log"): lambda: visitor_ready(2, *LOG[:2], reset=True),
    ("lead.ack", "captured"): lambda: wire.lead_ack(Captured(LEAD)),
    ("lead.ack", "left before, and updated"): lambda: wire.lead_ack(Captured(LEAD, updated=True), "lead"),
    ("message.ack", "it asks to be contacted"): lambda: wire.message_ack(
        Posted(1, QUESTION), KEY, "c-1", lead_form=True
    ),
    ("error", "another workspace's conversation"): lambda: wire.refusal(NOT_FOUND, ref="1"),
}
ELSEWHERE = {
    "heartbeat": "handlers.sockets.heartbeat, tested there",
}


def goldens(direction: str) -> list[Any]:
    found: list[Any] = []
    for path in sorted(FRAMES.glob(f"{direction}-*.json")):
        audience, kind = path.stem.removeprefix(f"{direction}-").split(".", 1)
        for golden in json.loads(path.read_text()):
            case = (Audience(audience), kind, golden["name"], golden["frame"])
            found.append(pytest.param(*case, id=f"{path.stem}: {golden['name']}"))
    return found


@pytest.mark.parametrize(("audience", "kind", "name", "frame"), goldens("from"))
def test_what_clients_send_is_understood(audience: Audience, kind: str, name: str, frame: Frame) -> None:
    decode = decode_visitor if audience is VISITOR else decode_operator
    decoded = decode(json.dumps(frame))
    assert decoded.__struct_config__.tag == kind
    for field in frame.keys() - {"type", "page"}:
        assert getattr(decoded, field) == frame[field]


@pytest.mark.parametrize(("audience", "kind", "name", "frame"), goldens("to"))
def test_what_we_send_is_as_written_down(audience: Audience, kind: str, name: str, frame: Frame) -> None:
    if kind in ELSEWHERE:
        pytest.skip(ELSEWHERE[kind])
    if (kind, name) in EVENTS:
        encoded = wire.encode(EVENTS[kind, name], audience)
        assert encoded is not None
        assert json.loads(payload_of(encoded)) == frame
    elif (kind, name) in ANSWERS:
        assert ANSWERS[kind, name]() == frame
    elif kind == "error":
        assert made_error(name, audience) == frame
    else:
        pytest.fail(f"nothing makes the golden frame {kind}: {name}")


def made_error(name: str, audience: Audience) -> wire.Json:
    sent = {
        "malformed JSON": "{nope",
        "an unknown type": '{"type": "dance"}',
        "a message that is too long": json.dumps(
            {"type": "message.post", "client_id": "c-1", "text": "x" * 8001}
        ),
    }
    words = {
        "nothing was stored, send it again": ("unavailable", "We could not save that. Try again."),
        "too fast": ("too_many", "That was fast. Wait a moment."),
    }
    if name == "fields of the lead form":
        wrong = check_lead({"email": "zoe"}, DEFAULT)
        assert isinstance(wrong, InvalidLead)
        return wire.error("invalid", INVALID, ref="lead", fields=wrong.fields)
    if name in words:
        return wire.error(*words[name], client_id="c-1")
    with pytest.raises(FrameError) as caught:
        (decode_visitor if audience is VISITOR else decode_operator)(sent[name])
    error = caught.value
    return wire.error(error.code, error.message, ref=error.ref, client_id=error.client_id)


HIDDEN = [
    WatchersChanged(KEY, ((UserId("u1"), "Ana"),), visitor_online=True),
    OperatorsChanged(((UserId("u1"), "Ana"),)),
    PageVisited(KEY, Visited("https://shop.example/", "Shop", at(35))),
    ConversationChanged(CONVERSATION, standing(5)),
    TypingChanged(KEY, Typist.HUMAN, True, "Bo", UserId("u2"), shown_to_visitor=False),
]


@pytest.mark.parametrize("event", HIDDEN)
def test_visitors_do_not_see_what_is_for_operators(event: Any) -> None:
    assert wire.encode(event, VISITOR) is None
    assert wire.encode(event, OPERATOR) is not None


@pytest.mark.parametrize("entry", [HELLO, CLAIMED, TAKEN, RELEASED])
def test_visitors_learn_no_ids_notes_or_takeovers(entry: Entry) -> None:
    encoded = wire.encode(EntryAdded(KEY, entry), VISITOR)
    assert encoded is not None
    text = payload_of(encoded).decode()
    assert not any(secret in text for secret in ("user_id", "u1", "u2", "taken_from", "Refund", "note"))
