"""`/ws/operator`: an operator's console."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from functools import partial
from http import HTTPStatus
from typing import ClassVar, assert_never

from typing_extensions import override

from actors.errors import Code, Refusal
from actors.log import ConversationKey
from actors.messages import (
    Joined,
    JoinWorkspace,
    LeaveWorkspace,
    Outcome,
    SetTyping,
    Subscribe,
    Subscribed,
    Unsubscribe,
)
from actors.ports import Audience
from actors.roles import Action, Role, may
from handlers.access import Who
from handlers.answers import NO_SUCH_CONVERSATION, plain
from handlers.base import SESSION_COOKIE
from handlers.origins import is_own
from handlers.ports import Member, Session, UnavailableError
from handlers.sockets.frames_in import (
    FrameError,
    OperatorFrame,
    OperatorTyping,
    Ping,
    SubscribeFrame,
    UnsubscribeFrame,
    conversation_of,
    decode_operator,
)
from handlers.sockets.recent_sessions import FRESH_S
from handlers.sockets.socket_base import NOT_SIGNED_IN, TOO_MANY, BaseSocket
from handlers.sockets.wire import error, joined, pong, refusal, subscribed, unsubscribed

MOST_CHANNELS = 50


class OperatorSocket(BaseSocket):
    """Belongs to a session, and stays inside that session's workspace."""

    role: ClassVar[Who] = Role.VIEWER

    _member: Member | None = None

    @override
    async def prepare(self) -> None:
        """Refuse foreign pages. Who is not signed in learns it by a close code, which a script can read."""
        origin = self.request.headers.get("Origin")
        if origin is not None and not is_own(origin, self.request.host, self.services.config.base_url):
            raise plain(HTTPStatus.FORBIDDEN)
        session = await self._session()
        self._member = self.member if session and session.membership else None

    async def _session(self) -> Session | None:
        recent = self.services.sockets.connections.recent_sessions
        token, wanted, changes = self.get_cookie(SESSION_COOKIE) or "", self.wanted_workspace, recent.changes
        self.session = recent.get(token, wanted)
        if self.session is None and (session := await self.load_session()):
            recent.keep(token, wanted, session, changes)
        return self.session

    @override
    def opened(self) -> None:
        self._token = self.get_cookie(SESSION_COOKIE) or ""
        self._checked_at = time.monotonic()
        self._wanted: set[ConversationKey] = set()
        self._in_workspace = False
        self._slot = ""
        if self._member is None:
            self.dismiss()
        elif not self.services.sockets.connections.by_client.take(self._member.session_id):
            self.peer.close(TOO_MANY, "too many connections")
        else:
            self._slot = self._member.session_id
            self.services.sockets.connections.add_operator(self)

    @property
    @override
    def member(self) -> Member:
        return self._member or super().member

    # The session

    async def recheck(self) -> None:
        """See whether the session and the role still stand. Raises UnavailableError."""
        known = self._member
        if known is None or self.peer.closed:
            return
        session = await self.services.gate.session(self._token, known.workspace.id)
        place = session.membership if session else None
        if session is None or place is None or place.workspace.id != known.workspace.id:
            self.dismiss()
            return
        self._checked_at = time.monotonic()
        self._member = Member(session.id, session.account, place.workspace, place.role)

    def dismiss(self) -> None:
        """Nothing more goes to this socket."""
        self._leave_all()
        self.peer.close(NOT_SIGNED_IN, "not signed in")

    # Frames

    @override
    def receive(self, data: str) -> Awaitable[None] | None:
        sent = decode_operator(data)
        if time.monotonic() - self._checked_at > FRESH_S:
            return self._handle_checked(sent)
        self._handle_now(sent)
        return None

    async def _handle_checked(self, sent: OperatorFrame) -> None:
        try:
            await self.recheck()
        except UnavailableError:
            raise FrameError(Code.UNAVAILABLE, "Our database is away. Try again.", ref=sent.ref) from None
        self._handle_now(sent)

    def _handle_now(self, sent: OperatorFrame) -> None:
        if self._member is not None and not self.peer.closed:
            self._handle(sent, self._member)

    def _handle(self, sent: OperatorFrame, member: Member) -> None:
        match sent:
            case Ping():
                self.push(pong(sent.ref))
            case SubscribeFrame(channel="workspace"):
                self._join(sent, member)
            case UnsubscribeFrame(channel="workspace"):
                self._leave_workspace(member)
                self.push(unsubscribed(sent.channel, sent.ref))
            case SubscribeFrame():
                self._subscribe(sent, self._key(sent, member), member)
            case UnsubscribeFrame():
                self._unsubscribe(self._key(sent, member))
                self.push(unsubscribed(sent.channel, sent.ref))
            case OperatorTyping():
                self._type(sent, self._key(sent, member), member)
            case _:
                assert_never(sent)

    def _key(
        self, sent: SubscribeFrame | UnsubscribeFrame | OperatorTyping, member: Member
    ) -> ConversationKey:
        """The conversation meant, in the member's own workspace whatever was sent."""
        conversation_id = conversation_of(sent.channel)
        if conversation_id is None:
            raise FrameError(Code.NOT_FOUND, NO_SUCH_CONVERSATION, ref=sent.ref)
        return ConversationKey(member.workspace.id, conversation_id)

    def _join(self, sent: SubscribeFrame, member: Member) -> None:
        self._in_workspace = True

        def answer(outcome: Joined) -> None:
            self.push(joined(outcome, self.services.assets.hash, sent.ref))

        workspace = self.services.directory.workspace(member.workspace.id)
        workspace.tell(JoinWorkspace(self.peer, member.operator, answer))

    def _subscribe(self, sent: SubscribeFrame, key: ConversationKey, member: Member) -> None:
        if len(self._wanted) >= MOST_CHANNELS and key not in self._wanted:
            raise FrameError(Code.TOO_MANY, "Too many conversations at once.", ref=sent.ref)
        self._wanted.add(key)
        placed = partial(self._placed, sent, key)
        request = Subscribe(self.peer, Audience.OPERATOR, placed, sent.after, member.operator)
        self.services.directory.conversation(key).tell(request)

    def _placed(self, sent: SubscribeFrame, key: ConversationKey, outcome: Outcome) -> None:
        if isinstance(outcome, Subscribed) and key in self._wanted:
            self.pulse.join(key)
            self.push(subscribed(outcome, sent.ref))
        elif isinstance(outcome, Subscribed):
            self._tell_unsubscribe(key)
        elif isinstance(outcome, Refusal):
            self._wanted.discard(key)
            self.push(_refused(outcome, sent))

    def _unsubscribe(self, key: ConversationKey) -> None:
        if key in self._wanted:
            self._wanted.discard(key)
            self.pulse.leave(key)
            self._tell_unsubscribe(key)

    def _type(self, sent: OperatorTyping, key: ConversationKey, member: Member) -> None:
        if not may(member.role, Action.CLAIM):
            raise FrameError(Code.FORBIDDEN, "You may look, not answer.", ref=sent.ref)
        if key not in self._wanted:
            raise FrameError(Code.NOT_FOUND, NO_SUCH_CONVERSATION, ref=sent.ref)
        self.services.directory.conversation(key).tell(SetTyping(sent.on, member.operator))

    # Leaving

    def _tell_unsubscribe(self, key: ConversationKey) -> None:
        self.services.directory.conversation(key).tell(Unsubscribe(self.peer))

    def _leave_workspace(self, member: Member) -> None:
        if self._in_workspace:
            self._in_workspace = False
            self.services.directory.workspace(member.workspace.id).tell(LeaveWorkspace(self.peer))

    def _leave_all(self) -> None:
        for key in tuple(self._wanted):
            self._unsubscribe(key)
        if self._member is not None:
            self._leave_workspace(self._member)

    @override
    def gone(self) -> None:
        connections = self.services.sockets.connections
        connections.drop_operator(self)
        if self._slot:
            connections.by_client.free(self._slot)
        self._leave_all()


def _refused(outcome: Refusal, sent: SubscribeFrame) -> dict[str, object]:
    if outcome.code is Code.NOT_FOUND:
        return error(Code.NOT_FOUND, NO_SUCH_CONVERSATION, ref=sent.ref)
    return refusal(outcome, ref=sent.ref)
