"""`/app/conversations`: the list, an opened conversation, and its log."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar, cast, get_args

import msgspec

from actors.errors import Code, Refusal
from actors.log import ConversationKey, EntryType
from actors.messages import AllSeen, Held, Look, SeenBy
from actors.roles import Role
from handlers.access import Who
from handlers.account.device import device_name, is_phone
from handlers.account.me import me_json
from handlers.answers import NO_SUCH_CONVERSATION, HttpError, plain, refuse
from handlers.base import BaseHandler
from handlers.ports import ConversationQuery, HeldBy, Row, Show, VisitorFacts
from handlers.shapes import (
    OPERATOR,
    Json,
    entries_json,
    instant,
    instant_or_none,
    lead_json,
    match_json,
    pages_json,
    row_json,
)
from handlers.sockets.frames_in import MAX_ID_CHARACTERS, MAX_SEQ, Seq

NEWEST = 200
MOST_ENTRIES = 500


class Read(msgspec.Struct, frozen=True):
    """How far somebody has read."""

    seq: Seq


_SHOW: tuple[str, ...] = get_args(Show)
_HOLDER: tuple[str, ...] = get_args(HeldBy)
MOST_SEARCHED = 200


class ConsoleHandler(BaseHandler):
    """A page of the console, or the same as JSON."""

    role: ClassVar[Who] = Role.VIEWER
    html: ClassVar[bool] = True

    async def opened(self, key: ConversationKey) -> Json:
        """An opened conversation, with the end of its log. Raises HttpError."""
        outcome = await self.look(key)
        entries = await self.services.reading.newest(key, NEWEST)
        lead = await self.services.leads.of_conversation(key)
        visitor = await self.services.reading.visitor(key)
        messages = [entry for entry in entries if entry.type is EntryType.MESSAGE]
        return {
            "conversation": row_json(outcome.conversation, outcome.standing),
            "messages": entries_json(key.conversation_id, messages, OPERATOR),
            "entries": entries_json(key.conversation_id, entries, OPERATOR),
            "lead": lead_json(lead) if lead else None,
            "visitor": _visitor_json(visitor) if visitor else None,
            "pages": pages_json(outcome.conversation),
        }

    async def look(self, key: ConversationKey) -> Held:
        """A conversation as it stands. Raises HttpError."""
        outcome = await self.ask(key, Look)
        if isinstance(outcome, Refusal):
            refuse(outcome)
        if not isinstance(outcome, Held):
            raise plain(HTTPStatus.INTERNAL_SERVER_ERROR)
        return outcome

    async def conversation_list(self) -> Json:
        """The list that the address asks for. Raises HttpError, BadCursorError."""
        page = await self.services.reading.conversations(
            self.member.workspace.id, self.query(), self.get_query_argument("after", "") or None
        )
        rows = [_found_json(row) for row in page.rows]
        upto = await self.services.reading.seen_upto(self.member.workspace.id, self.member.account.user_id)
        return {
            "conversations": rows,
            "next": page.next,
            "any": page.any,
            "seen_upto": instant_or_none(upto),
        }

    async def console(
        self, template: str, page: str, listed: Json, opened: Json | None, **variables: Any
    ) -> None:
        """Answer with a page that its scripts take over from `page_data`."""
        me = me_json(self.member)
        now = instant(self.services.clock.now())
        waiting, keyboard = await self.waiting(), await self.keyboard()
        self.page(
            template,
            me=me,
            page_data={
                "page": page,
                "now": now,
                "me": me,
                "list": listed,
                "open": opened,
                **waiting,
                "keyboard": keyboard,
            },
            base_url=self.services.config.base_url,
            demo_url="/demo" if self.services.config.demo else None,
            **variables,
        )

    async def keyboard(self) -> Json:
        """The keys that the member chose."""
        chosen = await self.services.people.profiles.keyboard(self.member.account.user_id)
        return {"keys": dict(chosen.keys), "single": chosen.single}

    async def waiting(self) -> Json:
        """The conversations in which somebody waits for a person."""
        return {"waiting": list(await self.services.reading.waiting(self.member.workspace.id))}

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """A query parameter that is one of a few. Raises HttpError."""
        value = self.get_query_argument(name, "") or default
        if value not in (*choices, default):
            raise _invalid(name, f"{name} must be one of {', '.join(choices)}.")
        return value

    def number(self, name: str, default: int, most: int) -> int:
        """A query parameter that is a whole number from 0 to `most`. Raises HttpError."""
        value = self.get_query_argument(name, "")
        if not value:
            return default
        if not (value.isascii() and value.isdigit() and len(value) <= len(str(MAX_SEQ))):
            raise _invalid(name, f"{name} must be a whole number.")
        if int(value) > most:
            raise _invalid(name, f"{name} must be at most {most}.")
        return int(value)

    def query(self) -> ConversationQuery:
        """What the address asks for. Raises HttpError."""
        return ConversationQuery(
            user_id=self.member.account.user_id,
            show=cast("Show", self.choice("show", _SHOW, "engaged")),
            q=self.get_query_argument("q", "")[:MOST_SEARCHED],
            holder=cast("HeldBy", self.choice("holder", _HOLDER, "")) or None,
            tag=self.get_query_argument("tag", "")[:MAX_ID_CHARACTERS] or None,
        )

    def echoed(self, listed: Json) -> Json:
        """The list with the filters it was made by, which the page shows."""
        query = self.query()
        return {
            **listed,
            "show": query.show,
            "q": query.q,
            "holder": query.holder or "",
            "tag": query.tag or "",
        }


class ConversationsHandler(ConsoleHandler):
    """`GET /app/conversations`."""

    async def get(self) -> None:
        """The list."""
        listed = await self.conversation_list()
        if self.wants_json:
            self.answer(listed)
        else:
            await self.console("conversations.html", "conversations", self.echoed(listed), None)


class ConversationHandler(ConsoleHandler):
    """`GET /app/conversations/{id}`."""

    async def get(self, conversation_id: str) -> None:
        """One conversation; as a page, beside the list."""
        opened = await self.opened(self.conversation_key(conversation_id))
        if self.wants_json:
            self.answer(opened)
            return
        listed = await self.conversation_list()
        await self.console("conversations.html", "conversations", self.echoed(listed), opened)


class WaitingHandler(ConsoleHandler):
    """`GET /app/waiting`."""

    html: ClassVar[bool] = False

    async def get(self) -> None:
        """Who waits for a person, by conversation: what the badge counts."""
        self.answer(await self.waiting())


class EntriesHandler(ConsoleHandler):
    """`GET /app/conversations/{id}/messages`."""

    html: ClassVar[bool] = False

    async def get(self, conversation_id: str) -> None:
        """Entries after `after`, or the newest before `before`."""
        key = self.conversation_key(conversation_id)
        await self.look(key)
        limit = max(1, self.number("limit", NEWEST, MOST_ENTRIES))
        before = self.number("before", 0, MAX_SEQ)
        if before:
            self.answer(await self._before(key, before, limit))
        else:
            self.answer(await self._after(key, self.number("after", 0, MAX_SEQ), limit))

    async def _after(self, key: ConversationKey, seq: int, limit: int) -> Json:
        found = await self.services.reading.after(key, seq, limit + 1)
        entries = entries_json(key.conversation_id, found[:limit], OPERATOR)
        return {"entries": entries, "more": len(found) > limit}

    async def _before(self, key: ConversationKey, seq: int, limit: int) -> Json:
        """Seqs have no gaps, so the entries before one can be counted out."""
        first = max(1, seq - limit)
        found = await self.services.reading.after(key, first - 1, seq - first) if seq > first else ()
        return {"entries": entries_json(key.conversation_id, found, OPERATOR), "more": first > 1}


class ReadHandler(ConsoleHandler):
    """`POST /app/conversations/{id}/read`."""

    html: ClassVar[bool] = False

    async def post(self, conversation_id: str) -> None:
        """The member has read up to `seq`. The lists learn it by the row. Raises HttpError."""
        key, user_id = self.conversation_key(conversation_id), self.member.account.user_id
        sent, found = self.body(Read), await self.look(key)
        seq, known = min(sent.seq, found.standing.seq), found.conversation.seen.get(user_id, 0)
        if seq > known:
            if not await self.services.reading.mark_seen(key, user_id, seq):
                raise HttpError(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, NO_SUCH_CONVERSATION)
            self.services.directory.conversation(key).tell(SeenBy(user_id, seq))
        self.answer({"seen": max(seq, known)})


class AllSeenHandler(ConsoleHandler):
    """`POST /app/conversations/read`."""

    html: ClassVar[bool] = False

    async def post(self) -> None:
        """The member counts as read whatever was written up to now; their other windows learn it."""
        workspace_id, user_id = self.member.workspace.id, self.member.account.user_id
        now = self.services.clock.now()
        await self.services.reading.mark_all_seen(workspace_id, user_id, now)
        self.services.directory.workspace(workspace_id).tell(AllSeen(user_id, now))
        self.answer({"seen_upto": instant(now)})


def _found_json(row: Row) -> Json:
    shape = row_json(row.conversation, row.standing)
    return {**shape, "match": match_json(row.match)} if row.match else shape


def _visitor_json(facts: VisitorFacts) -> Json:
    device = device_name(facts.user_agent) if facts.user_agent else ""
    return {
        "first_seen_at": instant(facts.first_seen_at),
        "visits": facts.visits,
        "device": device,
        "phone": is_phone(facts.user_agent),
    }


def _invalid(field: str, message: str) -> HttpError:
    return HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message, fields={field: message})
