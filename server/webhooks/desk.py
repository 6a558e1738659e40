"""`WebhookDesk` of `webhook_ports`: webhooks and deliveries; changes are recorded, secrets never are."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from actors.jobs import JobName
from handlers.management import webhook_ports as edge
from server.edge import reaching_the_store
from server.webhooks.deliveries import Delivery, WebhookDeliveries
from server.webhooks.endpoints import EndpointError, WebhookEndpoint, WebhookEndpoints
from server.webhooks.guard import WebhookGuard

if TYPE_CHECKING:
    from actors.ids import WorkspaceId
    from handlers.doors.people_ports import Doer
    from server.audit.trail import Trail
    from server.jobs.outbox import Failure, Outbox
    from server.store.database import Database
    from server.webhooks.webhooks import Webhooks

_MAILS = (
    JobName.LEAD_MAIL,
    JobName.INVITATION_MAIL,
    JobName.WEBHOOK_DISABLED_MAIL,
    JobName.PASSWORD_RESET_MAIL,
)
_HIDDEN = "(hidden)"

Fields = dict[str, str | int | bool | None]


class StoreWebhooks:
    """Manages webhooks.

    Args:
        webhooks: sends tests.
        outbox: what is to be delivered, and what was given up.
        guard: refuses addresses of the server's own network.
    """

    def __init__(
        self, database: Database, trail: Trail, webhooks: Webhooks, outbox: Outbox, guard: WebhookGuard
    ) -> None:
        self._database = database
        self._trail = trail
        self._webhooks = webhooks
        self._outbox = outbox
        self._guard = guard

    async def all(self, workspace_id: WorkspaceId) -> tuple[edge.WebhookRow, ...]:
        """Every webhook."""
        with reaching_the_store():
            return tuple(map(_row, await self._endpoints(workspace_id).all()))

    async def create(self, doer: Doer, url: str, events: tuple[str, ...]) -> edge.NewSecret:
        """Make one."""
        with _refusing(), reaching_the_store():
            made = await self._endpoints(doer.workspace_id).create(url, events)
            await self._note(doer, made.id, {}, _fields(made))
        return edge.NewSecret(_row(made), made.secret)

    async def change(
        self, doer: Doer, webhook_id: str, url: str, events: tuple[str, ...]
    ) -> edge.WebhookRow | None:
        """Change where it goes and what it is told of."""
        endpoints = self._endpoints(doer.workspace_id)
        with _refusing(), reaching_the_store():
            before = await endpoints.get(webhook_id)
            if before is None or not await endpoints.change(webhook_id, url, events):
                return None
            return await self._changed(doer, before)

    async def switch(self, doer: Doer, webhook_id: str, *, on: bool) -> edge.WebhookRow | None:
        """Switch it on or off."""
        endpoints = self._endpoints(doer.workspace_id)
        with reaching_the_store():
            before = await endpoints.get(webhook_id)
            if before is None or not await endpoints.switch(webhook_id, on=on):
                return None
            return await self._changed(doer, before)

    async def rotate(self, doer: Doer, webhook_id: str) -> edge.NewSecret | None:
        """Give it a new secret."""
        with reaching_the_store():
            found = await self._endpoints(doer.workspace_id).rotate_secret(webhook_id)
            if found is None:
                return None
            was = _fields(found)
            renewed: Fields = {"secret": f"{_HIDDEN}, a new one"}
            await self._note(doer, webhook_id, was | {"secret": _HIDDEN}, was | renewed)
        return edge.NewSecret(_row(found), found.secret)

    async def delete(self, doer: Doer, webhook_id: str) -> bool:
        """Remove it."""
        endpoints = self._endpoints(doer.workspace_id)
        with reaching_the_store():
            before = await endpoints.get(webhook_id)
            if before is None or not await endpoints.delete(webhook_id):
                return False
            await self._note(doer, webhook_id, _fields(before), {})
        return True

    async def test(self, workspace_id: WorkspaceId, webhook_id: str) -> edge.DeliveryRow | None:
        """Try it now."""
        with reaching_the_store():
            found = await self._endpoints(workspace_id).get(webhook_id)
            return _delivery(await self._webhooks.send_test(found)) if found else None

    async def deliveries(
        self, workspace_id: WorkspaceId, webhook_id: str, after: str | None
    ) -> edge.DeliveryRows | None:
        """A page of its log."""
        with reaching_the_store():
            if await self._endpoints(workspace_id).get(webhook_id) is None:
                return None
            page = await WebhookDeliveries(self._database, workspace_id).page(webhook_id, after)
        return edge.DeliveryRows(tuple(map(_delivery, page.deliveries)), page.next)

    async def redeliver(self, workspace_id: WorkspaceId, webhook_id: str, delivery_id: str) -> bool:
        """Send an event once more."""
        with reaching_the_store():
            if await self._endpoints(workspace_id).get(webhook_id) is None:
                return False
            deliveries = WebhookDeliveries(self._database, workspace_id)
            return await deliveries.redeliver(delivery_id, self._outbox) is not None

    async def dead(self, workspace_id: WorkspaceId) -> tuple[edge.DeadJob, ...]:
        """What was given up."""
        with reaching_the_store():
            found = await self._outbox.dead(workspace_id)
        return tuple(
            edge.DeadJob(job.id, job.kind, job.attempts, job.last_error or "", job.failed_at or job.run_at)
            for job in found
        )

    async def retry(self, workspace_id: WorkspaceId, job_id: str) -> bool:
        """Try one of them again."""
        with reaching_the_store():
            return await self._outbox.retry(job_id, workspace_id)

    async def mail_failure(self, workspace_id: WorkspaceId) -> edge.MailFailure | None:
        """The newest failure of any mail."""
        with reaching_the_store():
            found = [await self._outbox.last_failure(kind.value, workspace_id) for kind in _MAILS]
        failures: list[Failure] = [failure for failure in found if failure is not None]
        if not failures:
            return None
        newest = max(failures, key=lambda failure: failure.failed_at)
        return edge.MailFailure(newest.words, newest.failed_at, newest.recovered_at)

    async def _changed(self, doer: Doer, before: WebhookEndpoint) -> edge.WebhookRow | None:
        after = await self._endpoints(doer.workspace_id).get(before.id)
        if after is None:
            return None
        if _fields(after) != _fields(before):
            await self._note(doer, before.id, _fields(before), _fields(after))
        return _row(after)

    async def _note(self, doer: Doer, webhook_id: str, before: Fields, after: Fields) -> None:
        details: Fields = {"section": "webhooks", "webhook": after.get("url") or before.get("url")}
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                details |= {f"{name}_before": before.get(name), f"{name}_after": after.get(name)}
        await self._trail.note_on(doer, "settings.changed", ("webhook", webhook_id), details)

    def _endpoints(self, workspace_id: WorkspaceId) -> WebhookEndpoints:
        return WebhookEndpoints(self._database, workspace_id, self._guard)


@contextmanager
def _refusing() -> Generator[None, None, None]:
    try:
        yield
    except EndpointError as error:
        raise edge.WebhookRefusedError(error.field, str(error)) from error


def _fields(endpoint: WebhookEndpoint) -> Fields:
    """What is recorded of one: its address may carry a key, so only where it goes is."""
    return {
        "url": endpoint.url.partition("?")[0],
        "events": ", ".join(sorted(endpoint.events)),
        "enabled": endpoint.enabled,
    }


def _row(endpoint: WebhookEndpoint) -> edge.WebhookRow:
    return edge.WebhookRow(
        id=endpoint.id,
        url=endpoint.url,
        events=tuple(sorted(endpoint.events)),
        enabled=endpoint.enabled,
        created_at=endpoint.created_at,
        failing_since=endpoint.failing_since,
        disabled_reason=endpoint.disabled_reason,
        previous_until=endpoint.previous_until,
    )


def _delivery(delivery: Delivery) -> edge.DeliveryRow:
    return edge.DeliveryRow(
        id=delivery.id,
        event=delivery.event,
        attempt=delivery.attempt,
        at=delivery.at,
        duration_ms=delivery.duration_ms,
        delivered=delivery.delivered,
        status=delivery.status,
        error=delivery.error,
        response=delivery.response,
        again=delivery.job_id is not None,
    )
