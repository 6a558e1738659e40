"""Every kind of job there is: the one place where they are registered."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from actors.jobs import JobName
from server.jobs.job import JobKind
from server.leads.mail import LeadMail
from server.mail.jobs import Compose, mail_kind
from server.mail.mailer import Mailer
from server.mail.templates import MailTemplates
from server.store.database import Database
from server.webhooks.mail import WebhookMail
from server.webhooks.webhooks import Webhooks


def job_kinds(
    database: Database,
    mailer: Mailer,
    webhooks: Webhooks,
    base_url: str,
    letters: Mapping[JobName, Compose] = MappingProxyType({}),
) -> tuple[JobKind, ...]:
    """The kinds.

    Args:
        database: where what jobs are about is read from.
        mailer: sends letters.
        webhooks: delivers webhooks.
        base_url: the address of the console, without a slash at its end.
        letters: who writes further kinds of letters.
    """
    templates = MailTemplates()
    composers: dict[JobName, Compose] = {
        JobName.LEAD_MAIL: LeadMail(database, templates, base_url).letter,
        JobName.WEBHOOK_DISABLED_MAIL: WebhookMail(database, templates, base_url).letter,
        **letters,
    }
    return (webhooks.kind(), *(mail_kind(name, compose, mailer) for name, compose in composers.items()))
