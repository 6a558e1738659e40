"""A lead: a visitor who left a way to be reached, and the conversation that it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from actors.errors import Refusal
from actors.log import Page

if TYPE_CHECKING:
    from datetime import datetime

    from actors.ids import ConversationId, LeadId, WorkspaceId
    from actors.log import ConversationKey

NO_PAGE = Page()


class LeadSource(StrEnum):
    """What opened the form."""

    FORM = "form"
    """The visitor, or a form of the site itself."""
    RULE = "rule"
    REQUEST = "request"
    """The visitor asked to be contacted, or for a person."""


@dataclass(frozen=True, slots=True)
class LeadFields:
    """What the visitor gave, checked; empty is not given. `phone` is in E.164, such as +4930901820."""

    name: str = ""
    email: str = ""
    phone: str = ""
    message: str = ""

    @property
    def contact_key(self) -> str:
        """What tells one visitor's leads from another's in a conversation: the address, else the number."""
        return self.email.casefold() or self.phone

    def over(self, older: LeadFields) -> LeadFields:
        """These, with what they leave out taken from older ones."""
        return LeadFields(
            self.name or older.name,
            self.email or older.email,
            self.phone or older.phone,
            self.message or older.message,
        )


@dataclass(frozen=True, slots=True)
class InvalidLead:
    """A form that is not taken: each wrong field, and why, in words for the visitor."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead. `seq` counts the workspace's leads up from 1 as they become durable; 0 before.

    `page` is where the visitor was, `rule` the behaviour rule that opened the form, `consent` the line they
    agreed to. `revision` counts resubmissions up from 0, `updated_at` is when the last one came.
    """

    id: LeadId
    key: ConversationKey
    fields: LeadFields
    source: LeadSource
    captured_at: datetime
    seq: int = 0
    page: Page = NO_PAGE
    rule: str = ""
    consent: str = ""
    revision: int = 0
    updated_at: datetime | None = None

    @property
    def workspace_id(self) -> WorkspaceId:
        """The workspace it belongs to."""
        return self.key.workspace_id

    @property
    def conversation_id(self) -> ConversationId:
        """The conversation it came from."""
        return self.key.conversation_id

    @property
    def name(self) -> str:
        """The visitor's name."""
        return self.fields.name

    @property
    def email(self) -> str:
        """Their address."""
        return self.fields.email

    @property
    def phone(self) -> str:
        """Their number."""
        return self.fields.phone

    @property
    def message(self) -> str:
        """What they wrote into the form."""
        return self.fields.message

    @property
    def called(self) -> str:
        """What to call them in a line: name, else address, else number."""
        return self.name or self.email or self.phone


@dataclass(frozen=True, slots=True)
class Captured:
    """The lead is durable, and so are its jobs. `updated` when the conversation had it already."""

    lead: Lead
    updated: bool = False


LeadOutcome: TypeAlias = Captured | Refusal


@dataclass(frozen=True, slots=True)
class CaptureLead:
    """To a workspace: take a lead. `reply_to` is called once, with `Captured` when it is durable."""

    key: ConversationKey
    fields: LeadFields
    source: LeadSource
    reply_to: Callable[[LeadOutcome], None]
    page: Page = NO_PAGE
    rule: str = ""
    consent: str = ""

    def draft(self, lead_id: LeadId, now: datetime) -> Lead:
        """The lead that this asks for."""
        return Lead(
            lead_id,
            self.key,
            self.fields,
            self.source,
            now,
            page=self.page,
            rule=self.rule,
            consent=self.consent,
        )


@dataclass(frozen=True, slots=True)
class LeadCaptured:
    """Event of a workspace, for operators: a lead is new, or was updated."""

    lead: Lead
    updated: bool = False
