"""The JSON shapes that sockets and HTTP share: an entry of the log, a row of the lists, a holder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TypeAlias

from actors.appearance import Appearance, style_of
from actors.badge import badge
from actors.behaviour import BehaviourRule
from actors.ids import ConversationId, UserId
from actors.lead import Lead
from actors.lead_form import LeadForm
from actors.log import (
    Author,
    Conversation,
    Entry,
    EntryType,
    Holder,
    Page,
    Person,
    Source,
    Speaker,
    Standing,
    Visited,
)
from actors.ports import Audience
from actors.speech import IN_ENGLISH, Words
from handlers.ports import Agent, Match

Json: TypeAlias = dict[str, object]

OPERATOR = Audience.OPERATOR


def instant(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    in_utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return in_utc.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def instant_or_none(at: datetime | None) -> str | None:
    """The same for what may not have happened."""
    return instant(at) if at is not None else None


def entry_id(conversation_id: ConversationId, seq: int) -> str:
    """An entry's id, the one it has in the database."""
    return f"{conversation_id}:{seq}"


def entry_json(conversation_id: ConversationId, entry: Entry, audience: Audience) -> Json:
    """An entry as this audience may see it; what has no value is left out."""
    shape: Json = {
        "seq": entry.seq,
        "type": entry.type.value,
        "id": entry_id(conversation_id, entry.seq),
        "role": entry.role.value if entry.role else None,
        "text": entry.text,
        "author": _author(entry, audience),
        "client_id": entry.client_id if audience is OPERATOR or entry.role is Speaker.VISITOR else None,
        "sources": [_source(source) for source in entry.sources] or None,
        "stream_id": entry.stream_id,
        "known": entry.known,
        "created_at": instant(entry.created_at),
    }
    if entry.type is EntryType.CLAIMED and entry.author:
        holder = Holder(UserId(entry.author.id), entry.author.name, entry.created_at)
        shape["holder"] = holder_json(holder, audience)
    if audience is OPERATOR:
        shape["note"] = entry.note
        shape["taken_from"] = {"name": entry.taken_from.name} if entry.taken_from else None
    return {name: value for name, value in shape.items() if value is not None}


def entries_json(conversation_id: ConversationId, entries: Iterable[Entry], audience: Audience) -> list[Json]:
    """A piece of the log."""
    return [entry_json(conversation_id, entry, audience) for entry in entries]


def holder_json(holder: Holder, audience: Audience) -> Json:
    """Who holds a conversation, since when; visitors learn no ids."""
    shape: Json = {"name": holder.name, "claimed_at": instant(holder.claimed_at)}
    return {"user_id": holder.user_id, **shape} if audience is OPERATOR else shape


def holder_or_none(holder: Holder | None, audience: Audience) -> Json | None:
    """The same when nobody may hold it."""
    return holder_json(holder, audience) if holder else None


def row_json(conversation: Conversation, standing: Standing) -> Json:
    """A conversation as lists, answers and the workspace's channel carry it. For operators only."""
    kind = badge(standing)
    holder = standing.holder
    return {
        "id": conversation.key.conversation_id,
        "visitor_id": conversation.visitor_id,
        "visitor_name": conversation.visitor_name,
        "created_at": instant(conversation.created_at),
        "last_activity_at": instant(standing.last_activity_at),
        "seq": standing.seq,
        "user_message_count": standing.user_message_count,
        "claimed_by_user_id": holder.user_id if holder else None,
        "claimed_by_name": holder.name if holder else None,
        "claimed_at": instant_or_none(holder.claimed_at if holder else None),
        "waiting_since": instant_or_none(standing.waiting_since),
        "badge": {"kind": kind.kind.value, "label": kind.label},
        "preview": standing.preview,
        "preview_role": standing.preview_role.value if standing.preview_role else None,
        "page": page_json(conversation.page),
        "tag_ids": list(conversation.tag_ids),
        "tags_version": conversation.tags_version,
        "has_lead": conversation.has_lead,
        "lead_name": conversation.lead_name,
        "person": person_json(conversation.person),
        "last_user_seq": standing.last_user_seq,
        "last_user_at": instant_or_none(standing.last_user_at),
        "seen": dict(conversation.seen),
        "language": conversation.language,
        "time_zone": conversation.time_zone,
    }


