"""Deliveries of webhooks: one try of a job, what its answer means, and tests on request."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from actors.jobs import JobName
from handlers.shapes import instant
from server.jobs.job import Backoff, Job, JobFailed, JobKind
from server.jobs.outbox import Outbox, now_ms
from server.store.database import Collection, Database, PyMongoError
from server.webhooks.bodies import WebhookBodies
from server.webhooks.client import LIMIT_S, Reply, WebhookClient
from server.webhooks.deliveries import Delivery, WebhookDeliveries
from server.webhooks.endpoints import WebhookEndpoint, endpoint_of
from server.webhooks.health import WebhookHealth
from server.webhooks.signature import signed_headers

_log = logging.getLogger(__name__)

WEBHOOK_BACKOFF = Backoff(first_s=5, factor=4, most_s=24 * 3600, tries=12)
"""A few tries within minutes, then rarer: four to five days, until the endpoint itself is given up."""

_TRY_S = LIMIT_S + 10
_LONGEST_ASKED_S = 24 * 3600.0
_HEADERS = {"Content-Type": "application/json", "User-Agent": "Baton-Webhooks/1"}


class Webhooks:
    """Delivers webhooks.

    Args:
        database: where endpoints are, and what they are told of.
        outbox: takes the letters to owners.
        client: makes the requests.
        base_url: the address of the console, for links.
    """

    def __init__(self, database: Database, outbox: Outbox, client: WebhookClient, base_url: str) -> None:
        self._database = database
        self._endpoints: Collection = database["webhook_endpoints"]
        self._bodies = WebhookBodies(database, base_url)
        self._health = WebhookHealth(database, outbox)
        self._client = client

    def kind(self) -> JobKind:
        """The kind of job that delivers."""
        return JobKind(JobName.WEBHOOK, self.deliver, WEBHOOK_BACKOFF, _TRY_S, at_once=32, per_workspace=8)

    async def deliver(self, job: Job) -> None:
        """One try. Raises JobFailed."""
        query = {"_id": job.payload["endpoint_id"], "workspace_id": job.workspace_id}
        document = await self._endpoints.find_one(query)
        body = await self._bodies.body(job.workspace_id, job.payload)
        if document is None or body is None:
            return  # the endpoint, or what it was to be told of, was deleted
        endpoint = endpoint_of(document)
        if not endpoint.enabled:
            raise JobFailed("The webhook is switched off.", permanent=True)
        reply = await self._post(endpoint, _webhook_id(job), body)
        failure = _failure(reply)
        await self._note(endpoint, job, reply, str(failure or ""))
        if failure is None:
            await self._health.worked(endpoint)
            return
        raise await self._consequence(endpoint, reply, failure)

    async def send_test(self, endpoint: WebhookEndpoint) -> Delivery:
        """Try an endpoint now, once, also one that is switched off; gives how it went."""
        payload = {"event": "webhook.test", "endpoint_id": endpoint.id, "at": instant(now_ms())}
        webhook_id = f"test:{secrets.token_hex(8)}"
        body = await self._bodies.body(endpoint.workspace_id, payload)
        reply = await self._post(endpoint, webhook_id, body or b"{}")
        words = str(_failure(reply) or "")
        deliveries = WebhookDeliveries(self._database, endpoint.workspace_id)
        return await deliveries.note(
            endpoint.id,
            job_id=None,
            webhook_id=webhook_id,
            attempt=1,
            payload=payload,
            reply=reply,
            words=words,
        )

    async def _post(self, endpoint: WebhookEndpoint, webhook_id: str, body: bytes) -> Reply:
        now = datetime.now(UTC)
        signed = signed_headers(webhook_id, endpoint.secrets(now), body, now)
        return await self._client.post(endpoint.url, {**_HEADERS, **signed}, body)

    async def _consequence(self, endpoint: WebhookEndpoint, reply: Reply, failure: JobFailed) -> JobFailed:
        if reply.status == HTTPStatus.GONE:
            await self._health.switch_off(endpoint, str(failure), now_ms())
        elif await self._health.failed(endpoint, str(failure), now_ms()):
            return JobFailed(
                f"{failure} The webhook failed for five days and is switched off.", permanent=True
            )
        return failure

    async def _note(self, endpoint: WebhookEndpoint, job: Job, reply: Reply, words: str) -> None:
        deliveries = WebhookDeliveries(self._database, job.workspace_id)
        try:
            await deliveries.note(
                endpoint.id,
                job_id=job.id,
                webhook_id=_webhook_id(job),
                attempt=job.attempts,
                payload=_plain(job.payload),
                reply=reply,
                words=words,
            )
        except PyMongoError as error:
            # The receiver has it: sending it again for the sake of our log would be worse than a gap there.
            _log.warning("a delivery to %s is missing in the log: %s", endpoint.id, error)


def _webhook_id(job: Job) -> str:
    return job.payload.get("webhook_id") or job.id


def _plain(payload: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in payload.items() if name != "webhook_id"}


def _failure(reply: Reply) -> JobFailed | None:
    """What an answer means: 2xx is delivered, 410 never will be, all else is tried again."""
    if reply.status is None:
        return JobFailed(reply.error or "It broke off without an answer.", permanent=reply.refused)
    if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if reply.status == HTTPStatus.GONE:
        return JobFailed(
            "It answered 410: it wants nothing more, so the webhook is switched off.", permanent=True
        )
    if HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST:
        return JobFailed(f"It answered {reply.status}; redirects are not followed. Enter the final address.")
    return JobFailed(f"It answered {reply.status}.", retry_after_s=_asked_pause_s(reply.retry_after))


def _asked_pause_s(retry_after: str | None) -> float | None:
    """How long a receiver asked to be left alone: seconds, or a date."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after[:9]), _LONGEST_ASKED_S)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_ASKED_S)
