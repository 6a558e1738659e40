"""The wire: events and outcomes as frames. Reading frames is in frames_in, the shapes in shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

import msgspec

from actors.errors import Refusal
from actors.ids import ConversationId
from actors.lead import Captured, LeadCaptured
from actors.log import ConversationKey, Entry, EntryType
from actors.messages import (
    AllSeen,
    CleanupProgress,
    ConversationChanged,
    ConversationDeleted,
    EntryAdded,
    Event,
    Held,
    Joined,
    MessageDelta,
    MessageDiscarded,
    News,
    OperatorsChanged,
    PageVisited,
    Posted,
    RowDeleted,
    Subscribed,
    TagsChanged,
    TypingChanged,
    WatchersChanged,
    WorkspaceEvent,
)
from actors.ports import Audience, Frame
from handlers.shapes import (
    OPERATOR,
    Json,
    entries_json,
    entry_id,
    entry_json,
    holder_or_none,
    instant,
    instant_or_none,
    lead_json,
    operators_json,
    pages_json,
    row_json,
    visited_json,
)
from handlers.sockets.frames import text_frame
from handlers.sockets.frames_in import WORKSPACE_CHANNEL, Ref

_EVENT_TYPES = {
    EntryType.MESSAGE: "message.posted",
    EntryType.WAITING: "conversation.waiting",
    EntryType.CLAIMED: "conversation.claimed",
    EntryType.RELEASED: "conversation.released",
}
_json = msgspec.json.Encoder()


def to_json(shape: Json) -> bytes:
    """Compact JSON. A lone surrogate, which no client can send us, would raise."""
    return _json.encode(shape)


def frame(shape: Json) -> Frame:
    """A shape, ready for the socket."""
    return text_frame(to_json(shape))


def channel_of(conversation_id: ConversationId) -> str:
    """The name of a conversation's channel."""
    return f"conversation.{conversation_id}"


def encode(event: Event, audience: Audience) -> Frame | None:
    """`actors.ports.Encode`: the frame for this audience, or None when it does not see the event."""
    shape = event_json(event, audience)
    return frame(shape) if shape is not None else None


def event_json(event: Event, audience: Audience) -> Json | None:
    """An event as this audience may see it."""
    match event:
        case EntryAdded():
            return _entry_added(event.key, event.entry, audience)
        case MessageDelta(key, stream_id, offset, text):
            return _on(key, "message.delta", stream_id=stream_id, offset=offset, text=text)
        case MessageDiscarded(key, stream_id):
            return _on(key, "message.discarded", stream_id=stream_id)
        case TypingChanged():
            return _typing(event, audience)
        case ConversationDeleted(key):
            return _on(key, "conversation.deleted")
        case _:
            return _for_operators(event) if audience is OPERATOR else None


def ready(subscribed: Subscribed, greeting: Json, ref: Ref = None) -> Json:
    """The answer to `hello`. `greeting` has `token`, `agent` and `team_online`."""
    conversation_id = subscribed.conversation.key.conversation_id
    return _answer(
        "ready",
        ref,
        channel=channel_of(conversation_id),
        conversation_id=conversation_id,
        **greeting,
        waiting=subscribed.standing.waiting_since is not None,
        **_place(subscribed, Audience.VISITOR),
    )


def subscribed(outcome: Subscribed, ref: Ref = None) -> Json:
    """The answer to an operator's `subscribe` to a conversation."""
    return _answer(
        "subscribed",
        ref,
        channel=channel_of(outcome.conversation.key.conversation_id),
        waiting_since=instant_or_none(outcome.standing.waiting_since),
        conversation=row_json(outcome.conversation, outcome.standing),
        pages=pages_json(outcome.conversation),
        **_place(outcome, OPERATOR),
    )


def joined(outcome: Joined, assets: str, ref: Ref = None) -> Json:
    """The answer to an operator's `subscribe` to the workspace. `assets`: the hash of the present files."""
    operators = operators_json(outcome.operators)
    return _answer("subscribed", ref, channel=WORKSPACE_CHANNEL, operators=operators, assets=assets)


def unsubscribed(channel: str, ref: Ref = None) -> Json:
    """The answer to `unsubscribe`."""
    return _answer("unsubscribed", ref, channel=channel)


