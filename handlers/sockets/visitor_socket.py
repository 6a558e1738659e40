"""`/ws/visitor`: a visitor's widget."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from functools import cached_property, partial
from http import HTTPStatus
from typing import ClassVar, assert_never

from typing_extensions import override

from actors.contact_request import asks_for_contact
from actors.conversation import CLOSE_DELETED
from actors.errors import Code, Refusal
from actors.ids import WorkspaceId
from actors.lead import Captured, InvalidLead, LeadOutcome
from actors.log import ConversationKey, Page
from actors.messages import (
    BrowserNoted,
    Held,
    Outcome,
    Posted,
    PostMessage,
    RequestPerson,
    SetTyping,
    Subscribe,
    Subscribed,
    Unsubscribe,
    VisitPage,
)
from actors.ports import Audience
from actors.speech import IN_ENGLISH, Words, mark
from handlers.access import Access, Who
from handlers.answers import plain
from handlers.leads.leads import INVALID, checked, may_leave_lead
from handlers.origins import is_allowed, is_own
from handlers.ports import Arrival, UnavailableError, Visit, Workspace
from handlers.shapes import Json, agent_json
from handlers.sockets.frames_in import (
    FrameError,
    Hello,
    LeadSubmit,
    MessagePost,
    PageTold,
    PersonRequest,
    Ping,
    Ref,
    TeamAsked,
    VisitorTyping,
    clean,
    clean_client_id,
    decode_visitor,
)
from handlers.sockets.socket_base import NO_HELLO, TOO_FAST, TOO_MANY, UNKNOWN_KEY, BaseSocket
from handlers.sockets.wire import error, lead_ack, message_ack, person_ack, pong, ready, refusal, team_status
from handlers.throttle import Bucket, is_shared
from handlers.widget.languages import negotiated

NOT_SAVED = mark("We could not save that. Try again.")
UNREACHABLE = mark("We cannot reach our database. Try again.")


class VisitorSocket(BaseSocket):
    """From `hello` on it belongs to one conversation."""

    role: ClassVar[Who] = Access.VISITOR

    workspace: Workspace | None = None
    joined: ConversationKey | None = None
    words: Words = IN_ENGLISH

    @override
    async def prepare(self) -> None:
        await super().prepare()
        self.workspace = await self.services.widgets.workspace(self.get_query_argument("key", ""))
        origin = self.request.headers.get("Origin")
        if self.workspace and origin is not None and not self._is_welcome(origin, self.workspace):
            raise plain(HTTPStatus.FORBIDDEN)

    def _is_welcome(self, origin: str, workspace: Workspace) -> bool:
        own = is_own(origin, self.request.host, self.services.config.base_url)
        return own or is_allowed(origin, workspace.allowed_origins)

    @override
    def opened(self) -> None:
        self._user_agent = self.origin.user_agent
        self._accepted = self.request.headers.get("Accept-Language", "")
        self._expect_hello()
        if self.workspace is None:
            self.peer.close(UNKNOWN_KEY, "unknown key")

    @override
    def receive(self, data: str) -> Awaitable[None] | None:
        sent = decode_visitor(data)
        if isinstance(sent, Hello):
            return self._hello(sent)
        if isinstance(sent, Ping):
            self.push(pong(sent.ref))
        elif self.joined is None:
            client_id = sent.client_id if isinstance(sent, MessagePost) else None
            raise FrameError(Code.INVALID, "Say hello first.", ref=sent.ref, client_id=client_id)
        else:
            self._handle(sent, self.joined)
        return None

    def _handle(
        self,
        sent: MessagePost | PageTold | PersonRequest | TeamAsked | VisitorTyping | LeadSubmit,
        key: ConversationKey,
    ) -> None:
        match sent:
            case MessagePost():
                self._post(sent, key)
            case PageTold():
                self._moved(sent.page.page(), key)
            case PersonRequest():
                self._tell(key, RequestPerson(partial(self._noted, sent)))
            case TeamAsked():
                self.push(team_status(self._team_online(key.workspace_id), sent.ref))
            case VisitorTyping():
                self._tell(key, SetTyping(sent.on))
            case LeadSubmit():
                self._submit(sent, key)
            case _:
                assert_never(sent)

    # Hello

    def _expect_hello(self) -> None:
        loop = asyncio.get_running_loop()
        delay_s = self.services.config.limits.hello_s
        self._hello_timer = loop.call_later(delay_s, self.peer.close, NO_HELLO, "no hello")

    async def _hello(self, hello: Hello) -> None:
        if self.joined is not None:
            raise FrameError(Code.INVALID, "You said hello already.", ref=hello.ref)
        if self.workspace is None or not self._may_begin(hello):
            return
        self._hello_timer.cancel()  # it was said; that a busy database takes its time is not their fault
        self._speak(hello, self.workspace)
        visit = await self._visit(self.workspace, hello)
        if self.peer.closed:
            return
        if visit is None:
            self._expect_hello()
        else:
            self._begin(visit, hello)

    def _speak(self, hello: Hello, workspace: Workspace) -> None:
        language = negotiated(hello.language, self._accepted, workspace.language)
        self.words = self.services.speech.words(language)

    def _may_begin(self, hello: Hello) -> bool:
        newcomers = self.services.sockets.connections.new_visitors
        if hello.token or is_shared(self.address) or newcomers.of(self.address).has():
            return True
        self.strike(error(Code.TOO_MANY, self.words.say(TOO_FAST), ref=hello.ref))
        return False

    async def _visit(self, workspace: Workspace, hello: Hello) -> Visit | None:
        page = hello.page.page() if hello.page else Page()
        arrival = Arrival(page, hello.token, self._user_agent, self.words.language, hello.zone)
        try:
            visit = await self.services.widgets.visit(workspace, arrival)
        except UnavailableError:
            self.push(error(Code.UNAVAILABLE, self.words.say(UNREACHABLE), ref=hello.ref))
            return None
        if visit.created:
            self.services.sockets.connections.new_visitors.of(self.address).take()
        return visit

    def _begin(self, visit: Visit, hello: Hello) -> None:
        if not self.services.sockets.connections.by_client.take(visit.key.conversation_id):
            self.peer.close(TOO_MANY, "too many connections")
            return
        self.joined = visit.key
        self._page = hello.page.page() if hello.page else Page()
        if visit.visited:
            self._tell(visit.key, VisitPage(visit.visited))
        if visit.told:
            self._tell(visit.key, visit.told)
        placed = partial(self._placed, visit, hello)
        self._tell(visit.key, BrowserNoted(self.words.language, hello.zone))
        self._tell(visit.key, Subscribe(self.peer, Audience.VISITOR, placed, hello.after))
        self.pulse.join(visit.key)

    def _placed(self, visit: Visit, hello: Hello, outcome: Outcome) -> None:
        """The answer to `hello`; the frames that follow come after it."""
        workspace = self.workspace
        if isinstance(outcome, Subscribed) and workspace is not None:
            online = self._team_online(workspace.id)
            agent = agent_json(workspace.agent, self.words)
            self.push(
                ready(outcome, {"token": visit.token, "agent": agent, "team_online": online}, hello.ref)
            )
            return
        self._leave()
        if isinstance(outcome, Refusal) and outcome.code is Code.NOT_FOUND:  # deleted since we looked it up
            self.services.widgets.gone(visit.key.conversation_id)
            self.peer.close(CLOSE_DELETED, "deleted")
            return
        self._expect_hello()
        if isinstance(outcome, Refusal):
            self.push(self._refusal(outcome, hello.ref))

    def _team_online(self, workspace_id: WorkspaceId) -> bool:
        return self.services.sockets.connections.team_online(workspace_id)

    # What follows it

    def _moved(self, page: Page, key: ConversationKey) -> None:
        self._page = page
        visited = self.services.widgets.moved(key.conversation_id, page)
        if visited:
            self._tell(key, VisitPage(visited))

    @cached_property
    def _posts(self) -> Bucket:
        """Made with the first message: most visitors write none."""
        limits = self.services.config.limits
        return Bucket(limits.post_burst, limits.posts_per_s)

    def _post(self, sent: MessagePost, key: ConversationKey) -> None:
        if not self._posts.take():
            fast = self.words.say(TOO_FAST)
            self.strike(error(Code.TOO_MANY, fast, ref=sent.ref, client_id=sent.client_id))
            return
        self.services.widgets.seen(key.conversation_id)
        posted = partial(self._posted, sent, key)
        self._tell(key, PostMessage(clean(sent.text), clean_client_id(sent.client_id), posted))

    def _posted(self, sent: MessagePost, key: ConversationKey, outcome: Outcome) -> None:
        match outcome:
            case Posted():
                wanted = asks_for_contact(sent.text)
                self.push(message_ack(outcome, key, sent.client_id, sent.ref, lead_form=wanted))
            case Refusal(code=Code.UNAVAILABLE):
                not_saved = self.words.say(NOT_SAVED)
                self.push(error(outcome.code, not_saved, ref=sent.ref, client_id=sent.client_id))
            case Refusal():
                self.push(self._refusal(outcome, sent.ref, sent.client_id))
            case _:
                raise TypeError(f"a message was answered with {type(outcome).__name__}")

    def _noted(self, sent: PersonRequest, outcome: Outcome) -> None:
        if isinstance(outcome, Held):
            self.push(person_ack(outcome, sent.ref))
        elif isinstance(outcome, Refusal):
            self.push(self._refusal(outcome, sent.ref))

    def _submit(self, sent: LeadSubmit, key: ConversationKey) -> None:
        workspace = self.workspace
        if workspace is None:
            return
        submission = checked(sent, workspace, self._page, self.words)
        if isinstance(submission, InvalidLead):
            self.strike(error(Code.INVALID, self.words.say(INVALID), ref=sent.ref, fields=submission.fields))
        elif not may_leave_lead(self.services.sockets.connections.leads, self.address, key.conversation_id):
            self.strike(error(Code.TOO_MANY, self.words.say(TOO_FAST), ref=sent.ref))
        else:
            captured = partial(self._captured, sent)
            self.services.directory.workspace(key.workspace_id).tell(submission.command(key, captured))

    def _captured(self, sent: LeadSubmit, outcome: LeadOutcome) -> None:
        if isinstance(outcome, Captured):
            self.push(lead_ack(outcome, sent.ref))
        else:
            self.push(self._refusal(outcome, sent.ref))

    def _refusal(self, refused: Refusal, ref: Ref, client_id: str | None = None) -> Json:
        said = replace(refused, message=self.words.say(refused.message))
        return refusal(said, ref=ref, client_id=client_id)

    def _tell(self, key: ConversationKey, message: object) -> None:
        self.services.directory.conversation(key).tell(message)

    @override
    def gone(self) -> None:
        self._hello_timer.cancel()
        if self.joined is not None:
            self._tell(self.joined, Unsubscribe(self.peer))
        self._leave()

    def _leave(self) -> None:
        """Forget the conversation."""
        if self.joined is not None:
            self.services.sockets.connections.by_client.free(self.joined.conversation_id)
            self.pulse.leave(self.joined)
            self.joined = None
