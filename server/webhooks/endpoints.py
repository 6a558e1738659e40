"""The webhooks of a workspace: where they go, what they are told of, and whether they work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from actors.errors import BatonError
from actors.ids import WorkspaceId, new_id
from actors.jobs import WebhookEvent
from server.jobs.outbox import now_ms
from server.store.database import ASCENDING, Collection, Database, Document
from server.webhooks.guard import RefusedAddressError, WebhookGuard
from server.webhooks.signature import new_secret

MOST_ENDPOINTS = 20
OVERLAP = timedelta(hours=24)
"""How long the old secret signs beside the new one."""

_URL_CHARACTERS = 2000
_ENDPOINTS = "webhook_endpoints"


class EndpointError(BatonError):
    """A webhook that cannot be as asked for. `field` is the one that is wrong."""

    def __init__(self, wrong_field: str, words: str) -> None:
        super().__init__(words)
        self.field = wrong_field


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """A webhook. `failing_since` is when it stopped answering well, `disabled_reason` why we switched it off.

    `previous_secret` signs too until `previous_until`.
    """

    id: str
    workspace_id: WorkspaceId
    url: str
    events: frozenset[WebhookEvent]
    secret: str = field(repr=False)
    enabled: bool
    created_at: datetime
    failing_since: datetime | None = None
    disabled_reason: str | None = None
    previous_secret: str | None = field(default=None, repr=False)
    previous_until: datetime | None = None

    def secrets(self, now: datetime) -> tuple[str, ...]:
        """The secrets that sign now, the newest first."""
        if self.previous_secret and self.previous_until and now < self.previous_until:
            return (self.secret, self.previous_secret)
        return (self.secret,)


class WebhookEndpoints:
    """Finds and changes webhooks, only of its workspace. Raises EndpointError, PyMongoError."""

    def __init__(self, database: Database, workspace_id: WorkspaceId, guard: WebhookGuard) -> None:
        self._endpoints: Collection = database[_ENDPOINTS]
        self._workspace_id = workspace_id
        self._guard = guard

    async def all(self) -> tuple[WebhookEndpoint, ...]:
        """Every webhook, oldest first."""
        found = self._endpoints.find({"workspace_id": self._workspace_id}, sort=[("created_at", ASCENDING)])
        return tuple(endpoint_of(document) for document in await found.to_list(None))

    async def get(self, endpoint_id: str) -> WebhookEndpoint | None:
        """One webhook; None for another workspace's."""
        document = await self._endpoints.find_one(self._query(endpoint_id))
        return endpoint_of(document) if document else None

    async def create(self, url: str, events: Iterable[str]) -> WebhookEndpoint:
        """Make a webhook, with a secret of its own, switched on."""
        if len(await self.all()) >= MOST_ENDPOINTS:
            raise EndpointError("url", f"A workspace has at most {MOST_ENDPOINTS} webhooks.")
        document: Document = {
            **self._query(new_id()),
            "url": check_url(url, self._guard),
            "events": _checked_events(events),
            "secret": new_secret(),
            "enabled": True,
            "created_at": now_ms(),
        }
        await self._endpoints.insert_one(document)
        return endpoint_of(document)

    async def change(self, endpoint_id: str, url: str, events: Iterable[str]) -> bool:
        """Change where it goes and what it is told of; false when there is no such webhook."""
        changes = {"url": check_url(url, self._guard), "events": _checked_events(events)}
        return await self._set(endpoint_id, changes)

    async def switch(self, endpoint_id: str, *, on: bool) -> bool:
        """Switch it on, as if it had never failed, or off."""
        changes: Document = {"enabled": on, "disabled_reason": None}
        return await self._set(endpoint_id, {**changes, "failing_since": None} if on else changes)

    async def rotate_secret(self, endpoint_id: str, overlap: timedelta = OVERLAP) -> WebhookEndpoint | None:
        """Give it a new secret; the old one signs too for a while, so that no receiver misses a delivery."""
        found = await self.get(endpoint_id)
        if found is None:
            return None
        changes = {
            "secret": new_secret(),
            "previous_secret": found.secret,
            "previous_until": now_ms() + overlap,
        }
        await self._set(endpoint_id, changes)
        return await self.get(endpoint_id)

    async def delete(self, endpoint_id: str) -> bool:
        """Remove it; what is still to be sent to it is dropped."""
        return (await self._endpoints.delete_one(self._query(endpoint_id))).deleted_count > 0

    async def _set(self, endpoint_id: str, changes: Document) -> bool:
        result = await self._endpoints.update_one(self._query(endpoint_id), {"$set": changes})
        return result.matched_count > 0

    def _query(self, endpoint_id: str) -> Document:
        return {"_id": endpoint_id, "workspace_id": self._workspace_id}


def endpoint_of(document: Document) -> WebhookEndpoint:
    """The webhook that a document keeps."""
    get = document.get
    known = set(WebhookEvent)
    return WebhookEndpoint(
        id=document["_id"],
        workspace_id=WorkspaceId(document["workspace_id"]),
        url=document["url"],
        events=frozenset(WebhookEvent(event) for event in get("events") or () if event in known),
        secret=document["secret"],
        enabled=bool(get("enabled")),
        created_at=document["created_at"],
        failing_since=get("failing_since"),
        disabled_reason=get("disabled_reason"),
        previous_secret=get("previous_secret"),
        previous_until=get("previous_until"),
    )


def check_url(url: str, guard: WebhookGuard) -> str:
    """The address as it is kept. Raises EndpointError."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise EndpointError("url", "This is no web address.") from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in {"http", "https"} or not host or not plain or len(url) > _URL_CHARACTERS:
        raise EndpointError("url", "Enter a web address, such as https://example.com/hooks/baton.")
    if parts.username is not None or parts.password is not None:
        raise EndpointError("url", "Leave user and password out; verify the signature instead.")
    try:
        guard.check_literal(host)
    except RefusedAddressError as error:
        raise EndpointError("url", str(error)) from error
    return parts._replace(fragment="").geturl()


def _checked_events(events: Iterable[str]) -> list[str]:
    known = {event.value for event in WebhookEvent}
    wanted = set(events)
    if not wanted or wanted - known:
        raise EndpointError("events", f"Choose from {', '.join(sorted(known))}.")
    return sorted(wanted)
