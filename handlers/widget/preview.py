"""The widget as it is going to look: a page that the settings frame, before anything is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from actors.roles import Action
from handlers.access import Who
from handlers.base import BaseHandler
from handlers.management.settings_fields import SettingsFields
from handlers.widget.preview_words import dialogue_json
from handlers.widget.widget import widget_json


class PreviewHandler(BaseHandler):
    """`/app/settings/preview`. The frame holds the real loader and panel, and a server that is made up."""

    role: ClassVar[Who] = Action.MANAGE
    html: ClassVar[bool] = True
    framed_by_us: ClassVar[bool] = True

    async def get(self) -> None:
        """The page for the frame, which no other site may frame."""
        self.page("widget_preview.html")

    async def post(self) -> None:
        """What the widget would be told, and says. Sections that are not sent are as they are saved."""
        settings = await self.services.management.settings.read(self.member.workspace.id)
        sent = self.body(dict[str, object])
        fields = SettingsFields(sent)
        agent = SettingsFields(fields.mapping("agent")) if "agent" in sent else None
        workspace = replace(
            self.member.workspace,
            agent=agent.agent() if agent else settings.agent,
            lead_form=fields.lead_form() if "lead_form" in sent else settings.lead_form,
            appearance=fields.appearance() if "appearance" in sent else settings.appearance,
            rules=(),
        )
        language = fields.language() if "language" in sent else settings.language
        if agent:
            agent.done()
        fields.done()
        dialogue = dialogue_json(self.services.speech.words(language))
        self.answer({**widget_json(workspace, language, self.services), "dialogue": dialogue})
