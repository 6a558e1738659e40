"""`/app/settings`: the site, its agent, and its widget."""

from __future__ import annotations

from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from actors.roles import Action
from actors.speech import LANGUAGES
from handlers.access import Who
from handlers.answers import HttpError
from handlers.base import BaseHandler
from handlers.conversations.conversations import ConsoleHandler
from handlers.doors.people_ports import Doer
from handlers.management.management_ports import AgentFailedError, TooManyTriesError, Turn, WorkspaceSettings
from handlers.management.settings_fields import SettingsFields
from handlers.shapes import Json, agent_json


class BaseSettings(ConsoleHandler):
    """What pages of settings have in common."""

    role: ClassVar[Who] = Action.MANAGE

    @property
    def doer(self) -> Doer:
        """Whoever asks, in the workspace they work in."""
        member = self.member
        return Doer(member.account.user_id, member.workspace.id, self.origin)

    async def show(self, template: str, page: str) -> None:
        """The settings, as a page or as JSON."""
        settings = await self.services.management.settings.read(self.member.workspace.id)
        shown: Json = {"settings": settings_json(settings)}
        if self.wants_json:
            self.answer(shown)
        else:
            await self.console(template, page, shown, None, languages=LANGUAGES.items())


class SettingsHandler(BaseHandler):
    """`GET /app/settings`."""

    role: ClassVar[Who] = Action.MANAGE
    html: ClassVar[bool] = True

    def get(self) -> None:
        """On to the first of them."""
        self.redirect("/app/settings/system")


class SystemHandler(BaseSettings):
    """`/app/settings/system`."""

    async def get(self) -> None:
        """The page."""
        await self.show("settings/system.html", "system")

    async def post(self) -> None:
        """Change the site's title."""
        fields = SettingsFields(self.body(dict[str, object]))
        title = fields.line("site_title", "the title of your site")
        fields.done()
        saved = await self.services.management.settings.change(
            self.doer, "system", lambda settings: replace(settings, site_title=title)
        )
        self.answer({"settings": settings_json(saved)})


class AgentHandler(BaseSettings):
    """`/app/settings/agent`."""

    async def get(self) -> None:
        """The page."""
        await self.show("settings/agent.html", "agent")

    async def post(self) -> None:
        """Change how the agent presents itself."""
        fields = SettingsFields(self.body(dict[str, object]))
        agent = fields.agent()
        fields.done()
        saved = await self.services.management.settings.change(
            self.doer, "agent", lambda settings: replace(settings, agent=agent)
        )
        self.answer({"settings": settings_json(saved)})


class AppearanceHandler(BaseSettings):
    """`/app/settings/appearance`."""

    async def get(self) -> None:
        """The page."""
        await self.show("settings/appearance.html", "appearance")

    async def post(self) -> None:
        """Change how the widget looks, and what it speaks when nothing else says."""
        fields = SettingsFields(self.body(dict[str, object]))
        appearance, language = fields.appearance(), fields.language()
        fields.done()
        saved = await self.services.management.settings.change(
            self.doer,
            "appearance",
            lambda settings: replace(settings, appearance=appearance, language=language),
        )
        self.answer({"settings": settings_json(saved)})


class TurnFrame(msgspec.Struct, frozen=True):
    """Something that was said while trying the agent out."""

    by: Literal["visitor", "agent"]
    text: Annotated[str, Meta(min_length=1, max_length=8000)]


class Trial(msgspec.Struct, frozen=True):
    """What was said, the question last."""

    turns: Annotated[list[TurnFrame], Meta(min_length=1, max_length=20)]


class TryHandler(BaseHandler):
    """`POST /app/settings/agent/try`."""

    role: ClassVar[Who] = Action.MANAGE

    async def post(self) -> None:
        """What the agent would answer; nothing of it is kept."""
        turns = tuple(Turn(each.by == "visitor", each.text) for each in self.body(Trial).turns)
        if not turns[-1].by_visitor or not turns[-1].text.strip():
            message = "Write a question first."
            raise HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message, fields={"text": message})
        try:
            tried = await self.services.management.tryout.answer(self.member.workspace.id, turns)
        except TooManyTriesError as error:
            message = "That were many questions. Wait a minute, then try the next."
            raise HttpError(HTTPStatus.TOO_MANY_REQUESTS, "too_many", message) from error
        except AgentFailedError as error:
            message = "The agent could not answer just now. The server's log says why."
            raise HttpError(HTTPStatus.BAD_GATEWAY, "failed", message) from error
        sources = [asdict(source) for source in tried.sources]
        self.answer({"text": tried.text, "sources": sources, "known": tried.known})


class WidgetSettingsHandler(BaseSettings):
    """`/app/settings/widget`."""

    async def get(self) -> None:
        """The page."""
        await self.show("settings/widget.html", "widget")

    async def post(self) -> None:
        """Change where the widget may run, what its form asks for, and when it is offered."""
        fields = SettingsFields(self.body(dict[str, object]))
        origins, form, rules = fields.origins(), fields.lead_form(), fields.rules()
        fields.done()
        saved = await self.services.management.settings.change(
            self.doer,
            "widget",
            lambda settings: replace(settings, allowed_origins=origins, lead_form=form, rules=rules),
        )
        self.answer({"settings": settings_json(saved)})


def settings_json(settings: WorkspaceSettings) -> Json:
    """All settings, as pages and programs read them."""
    form = settings.lead_form
    return {
        "site_title": settings.site_title,
        "agent": agent_json(settings.agent),
        "model": settings.model,
        "allowed_origins": list(settings.allowed_origins),
        "lead_form": {
            "asked": list(form.asked),
            "required": sorted(form.required),
            "consent": form.consent,
            "region": form.region,
        },
        "rules": [asdict(rule) for rule in settings.rules],
        "appearance": asdict(settings.appearance),
        "language": settings.language,
    }
