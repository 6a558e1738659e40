"""Taking over, answering, handing back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from actors.errors import Code, Refusal
from actors.log import ConversationKey
from actors.messages import ClaimConversation, Held, Outcome, Posted, ReleaseConversation, ReplyAsOperator
from actors.roles import Role
from handlers.access import Who
from handlers.answers import HttpError, plain, refuse
from handlers.base import BaseHandler
from handlers.shapes import OPERATOR, Json, entry_json, row_json
from handlers.sockets.frames_in import Id, Text, clean, clean_client_id

MAX_NOTE_CHARACTERS = 2_000


class Claim(msgspec.Struct, frozen=True):
    """With `force`, also from the member who holds it."""

    force: bool = False


class Release(msgspec.Struct, frozen=True):
    """`note` is for the bot."""

    note: Annotated[str, Meta(max_length=MAX_NOTE_CHARACTERS)] | None = None


class Reply(msgspec.Struct, frozen=True):
    """An answer to the visitor."""

    text: Text
    client_id: Id | None = None


class TakeoverHandler(BaseHandler):
    """The actor decides; here its decision becomes an answer."""

    role: ClassVar[Who] = Role.EDITOR

    def answer_held(self, outcome: Outcome) -> None:
        """Answer with the conversation as it is now. Raises HttpError."""
        if isinstance(outcome, Refusal):
            refuse(outcome)
        if not isinstance(outcome, Held):
            raise plain(HTTPStatus.INTERNAL_SERVER_ERROR)
        self.answer({"conversation": row_json(outcome.conversation, outcome.standing)})


class ClaimHandler(TakeoverHandler):
    """`POST /app/conversations/{id}/claim`."""

    async def post(self, conversation_id: str) -> None:
        """Take over."""
        force, operator, origin = self.body(Claim).force, self.member.operator, self.origin
        key = self.conversation_key(conversation_id)
        self.answer_held(
            await self.ask(key, lambda to: ClaimConversation(operator, to, force=force, origin=origin))
        )


class ReleaseHandler(TakeoverHandler):
    """`POST /app/conversations/{id}/release`."""

    async def post(self, conversation_id: str) -> None:
        """Hand back to the bot."""
        note = clean(self.body(Release).note or "") or None
        operator, origin = self.member.operator, self.origin
        key = self.conversation_key(conversation_id)
        self.answer_held(
            await self.ask(key, lambda to: ReleaseConversation(operator, to, note=note, origin=origin))
        )


class ReplyHandler(TakeoverHandler):
    """`POST /app/conversations/{id}/reply`."""

    async def post(self, conversation_id: str) -> None:
        """Answer the visitor. The same `client_id` again gives the first message."""
        sent, operator, origin = self.body(Reply), self.member.operator, self.origin
        text = clean(sent.text)
        if not text:
            raise HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, Code.INVALID, "A message needs some text.")
        client_id = clean_client_id(sent.client_id) if sent.client_id else None
        key = self.conversation_key(conversation_id)
        outcome = await self.ask(key, lambda to: ReplyAsOperator(operator, text, to, client_id, origin))
        if isinstance(outcome, Refusal):
            refuse(outcome)
        if not isinstance(outcome, Posted):
            raise plain(HTTPStatus.INTERNAL_SERVER_ERROR)
        status = HTTPStatus.OK if outcome.duplicate else HTTPStatus.CREATED
        self.answer({"message": await self._message(key, outcome)}, status)

    async def _message(self, key: ConversationKey, posted: Posted) -> Json:
        entry = posted.entry
        if entry is None:  # older than what the actor keeps
            (entry,) = await self.services.reading.after(key, posted.seq - 1, 1)
        return entry_json(key.conversation_id, entry, OPERATOR)
