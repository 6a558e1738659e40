"""What all HTTP handlers have in common: who may come in, how answers and errors look."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from http import HTTPStatus
from types import TracebackType
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

from pykka import ActorDeadError
from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError, RequestHandler
from typing_extensions import override

from actors.ids import ConversationId, WorkspaceId
from actors.log import ConversationKey, Origin
from actors.messages import Outcome, ReplyTo
from actors.runtime import ask
from handlers.access import Access, Verdict, Who, verdict
from handlers.account.me import me_json
from handlers.answers import HttpError, as_http, error_json, plain
from handlers.client_ip import client_ip
from handlers.ports import Member, Services, Session, UnavailableError
from handlers.shapes import Json, instant
from handlers.sockets.frames_in import decode_body
from handlers.sockets.wire import to_json

T = TypeVar("T")

SESSION_COOKIE = "baton_session"
WORKSPACE_COOKIE = "baton_workspace"
MAX_USER_AGENT_CHARACTERS = 300
_PASSING = {HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
"""What may be different at the next try."""

_CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'"

_log = logging.getLogger(__name__)


class BaseHandler(RequestHandler):
    """A handler names in `role` who may use it; `html` is set where people come with a browser.

    `by_method` names who may use its methods, where that differs. `framed_by_us` lets our own pages frame it;
    nobody else's ever may.
    """

    role: ClassVar[Who]
    by_method: ClassVar[Mapping[str, Who]] = {}
    framed_by_us: ClassVar[bool] = False
    html: ClassVar[bool] = False

    _read_json = False  # set where it is so: an attribute more would cost each open socket 1.3 kB

    @override
    def initialize(self, services: Services) -> None:
        self.services = services
        self.session: Session | None = None

    @cached_property
    def request_id(self) -> str:
        """What an error page and the log call this request."""
        return secrets.token_hex(6)

    @override
    def set_default_headers(self) -> None:
        self.set_header("Server", "Baton")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("Referrer-Policy", "strict-origin-when-cross-origin")
        self.set_header("Content-Security-Policy", _CLOSED_POLICY)
        self.set_header("Cache-Control", "no-store")

    @override
    def compute_etag(self) -> str | None:
        return None  # what changes with every answer is never asked for again by its hash

    @override
    async def prepare(self) -> None:
        if not await self._leads_to_setup():
            await self.admit()

    async def _leads_to_setup(self) -> bool:
        """On the first run every page leads to the one that makes the first user."""
        is_page = self.html and self.request.method in {"GET", "HEAD"} and not self.wants_json
        with suppress(UnavailableError):
            if is_page and await self.services.people.setup.needed():
                self.redirect("/setup")
                return True
        return False

    async def admit(self) -> None:
        """Let in who may come in; others learn why not. Raises HttpError."""
        if self.role not in {Access.PUBLIC, Access.VISITOR}:
            await self.load_session()
        decided = verdict(self.by_method.get(self.request.method or "", self.role), self.session)
        if decided is Verdict.NOT_SIGNED_IN:
            raise plain(HTTPStatus.UNAUTHORIZED)
        self.check_forgery()
        if decided is Verdict.WRONG_ROLE:
            raise plain(HTTPStatus.FORBIDDEN)

    def check_forgery(self) -> None:
        """Ask for the XSRF token where a cookie alone would change something. Raises HttpError."""
        reads = self.request.method in {"GET", "HEAD", "OPTIONS"}
        if reads or self.role in {Access.PUBLIC, Access.VISITOR}:
            return
        self.require_xsrf_token()

    def require_xsrf_token(self) -> None:
        """Compare the token in the header or form with the one in the cookie. Raises HttpError."""
        try:
            self.check_xsrf_cookie()
        except HTTPError as error:
            message = "The XSRF token is missing or old. Load the page again."
            raise HttpError(HTTPStatus.FORBIDDEN, "forbidden", message) from error

    async def load_session(self) -> Session | None:
        """Find out who this is, if anybody."""
        if token := self.get_cookie(SESSION_COOKIE):
            self.session = await self.services.gate.session(token, self.wanted_workspace)
        return self.session

    @property
    def wanted_workspace(self) -> WorkspaceId | None:
        """Where the browser says that its user works; it may say anything."""
        workspace_id = self.get_cookie(WORKSPACE_COOKIE)
        return WorkspaceId(workspace_id) if workspace_id else None

    @property
    def member(self) -> Member:
        """Who acts, and where. Only on routes for a role."""
        session = self.session
        if session is None or session.membership is None:
            raise plain(HTTPStatus.FORBIDDEN)
        place = session.membership
        return Member(session.id, session.account, place.workspace, place.role)

    @property
    def origin(self) -> Origin:
        """Where the request came from, for the audit log."""
        agent = self.request.headers.get("User-Agent", "")[:MAX_USER_AGENT_CHARACTERS]
        return Origin(ip=self.client_ip, user_agent=agent)

    @property
    def client_ip(self) -> str:
        """The client's address, behind proxies of ours too."""
        return address_of(self.request, self.services)

    def conversation_key(self, conversation_id: str) -> ConversationKey:
        """A conversation of the member's own workspace; there is no way to name another's."""
        return ConversationKey(self.member.workspace.id, ConversationId(conversation_id))

    async def ask(self, key: ConversationKey, command: Callable[[ReplyTo], object]) -> Outcome:
        """Tell a conversation a command and wait for what was decided. No answer in time answers 503."""
        try:
            ref = self.services.directory.conversation(key)
            return await ask(ref.tell, command, self.services.config.limits.ask_s)
        except (TimeoutError, ActorDeadError) as error:
            raise plain(HTTPStatus.SERVICE_UNAVAILABLE) from error

    def body(self, shape: type[T]) -> T:
        """The JSON body. Raises FrameError, which answers 422."""
        self._read_json = True
        return decode_body(self.request.body, shape)

    def keep_cookie(self, name: str, value: str, days: int | None) -> None:
        """Set a cookie that no script reads and no other site sends. None days: until the browser closes."""
        secure = self.services.config.base_url.startswith("https:")
        self.set_cookie(  # pyright: ignore[reportUnknownMemberType] - its `expires` may be a bare tuple
            name, value, expires_days=days, httponly=True, samesite="Lax", secure=secure
        )

    @property
    def wants_json(self) -> bool:
        """Whether the answer is to be JSON."""
        return not self.html or "application/json" in self.request.headers.get("Accept", "")

    @property
    def by_json(self) -> bool:
        """Whether the body is JSON."""
        content_type = self.request.headers.get("Content-Type", "")
        return content_type.partition(";")[0].strip().lower() == "application/json"

    @property
    def answers_json(self) -> bool:
        """Whether whoever sent this wants JSON back: no browser by itself sends any."""
        return self._read_json or self.by_json or self.wants_json

    def answer(self, shape: Json, status: int = HTTPStatus.OK) -> None:
        """Answer with JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        if self.html:
            self.set_header("Vary", "Accept")
        self.send(to_json(shape))

    def page(self, name: str, answer_status: int = HTTPStatus.OK, **variables: object) -> None:
        """Answer with a page. Sets the XSRF cookie that the page's scripts echo."""
        nonce = secrets.token_urlsafe(16)
        html = self.services.pages.render(
            name, {"xsrf_token": self.xsrf_token.decode(), "csp_nonce": nonce, **variables}
        )
        self.set_status(answer_status)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        framing = "'self'" if self.framed_by_us else "'none'"
        self.set_header("Content-Security-Policy", _page_policy(nonce, self.request.host, framing))
        if self.framed_by_us:
            self.set_header("X-Frame-Options", "SAMEORIGIN")
        self.set_header("Vary", "Accept")
        self.send(html.encode())

    def send(self, body: bytes) -> None:
        """Answer with bytes."""
        self.finish(body)  # pyright: ignore[reportUnknownMemberType] - Tornado takes a bare dict too

    @override
    def write_error(self, status_code: int, **kwargs: Any) -> None:
        exc_info: tuple[type[BaseException], BaseException, TracebackType] | None = kwargs.get("exc_info")
        error = as_http(exc_info[1] if exc_info else None, status_code)
        self.set_status(error.status)
        if error.retry_after_s is not None:
            self.set_header("Retry-After", str(max(1, round(error.retry_after_s))))
        if self.answers_json:
            self.answer(error_json(error), error.status)
        else:
            self.error_page(error)

    def error_page(self, error: HttpError) -> None:
        """Say to people what went wrong; who is not signed in is led to where they can."""
        asks_to_sign_in = error.status == HTTPStatus.UNAUTHORIZED and self.request.method in {"GET", "HEAD"}
        if asks_to_sign_in:
            self.redirect(f"/login?next={quote(self.request.uri or '/', safe='')}")
            return
        me = me_json(self.member) if self.session and self.session.membership else None
        now = instant(self.services.clock.now())
        reads = self.request.method in {"GET", "HEAD"}
        passes = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status in _PASSING
        self.page(
            "error.html",
            error.status,
            status=error.status,
            me=me,
            # What only the database knows is left out: it may be what fails. Letters alone do nothing then.
            page_data={
                "page": "error",
                "now": now,
                "me": me,
                "list": {},
                "open": None,
                "waiting": [],
                "keyboard": {"keys": {}, "single": False},
            },
            again=self.request.uri if reads and passes else None,
            request_id=self.request_id,
        )

    @override
    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        expected = as_http(value, HTTPStatus.INTERNAL_SERVER_ERROR).status != HTTPStatus.INTERNAL_SERVER_ERROR
        if expected or isinstance(value, HTTPError):
            _log.debug("%s %s: %s", self.request.method, shown_path(self.request.path), value)
        else:
            _log.error(
                "%s %s failed (request %s)",
                self.request.method,
                shown_path(self.request.path),
                self.request_id,
                exc_info=value,
            )


def shown_path(path: str) -> str:
    """A path as logs may have it: the token of a link in a mail is left out."""
    folder = next((each for each in ("/invite/", "/reset/") if path.startswith(each)), None)
    return f"{folder}…" if folder else path


def address_of(request: HTTPServerRequest, services: Services) -> str:
    """The client's address, as far as it can be believed."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_ip(request.remote_ip or "", forwarded, services.config.trusted_proxies)


def _page_policy(nonce: str, host: str, framing: str) -> str:
    """No inline script or style. The socket's address is named for browsers in which 'self' leaves it out."""
    plain_host = host if all(character.isalnum() or character in ".-:[]" for character in host) else "'self'"
    sockets = f"ws://{plain_host} wss://{plain_host}" if plain_host == host else ""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
        f"img-src 'self' data: https:; connect-src 'self' {sockets}; object-src 'none'; "
        f"base-uri 'none'; form-action 'self'; frame-ancestors {framing}"
    )
