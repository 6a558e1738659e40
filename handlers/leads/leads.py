"""Leads on their way in: from the widget's form, and from a form that a site has of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, TypeAlias

from msgspec import Meta
from pykka import ActorDeadError

from actors.errors import Code, Refusal
from actors.ids import ConversationId
from actors.lead import CaptureLead, InvalidLead, LeadFields, LeadOutcome, LeadSource
from actors.lead_form import LEAD_FIELDS
from actors.log import ConversationKey, Page
from actors.runtime import ask
from actors.speech import Words, mark
from handlers.answers import HttpError, plain, refuse
from handlers.leads.lead_fields import check_lead
from handlers.ports import Workspace
from handlers.shapes import Json
from handlers.sockets.frames_in import LeadSent, PageFrame, Tag, clean
from handlers.throttle import Buckets, is_shared
from handlers.widget.widget import WidgetHandler

INVALID = mark("Some of that can't be taken. See the fields.")

ReplyTo: TypeAlias = Callable[[LeadOutcome], None]


@dataclass(frozen=True, slots=True)
class Submission:
    """A form whose fields are in order, and where it came from."""

    fields: LeadFields
    source: LeadSource
    rule: str
    page: Page
    consent: str

    def command(self, key: ConversationKey, reply_to: ReplyTo) -> CaptureLead:
        """What the workspace is told."""
        return CaptureLead(key, self.fields, self.source, reply_to, self.page, self.rule, self.consent)


def checked(sent: LeadSent, workspace: Workspace, page: Page, words: Words) -> Submission | InvalidLead:
    """Check a form against what the workspace wants. `page` is where they were, if the form does not say.

    `words` are of the language that the visitor saw the form in, which is what they agreed to.
    """
    form = workspace.lead_form
    fields = check_lead({field: getattr(sent, field) for field in LEAD_FIELDS}, form, words)
    if isinstance(fields, InvalidLead):
        return fields
    source = LeadSource(sent.source)
    rule = clean(sent.rule) if source is LeadSource.RULE else ""
    consent = words.say(form.consent)
    return Submission(fields, source, rule, sent.page.page() if sent.page else page, consent)


def may_leave_lead(buckets: Buckets, address: str, conversation_id: ConversationId) -> bool:
    """Whether another lead may come from this conversation, and from this address."""
    return buckets.of(conversation_id).take() and (is_shared(address) or buckets.of(address).take())


class LeadBody(LeadSent, frozen=True):
    """What a site's own form sends. Without the widget's token the lead gets a conversation of its own."""

    visitor_token: Annotated[str, Meta(max_length=512)] | None = None
    language: Tag = ""


class LeadsHandler(WidgetHandler):
    """`POST /widget/{key}/leads`."""

    async def post(self, key: str) -> None:
        """Take a lead. Answers when it is durable, and waits for nothing else."""
        del key
        sent = self.body(LeadBody)
        language = self.language(sent.language)
        words = self.services.speech.words(language)
        page = PageFrame(self.request.headers.get("Referer", "")).page()
        submission = checked(sent, self.workspace, page, words)
        if isinstance(submission, InvalidLead):
            raise HttpError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                Code.INVALID.value,
                words.say(INVALID),
                fields=submission.fields,
            )
        visit = await self.visit(sent.visitor_token, submission.page, language)
        if not may_leave_lead(
            self.services.sockets.connections.leads, self.client_ip, visit.key.conversation_id
        ):
            raise plain(HTTPStatus.TOO_MANY_REQUESTS)
        await self._capture(submission, visit.key)

    async def _capture(self, submission: Submission, key: ConversationKey) -> None:
        outcome = await self._asked(submission, key)
        if isinstance(outcome, Refusal):
            refuse(outcome)
        shape: Json = {"lead_id": outcome.lead.id, "updated": outcome.updated}
        self.answer(shape, HTTPStatus.CREATED)

    async def _asked(self, submission: Submission, key: ConversationKey) -> LeadOutcome:
        tell = self.services.directory.workspace(key.workspace_id).tell

        def command(reply_to: ReplyTo) -> CaptureLead:
            return submission.command(key, reply_to)

        try:
            return await ask(tell, command, self.services.config.limits.ask_s)
        except (TimeoutError, ActorDeadError) as error:
            raise plain(HTTPStatus.SERVICE_UNAVAILABLE) from error
