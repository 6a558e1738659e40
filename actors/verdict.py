"""What a command means for a log: the entries it adds, and the answer its sender gets. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from actors.errors import Code, Refusal
from actors.log import Author, Entry, EntryType, Speaker
from actors.messages import (
    ClaimConversation,
    Held,
    Posted,
    PostMessage,
    ReleaseConversation,
    ReplyAsOperator,
    RequestPerson,
)
from actors.person_request import asks_for_person
from actors.roles import Action, may

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from actors.ids import ClientId
    from actors.log import Conversation, Standing
    from actors.messages import Command, Operator, Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outcome` holds once `entries` are durable; without entries, once everything before it is."""

    outcome: Outcome
    entries: tuple[Entry, ...] = ()


class Judge:
    """Decides commands against one standing of one conversation, at one instant.

    Args:
        conversation: what the commands are about.
        standing: what the log adds up to, entries not yet written included.
        posted: seq of every message by its client id.
        now: the instant that new entries carry.
        new_id: makes write ids.
    """

    def __init__(
        self,
        conversation: Conversation,
        standing: Standing,
        posted: Mapping[ClientId, int],
        now: datetime,
        new_id: Callable[[], str],
    ) -> None:
        self._conversation = conversation
        self._standing = standing
        self._posted = posted
        self._now = now
        self._new_id = new_id

    def judge(self, command: Command) -> Verdict:
        """The verdict on one command."""
        match command:
            case PostMessage():
                return self._post(command)
            case RequestPerson():
                return self._request_person()
            case ClaimConversation():
                return self._claim(command)
            case ReleaseConversation():
                return self._release(command)
            case ReplyAsOperator():
                return self._reply(command)
            case _:
                assert_never(command)

    def _post(self, command: PostMessage) -> Verdict:
        if (seq := self._posted.get(command.client_id)) is not None:
            return Verdict(Posted(seq, None, duplicate=True))
        message = self._message(self._next(), Speaker.VISITOR, command.text, self._visitor, command.client_id)
        entries = (message,)
        if self._wants_person(command.text):
            entries = (message, self._waiting(self._next(2)))
        return Verdict(Posted(message.seq, message), entries)

    def _wants_person(self, text: str) -> bool:
        free = self._standing.holder is None and self._standing.waiting_since is None
        return free and asks_for_person(text)

    def _request_person(self) -> Verdict:
        if self._standing.holder is not None or self._standing.waiting_since is not None:
            return self._as_it_is()
        return self._held(self._waiting(self._next()))

    def _claim(self, command: ClaimConversation) -> Verdict:
        operator, holder = command.operator, self._standing.holder
        if not may(operator.role, Action.CLAIM):
            return Verdict(Refusal(Code.FORBIDDEN, "Viewers can't take conversations over."))
        if holder is not None and holder.user_id == operator.user_id:
            return self._as_it_is()
        if holder is not None and not command.force:
            return self._already_claimed()
        if holder is not None and not may(operator.role, Action.TAKE):
            return Verdict(Refusal(Code.FORBIDDEN, f"Only an admin can take it from {holder.name}.", holder))
        return self._held(self._claimed(operator, command))

    def _release(self, command: ReleaseConversation) -> Verdict:
        operator, holder = command.operator, self._standing.holder
        if not may(operator.role, Action.CLAIM):
            return Verdict(Refusal(Code.FORBIDDEN, "Viewers can't hand conversations back."))
        if holder is None:
            return Verdict(Refusal(Code.NOT_CLAIMED, "The bot already has this conversation."))
        if holder.user_id != operator.user_id and not may(operator.role, Action.TAKE):
            return Verdict(
                Refusal(Code.NOT_HOLDER, f"{holder.name} has this; an admin can hand it back.", holder)
            )
        entry = Entry(
            self._next(),
            EntryType.RELEASED,
            self._now,
            self._new_id(),
            author=_author(operator),
            note=command.note,
            origin=command.origin,
        )
        return self._held(entry)

    def _reply(self, command: ReplyAsOperator) -> Verdict:
        operator, holder = command.operator, self._standing.holder
        if not may(operator.role, Action.CLAIM):
            return Verdict(Refusal(Code.FORBIDDEN, "Viewers can't answer visitors."))
        if command.client_id is not None and command.client_id in self._posted:
            return Verdict(Posted(self._posted[command.client_id], None, duplicate=True))
        if holder is not None and holder.user_id != operator.user_id:
            return self._already_claimed()
        claim = () if holder is not None else (self._claimed(operator, command),)
        message = self._message(
            self._next(len(claim) + 1),
            Speaker.HUMAN,
            command.text,
            _author(operator),
            command.client_id,
        )
        return Verdict(Posted(message.seq, message), (*claim, message))

    def _already_claimed(self) -> Verdict:
        holder = self._standing.holder
        name = holder.name if holder else ""
        return Verdict(Refusal(Code.ALREADY_CLAIMED, f"{name} has this conversation.", holder))

    def _as_it_is(self) -> Verdict:
        return Verdict(Held(self._conversation, self._standing))

    def _held(self, entry: Entry) -> Verdict:
        return Verdict(Held(self._conversation, self._standing.after(entry)), (entry,))

    def _next(self, ahead: int = 1) -> int:
        return self._standing.seq + ahead

    @property
    def _visitor(self) -> Author:
        return Author(self._conversation.visitor_id, self._conversation.visitor_name)

    def _message(
        self, seq: int, role: Speaker, text: str, author: Author, client_id: ClientId | None
    ) -> Entry:
        return Entry(
            seq,
            EntryType.MESSAGE,
            self._now,
            self._new_id(),
            role=role,
            text=text,
            author=author,
            client_id=client_id,
        )

    def _waiting(self, seq: int) -> Entry:
        return Entry(seq, EntryType.WAITING, self._now, self._new_id(), author=self._visitor)

    def _claimed(self, operator: Operator, command: ClaimConversation | ReplyAsOperator) -> Entry:
        holder = self._standing.holder
        return Entry(
            self._next(),
            EntryType.CLAIMED,
            self._now,
            self._new_id(),
            author=_author(operator),
            taken_from=Author(holder.user_id, holder.name) if holder else None,
            origin=command.origin,
        )


def _author(operator: Operator) -> Author:
    return Author(operator.user_id, operator.name)
