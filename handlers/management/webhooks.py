"""`/app/settings/webhooks`: whom the team's systems are told by, what became of it, and what was given up."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import Meta

from actors.jobs import WebhookEvent
from handlers.answers import HttpError
from handlers.management.settings import BaseSettings
from handlers.management.webhook_ports import (
    DeadJob,
    DeliveryRow,
    MailFailure,
    NewSecret,
    WebhookDesk,
    WebhookRefusedError,
    WebhookRow,
)
from handlers.shapes import Json, instant, instant_or_none


class Asked(msgspec.Struct, frozen=True):
    """A webhook as asked for."""

    url: Annotated[str, Meta(max_length=4000)] = ""
    events: Annotated[list[str], Meta(max_length=20)] = []


class Switch(msgspec.Struct, frozen=True):
    """On or off."""

    on: bool


class JobChoice(msgspec.Struct, frozen=True):
    """A job that was given up."""

    id: Annotated[str, Meta(min_length=1, max_length=512)]


class BaseWebhooks(BaseSettings):
    """What these routes have in common."""

    @property
    def desk(self) -> WebhookDesk:
        """The webhooks."""
        return self.services.management.webhooks

    def asked(self) -> tuple[str, tuple[str, ...]]:
        """Where it is to go, and what it is to be told of."""
        body = self.body(Asked)
        return body.url, tuple(body.events)


class WebhooksHandler(BaseWebhooks):
    """`/app/settings/webhooks`."""

    async def get(self) -> None:
        """All of them, and what is wrong with deliveries."""
        workspace_id = self.member.workspace.id
        failure = await self.desk.mail_failure(workspace_id)
        shown: Json = {
            "webhooks": [webhook_json(each) for each in await self.desk.all(workspace_id)],
            "events": [event.value for event in WebhookEvent],
            "dead": [_dead_json(each) for each in await self.desk.dead(workspace_id)],
            "mail_failure": _failure_json(failure) if failure else None,
        }
        if self.wants_json:
            self.answer(shown)
        else:
            await self.console("settings/webhooks.html", "webhooks", shown, None)

    async def post(self) -> None:
        """Make one; its secret is in this answer and in no other."""
        url, events = self.asked()
        try:
            made = await self.desk.create(self.doer, url, events)
        except WebhookRefusedError as error:
            raise _refused(error) from error
        self.answer(_secret_json(made), HTTPStatus.CREATED)


class WebhookHandler(BaseWebhooks):
    """`/app/settings/webhooks/{id}`."""

    async def get(self, webhook_id: str) -> None:
        """Its log, newest first."""
        after = self.get_query_argument("after", "") or None
        page = await self.desk.deliveries(self.member.workspace.id, webhook_id, after)
        if page is None:
            raise _unknown()
        self.answer({"deliveries": [delivery_json(row) for row in page.rows], "next": page.next})

    async def post(self, webhook_id: str) -> None:
        """Change where it goes and what it is told of."""
        url, events = self.asked()
        try:
            changed = await self.desk.change(self.doer, webhook_id, url, events)
        except WebhookRefusedError as error:
            raise _refused(error) from error
        self.answer({"webhook": webhook_json(_found(changed))})

    async def delete(self, webhook_id: str) -> None:
        """Remove it."""
        if not await self.desk.delete(self.doer, webhook_id):
            raise _unknown()
        self.set_status(HTTPStatus.NO_CONTENT)


class WebhookSwitchHandler(BaseWebhooks):
    """`POST /app/settings/webhooks/{id}/switch`."""

    async def post(self, webhook_id: str) -> None:
        """Switch it on or off."""
        changed = await self.desk.switch(self.doer, webhook_id, on=self.body(Switch).on)
        self.answer({"webhook": webhook_json(_found(changed))})


class WebhookSecretHandler(BaseWebhooks):
    """`POST /app/settings/webhooks/{id}/secret`."""

    async def post(self, webhook_id: str) -> None:
        """Give it a new secret, which is in this answer and in no other."""
        made = await self.desk.rotate(self.doer, webhook_id)
        if made is None:
            raise _unknown()
        self.answer(_secret_json(made))


class WebhookTestHandler(BaseWebhooks):
    """`POST /app/settings/webhooks/{id}/test`."""

    async def post(self, webhook_id: str) -> None:
        """Try it now; gives what came back."""
        tried = await self.desk.test(self.member.workspace.id, webhook_id)
        if tried is None:
            raise _unknown()
        self.answer({"delivery": delivery_json(tried)})


class RedeliverHandler(BaseWebhooks):
    """`POST /app/settings/webhooks/{id}/deliveries/{delivery_id}/redeliver`."""

    async def post(self, webhook_id: str, delivery_id: str) -> None:
        """Send an event once more."""
        if not await self.desk.redeliver(self.member.workspace.id, webhook_id, delivery_id):
            raise _unknown()
        self.answer({}, HTTPStatus.ACCEPTED)


class RetryHandler(BaseWebhooks):
    """`POST /app/settings/jobs/retry`."""

    async def post(self) -> None:
        """Try what was given up again."""
        if not await self.desk.retry(self.member.workspace.id, self.body(JobChoice).id):
            raise HttpError(
                HTTPStatus.NOT_FOUND, "not_found", "That is being tried again already, or is gone."
            )
        self.answer({}, HTTPStatus.ACCEPTED)


def webhook_json(webhook: WebhookRow) -> Json:
    """A webhook as the page has it."""
    return {
        "id": webhook.id,
        "url": webhook.url,
        "events": list(webhook.events),
        "enabled": webhook.enabled,
        "created_at": instant(webhook.created_at),
        "failing_since": instant_or_none(webhook.failing_since),
        "disabled_reason": webhook.disabled_reason,
        "previous_until": instant_or_none(webhook.previous_until),
    }


def delivery_json(row: DeliveryRow) -> Json:
    """A try as the page has it."""
    return {
        "id": row.id,
        "event": row.event,
        "attempt": row.attempt,
        "at": instant(row.at),
        "duration_ms": row.duration_ms,
        "delivered": row.delivered,
        "status": row.status,
        "error": row.error,
        "response": row.response,
        "again": row.again,
    }


def _secret_json(made: NewSecret) -> Json:
    return {"webhook": webhook_json(made.webhook), "secret": made.secret}


def _dead_json(job: DeadJob) -> Json:
    return {
        "id": job.id,
        "kind": job.kind,
        "attempts": job.attempts,
        "error": job.words,
        "failed_at": instant(job.failed_at),
    }


def _failure_json(failure: MailFailure) -> Json:
    return {
        "words": failure.words,
        "failed_at": instant(failure.failed_at),
        "recovered_at": instant_or_none(failure.recovered_at),
    }


def _found(webhook: WebhookRow | None) -> WebhookRow:
    if webhook is None:
        raise _unknown()
    return webhook


def _unknown() -> HttpError:
    return HttpError(HTTPStatus.NOT_FOUND, "not_found", "There is no such webhook.")


def _refused(error: WebhookRefusedError) -> HttpError:
    message = str(error)
    return HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", message, fields={error.field: message})
