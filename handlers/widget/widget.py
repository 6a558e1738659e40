"""The widget's HTTP: its loader, and the one request that the loader makes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta
from typing_extensions import override

from actors.errors import Code, Refusal
from actors.log import Page, Person
from actors.messages import Held, Look, VisitPage
from actors.ports import Audience
from handlers.access import Access, Who
from handlers.answers import HttpError, plain, refuse
from handlers.base import BaseHandler
from handlers.files import send_asset
from handlers.origins import ANY, is_allowed, is_own
from handlers.ports import Arrival, Services, Visit, Workspace
from handlers.shapes import Json, agent_json, appearance_json, form_json, holder_or_none, rule_json
from handlers.sockets.frames_in import PageFrame, Tag
from handlers.throttle import is_shared
from handlers.widget.identity import UserFrame, is_person_token, judged
from handlers.widget.languages import negotiated

LOADER = "widget/loader.js"
PANEL = "widget/panel.{language}.js"
LOADER_CACHED = "public, max-age=300"
PREFLIGHT_CACHED_S = 600
_NEW: Json = {"seq": 0, "holder": None}


class Boot(msgspec.Struct, frozen=True):
    """What the loader says.

    `token` is of an earlier visit, `language` what the page is written in, `user` what it told `identify()`.
    """

    token: Annotated[str, Meta(max_length=512)] | None = None
    page: PageFrame | None = None
    language: Tag = ""
    user: UserFrame | None = None


class LoaderHandler(BaseHandler):
    """`GET /widget.js`."""

    role: ClassVar[Who] = Access.PUBLIC

    def get(self) -> None:
        """The loader. Sites carry its address for ever, so it is cached for minutes only."""
        asset = self.services.assets.find(LOADER)
        if asset is None:
            raise plain(HTTPStatus.NOT_FOUND)
        send_asset(self, asset, LOADER_CACHED)

    head = get


class WidgetHandler(BaseHandler):
    """A route that pages of other sites call, of those sites that the workspace allows."""

    role: ClassVar[Who] = Access.VISITOR

    workspace: Workspace

    @override
    async def prepare(self) -> None:
        await super().prepare()
        self.workspace = await self._workspace(self.path_kwargs["key"])
        origin = self.request.headers.get("Origin")
        if origin is not None:
            self._allow(origin)

    async def _workspace(self, key: str) -> Workspace:
        workspace = await self.services.widgets.workspace(key)
        if workspace is None:
            raise HttpError(HTTPStatus.NOT_FOUND, "not_found", "There is no such widget.")
        return workspace

    def _allow(self, origin: str) -> None:
        allowed = self.workspace.allowed_origins
        own = is_own(origin, self.request.host, self.services.config.base_url)
        if not own and not is_allowed(origin, allowed):
            raise HttpError(HTTPStatus.FORBIDDEN, "forbidden", "The widget may not run on this site.")
        self.set_header("Access-Control-Allow-Origin", ANY if ANY in allowed else origin)
        self.set_header("Vary", "Origin")

    def language(self, wanted: str) -> str:
        """What to speak: as the page wants, else as the browser, else as the workspace."""
        accepted = self.request.headers.get("Accept-Language", "")
        return negotiated(wanted, accepted, self.workspace.language)

    async def visit(
        self, token: str | None, page: Page, language: str, person: Person | None = None, proof: str = ""
    ) -> Visit:
        """Bring a visitor back, or make a new one. Raises HttpError when too many new ones come from here."""
        newcomers = self.services.sockets.connections.new_visitors
        if not is_shared(self.client_ip) and not newcomers.of(self.client_ip).has():
            raise plain(HTTPStatus.TOO_MANY_REQUESTS)
        agent = self.origin.user_agent
        arrival = Arrival(page, token, agent, language, person=person, proof=proof)
        visit = await self.services.widgets.visit(self.workspace, arrival)
        if visit.created:
            newcomers.of(self.client_ip).take()
        return visit

    def options(self, key: str) -> None:
        """Say what a page of another site may send."""
        del key
        self.set_header("Access-Control-Allow-Methods", "POST")
        self.set_header("Access-Control-Allow-Headers", "Content-Type")
        self.set_header("Access-Control-Max-Age", str(PREFLIGHT_CACHED_S))
        self.set_status(HTTPStatus.NO_CONTENT)


class BootHandler(WidgetHandler):
    """`POST /widget/{key}/boot`."""

    async def post(self, key: str) -> None:
        """Record the visit, and say where it stands."""
        del key
        sent = self.body(Boot)
        page = sent.page.page() if sent.page else Page()
        language = self.language(sent.language)
        user, token = sent.user, sent.token
        said = judged(user, self.workspace.identity, self.services.clock.now())
        refused, person = (said, None) if isinstance(said, str) else (None, said)
        if refused and is_person_token(token):
            token = None  # whoever this is, it is not known to be the person who was here
        proof = (user.hash if user and person and person.verified else None) or ""
        visit = await self.visit(token, page, language, person, proof)
        standing = await self._standing(visit)
        if standing is None:  # deleted since we looked it up
            self.services.widgets.gone(visit.key.conversation_id)
            visit = await self.visit(token, page, language, person, proof)
            standing = await self._standing(visit)
        if visit.visited:
            self.services.directory.conversation(visit.key).tell(VisitPage(visit.visited))
        if visit.told:
            self.services.directory.conversation(visit.key).tell(visit.told)
        self.services.analytics.loaded(visit.key)
        welcome = self._welcome(visit, standing or _NEW, language)
        self.answer({**welcome, "refused": refused} if refused else welcome)

    async def _standing(self, visit: Visit) -> Json | None:
        """Where the conversation is; None when it is no more. Raises HttpError."""
        if visit.created:
            return _NEW
        outcome = await self.ask(visit.key, Look)
        if isinstance(outcome, Refusal):
            if outcome.code is Code.NOT_FOUND:
                return None
            refuse(outcome)
        if not isinstance(outcome, Held):
            raise plain(HTTPStatus.INTERNAL_SERVER_ERROR)
        holder = holder_or_none(outcome.standing.holder, Audience.VISITOR)
        return {"seq": outcome.standing.seq, "holder": holder}

    def _welcome(self, visit: Visit, standing: Json, language: str) -> Json:
        return {
            "token": visit.token,
            "conversation_id": visit.key.conversation_id,
            **standing,
            "team_online": self.services.sockets.connections.team_online(self.workspace.id),
            **widget_json(self.workspace, language, self.services),
        }


def widget_json(workspace: Workspace, language: str, services: Services) -> Json:
    """What every visitor's browser is told of a workspace's widget."""
    words, assets = services.speech.words(language), services.assets
    return {
        "agent": agent_json(workspace.agent, words),
        "lead_form": form_json(workspace.lead_form, words),
        "rules": [rule_json(rule) for rule in workspace.rules if rule.asks],
        "appearance": appearance_json(workspace.appearance, words),
        "panel": assets.url(PANEL.format(language=language)),
        "language": language,
        "words": dict(services.speech.launcher(language)),
    }