def match_json(match: Match) -> Json:
    """Why a search found a conversation. For operators only."""
    role: Json = {"role": match.role.value} if match.role else {}
    return {"in": match.place, **role, "pieces": list(match.pieces)}


def person_json(person: Person | None) -> Json | None:
    """Who the site says the visitor is. For operators only."""
    if person is None:
        return None
    return {"id": person.user_id, "name": person.name, "email": person.email, "verified": person.verified}


def page_json(page: Page) -> Json:
    """Where the visitor was."""
    return {"url": page.url, "title": page.title, "referrer": page.referrer}


def visited_json(visited: Visited) -> Json:
    """A page that the visitor came to. For operators only."""
    return {"url": visited.url, "title": visited.title, "at": instant(visited.at)}


def pages_json(conversation: Conversation) -> list[Json]:
    """The visitor's trail, newest first; at least where the conversation began."""
    first = conversation.page
    trail = conversation.pages or (Visited(first.url, first.title, conversation.created_at),)
    return [visited_json(visited) for visited in reversed(trail) if visited.url]


def lead_json(lead: Lead) -> Json:
    """A lead as lists, answers, the feed and the workspace's channel carry it. For operators only."""
    return {
        "id": lead.id,
        "conversation_id": lead.conversation_id,
        "name": lead.name,
        "email": lead.email,
        "phone": lead.phone,
        "message": lead.message,
        "source": lead.source.value,
        "rule": lead.rule,
        "page": page_json(lead.page),
        "consent": lead.consent,
        "captured_at": instant(lead.captured_at),
        "updated_at": instant_or_none(lead.updated_at),
    }


def form_json(form: LeadForm, words: Words) -> Json:
    """The lead form as the widget shows it."""
    consent = words.say(form.consent)
    return {"fields": list(form.asked), "required": sorted(form.required), "consent": consent}


def appearance_json(appearance: Appearance, words: Words) -> Json:
    """How the widget looks, as it is told. `style` are CSS declarations.

    Questions that Baton brought along are asked in the visitor's language.
    """
    return {
        "style": style_of(appearance),
        "theme": appearance.theme,
        "position": appearance.position,
        "face": appearance.face,
        "questions": [words.say(question) for question in appearance.questions],
    }


def rule_json(rule: BehaviourRule) -> Json:
    """A rule as the widget judges it; what it does not ask for is left out."""
    return {name: value for name, value in {**asdict(rule), "url": rule.address}.items() if value}


def operators_json(operators: Iterable[tuple[UserId, str]]) -> list[Json]:
    """Who is here."""
    return [{"user_id": user_id, "name": name} for user_id, name in operators]


def _author(entry: Entry, audience: Audience) -> Json | None:
    author: Author | None = entry.author
    if author is None:
        return None
    if audience is OPERATOR and _is_member(entry):
        return {"user_id": author.id, "name": author.name}
    return {"name": author.name}


def _is_member(entry: Entry) -> bool:
    return entry.role is Speaker.HUMAN or entry.type in {EntryType.CLAIMED, EntryType.RELEASED}


def _source(source: Source) -> Json:
    shape: Json = {"title": source.title, "snippet": source.snippet}
    return {**shape, "url": source.url} if source.url else shape


def agent_json(agent: Agent, words: Words = IN_ENGLISH) -> Json:
    """The face of the bot. A greeting that Baton brought along is said in the visitor's language."""
    greeting = words.say(agent.greeting)
    return {"name": agent.name, "greeting": greeting, "avatar_url": agent.avatar_url}