def message_ack(
    posted: Posted, key: ConversationKey, client_id: str, ref: Ref = None, *, lead_form: bool = False
) -> Json:
    """A visitor's message is durable. `lead_form`: it asks to be contacted, so offer the form."""
    id_ = entry_id(key.conversation_id, posted.seq)
    shape = _answer("message.ack", ref, client_id=client_id, seq=posted.seq, id=id_)
    return {**shape, "lead_form": True} if lead_form else shape


def person_ack(held: Held, ref: Ref = None) -> Json:
    """The wish for a person is on record."""
    return _answer("person.ack", ref, seq=held.standing.seq)


def team_status(online: bool, ref: Ref = None) -> Json:
    """Whether somebody is here who could take over."""
    return _answer("team.status", ref, online=online)


def lead_ack(captured: Captured, ref: Ref = None) -> Json:
    """The lead is durable. `updated`: this visitor had left it before."""
    return _answer("lead.ack", ref, lead_id=captured.lead.id, updated=captured.updated)


def pong(ref: Ref = None) -> Json:
    """Somebody is there."""
    return _answer("pong", ref)


def error(
    code: str,
    message: str,
    *,
    ref: Ref = None,
    client_id: str | None = None,
    fields: Mapping[str, str] | None = None,
) -> Json:
    """Why a frame changed nothing. `fields`: what is wrong with each of a form's."""
    shape = _answer("error", ref, code=str(code), message=message)
    if fields:
        shape["fields"] = dict(fields)
    return {**shape, "client_id": client_id} if client_id is not None else shape


def refusal(refused: Refusal, *, ref: Ref = None, client_id: str | None = None) -> Json:
    """The same, from an actor."""
    return error(refused.code.value, refused.message, ref=ref, client_id=client_id)


def _for_operators(event: WatchersChanged | PageVisited | WorkspaceEvent) -> Json:
    match event:
        case PageVisited(key, visited):
            return _on(key, "page.visited", page=visited_json(visited))
        case WatchersChanged(key, operators, online):
            return _on(key, "presence", operators=operators_json(operators), visitor_online=online)
        case ConversationChanged(conversation, standing):
            return _on_workspace("conversation.changed", conversation=row_json(conversation, standing))
        case OperatorsChanged(operators):
            return _on_workspace("presence", operators=operators_json(operators))
        case LeadCaptured(lead, updated):
            return _on_workspace("lead.captured", lead=lead_json(lead), updated=updated)
        case _:
            return _news(event)


def _news(event: News) -> Json:
    match event:
        case RowDeleted(key):
            return _on_workspace("conversation.deleted", conversation_id=key.conversation_id)
        case TagsChanged():
            return _on_workspace("tags.changed")
        case AllSeen(user_id, upto):
            return _on_workspace("conversations.seen", user_id=user_id, upto=instant(upto))
        case CleanupProgress(left, total):
            return _on_workspace("cleanup", left=left, total=total)
        case _:
            assert_never(event)


def _entry_added(key: ConversationKey, entry: Entry, audience: Audience) -> Json:
    shape = entry_json(key.conversation_id, entry, audience)
    event = _on(key, _EVENT_TYPES[entry.type], seq=entry.seq)
    if entry.type is EntryType.MESSAGE:
        return {**event, "message": shape}
    if entry.type is EntryType.CLAIMED:
        return {**event, "holder": shape.get("holder"), "entry": shape}
    return {**event, "entry": shape}


def _typing(event: TypingChanged, audience: Audience) -> Json | None:
    if audience is Audience.VISITOR and not event.shown_to_visitor:
        return None
    shape = _on(event.key, "typing", who=event.who.value, on=event.on)
    if event.author:
        shape["name"] = event.author
    if event.user_id and audience is OPERATOR:
        shape["user_id"] = event.user_id
    return shape


def _place(subscribed: Subscribed, audience: Audience) -> Json:
    conversation_id = subscribed.conversation.key.conversation_id
    place: Json = {
        "seq": subscribed.standing.seq,
        "holder": holder_or_none(subscribed.standing.holder, audience),
        "entries": entries_json(conversation_id, subscribed.entries, audience),
        "more": subscribed.more,
    }
    return {**place, "reset": True} if subscribed.reset else place


def _on(key: ConversationKey, type_: str, **fields: object) -> Json:
    return {"type": type_, "channel": channel_of(key.conversation_id), **fields}


def _on_workspace(type_: str, **fields: object) -> Json:
    return {"type": type_, "channel": WORKSPACE_CHANNEL, **fields}


def _answer(type_: str, ref: Ref, **fields: object) -> Json:
    return {"type": type_, **({} if ref is None else {"ref": ref}), **fields}
