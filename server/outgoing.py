"""What leaves the house: the worker and all that its jobs need, in order, and taken apart in reverse."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from server.jobs.kinds import job_kinds
from server.jobs.worker import Worker
from server.mail.mailer import mailer
from server.people.letters import PeopleLetters
from server.webhooks.client import WebhookClient
from server.webhooks.guard import WebhookGuard
from server.webhooks.webhooks import Webhooks

if TYPE_CHECKING:
    from actors.ports import Clock
    from server.config import Config
    from server.services import Stores

STOP_WITHIN_S = 5.0
"""Deliveries that take longer at a stop go back to the outbox."""


def make_webhooks(stack: AsyncExitStack, config: Config, stores: Stores) -> Webhooks:
    """The one that delivers webhooks."""
    client = WebhookClient(WebhookGuard(config.webhook_allow))
    stack.callback(client.close)
    return Webhooks(stores.database, stores.outbox, client, config.base_url)


def make_worker(
    stack: AsyncExitStack, config: Config, stores: Stores, webhooks: Webhooks, clock: Clock
) -> Worker:
    """A worker for every kind of job. It hears of new jobs from now on, and does them once started."""
    letters = PeopleLetters(stores.accounts, stores.links, config.base_url, clock)
    kinds = job_kinds(
        stores.database,
        mailer(config.mail_url, config.mail_from),
        webhooks,
        config.base_url,
        letters.composers(),
    )
    worker = Worker(stores.outbox, kinds)
    stack.push_async_callback(worker.stop, STOP_WITHIN_S)
    return worker
