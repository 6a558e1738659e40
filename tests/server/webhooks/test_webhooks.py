from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from tornado.iostream import StreamClosedError
from tornado.web import RequestHandler

from actors.jobs import WebhookEvent
from actors.log import Author, Entry, EntryType
from server.conversations.entries import entry_document
from server.jobs.documents import job_of
from server.jobs.job import Backoff
from server.jobs.kinds import job_kinds
from server.jobs.outbox import Outbox, now_ms
from server.jobs.worker import Worker
from server.leads.capture import LeadCapture
from server.mail.mailer import mailer
from server.mail.templates import MailTemplates
from server.store.mongo import Database
from server.webhooks.client import WebhookClient
from server.webhooks.deliveries import Delivery, WebhookDeliveries
from server.webhooks.endpoints import EndpointError, WebhookEndpoint, WebhookEndpoints
from server.webhooks.entry_webhooks import EntryWebhooks
from server.webhooks.guard import WebhookGuard
from server.webhooks.mail import WebhookMail
from server.webhooks.webhooks import Webhooks
from tests.support.http_peer import Request, http_peer
from tests.support.jobs import until
from tests.support.leads import FOREIGN, WORKSPACE, captured, draft, key, make_workspaces
from tests.support.smtp_peer import CERTIFICATE

GUARD = WebhookGuard(["127.0.0.0/8", "::1"])
BASE = "https://desk.example"
BOTH = ["lead.captured", "conversation.claimed"]


@dataclass
class Desk:
    """A workspace whose webhooks are delivered at once, and tried again at once, three times."""

    database: Database
    outbox: Outbox
    capture: LeadCapture
    endpoints: WebhookEndpoints
    webhooks: Webhooks

    async def deliveries(self, endpoint: WebhookEndpoint) -> tuple[Delivery, ...]:
        return (await WebhookDeliveries(self.database, WORKSPACE).page(endpoint.id)).deliveries[::-1]

    async def job_status(self, endpoint: WebhookEndpoint) -> str:
        job = await self.database["jobs"].find_one({"payload.endpoint_id": endpoint.id})
        return job["status"] if job else ""

    async def ended(self, endpoint: WebhookEndpoint) -> None:
        async def check() -> bool:
            return await self.job_status(endpoint) in {"done", "dead"}

        await until(check)


@asynccontextmanager
async def desk(
    database: Database, *, limit_s: float = 5, guard: WebhookGuard = GUARD
) -> AsyncGenerator[Desk, None]:
    await make_workspaces(database)
    outbox = Outbox(database)
    client = WebhookClient(guard, limit_s, str(CERTIFICATE))
    webhooks = Webhooks(database, outbox, client, BASE)
    kinds = job_kinds(database, mailer("log:", "baton@desk.example"), webhooks, BASE)
    soon = [replace(kind, backoff=Backoff(0.01, 1, 0.01, 3)) for kind in kinds]
    worker = Worker(outbox, soon)
    capture = LeadCapture(database, outbox)
    await worker.start()
    try:
        yield Desk(database, outbox, capture, WebhookEndpoints(database, WORKSPACE, GUARD), webhooks)
    finally:
        await capture.close()
        await worker.stop(3)
        client.close()


def verified(request: Request, secret: str) -> dict[str, object]:
    return Webhook(secret).verify(request.body, request.headers)


async def test_a_lead_is_told_with_a_signature_that_standard_webhooks_verifies(database: Database):
    async with http_peer() as peer, desk(database) as at:
        endpoint = await at.endpoints.create(f"{peer.url}/hook?x=1", BOTH)
        lead = await captured(at.capture, draft(name="Zoë"))
        await at.ended(endpoint)
        await until(lambda: at.deliveries(endpoint))
        (delivery,) = await at.deliveries(endpoint)
    (request,) = peer.requests
    body = verified(request, endpoint.secret)
    assert body["type"] == "lead.captured"
    data = body["data"]
    assert isinstance(data, dict)
    assert (data["lead"]["id"], data["lead"]["name"], data["lead"]["email"]) == (
        lead.id,
        "Zoë",
        "zoe@example.com",
    )
    assert data["lead"]["url"] == f"{BASE}/app/inbox/{lead.id}"
    assert data["conversation"]["id"] == "c0"
    assert request.headers["webhook-id"] == f"{lead.id}:webhook:{endpoint.id}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["host"] == f"localhost:{peer.port}"
    assert (delivery.status, delivery.delivered, delivery.attempt, delivery.error) == (204, True, 1, "")
    with pytest.raises(WebhookVerificationError):
        verified(replace_body(request, request.body + b" "), endpoint.secret)


def replace_body(request: Request, body: bytes) -> Request:
    return Request(request.path, request.headers, body)


async def test_it_is_told_over_tls_by_name(database: Database):
    async with http_peer(tls=True) as peer, desk(database) as at:
        endpoint = await at.endpoints.create(f"{peer.url}/hook", BOTH)
        await captured(at.capture, draft())
        await at.ended(endpoint)
    assert len(peer.requests) == 1


async def test_tries_share_their_id_and_sign_their_own_time(database: Database):
    async with http_peer() as peer, desk(database) as at:
        peer.answer = lambda handler: handler.set_status(500 if len(peer.requests) < 3 else 200)
        endpoint = await at.endpoints.create(peer.url, BOTH)
        await captured(at.capture, draft())
        await at.ended(endpoint)
        assert await at.job_status(endpoint) == "done"
        log = await at.deliveries(endpoint)
    assert len({request.headers["webhook-id"] for request in peer.requests}) == 1
    for request in peer.requests:
        verified(request, endpoint.secret)
    assert [(each.attempt, each.status, each.delivered) for each in log] == [
        (1, 500, False),
        (2, 500, False),
        (3, 200, True),
    ]


async def test_while_a_secret_rotates_both_verify_and_then_only_the_new_one(database: Database):
    async with http_peer() as peer, desk(database) as at:
        first = await at.endpoints.create(peer.url, BOTH)
        second = await at.endpoints.rotate_secret(first.id)
        assert second
        await at.webhooks.send_test(second)
        third = await at.endpoints.rotate_secret(first.id, timedelta(0))
        assert third
        await at.webhooks.send_test(third)
    during, after = peer.requests
    assert len({first.secret, second.secret, third.secret}) == 3
    for secret in (first.secret, second.secret):
        verified(during, secret)
    verified(after, third.secret)
    with pytest.raises(WebhookVerificationError):
        verified(after, second.secret)


async def hang(handler: RequestHandler) -> None:
    await asyncio.sleep(30)


async def drip(handler: RequestHandler) -> None:
    handler.set_status(200)
    try:
        for _ in range(300):
            handler.write("x")
            await handler.flush()
            await asyncio.sleep(0.1)
    except StreamClosedError:
        pass


@pytest.mark.parametrize("slow", [hang, drip])
async def test_an_endpoint_that_does_not_end_is_cut_off(database: Database, slow: object):
    async with http_peer() as peer, desk(database, limit_s=0.3) as at:
        peer.answer = slow  # pyright: ignore[reportAttributeAccessIssue]
        endpoint = await at.endpoints.create(peer.url, BOTH)
        await captured(at.capture, draft())
        await at.ended(endpoint)
        assert await at.job_status(endpoint) == "dead"
        (first, *_) = await at.deliveries(endpoint)
    assert first.error == "It did not answer within 0.3 s."
    assert first.duration_ms < 2000
    assert len(peer.requests) == 3


async def flood(handler: RequestHandler) -> None:
    try:
        for _ in range(2000):
            handler.write("y" * 8192)
            await handler.flush()
    except StreamClosedError:
        pass


async def test_of_a_flood_a_little_is_read_and_less_is_kept(database: Database):
    async with http_peer() as peer, desk(database) as at:
        peer.answer = flood
        endpoint = await at.endpoints.create(peer.url, BOTH)
        await captured(at.capture, draft())
        await at.ended(endpoint)
        assert await at.job_status(endpoint) == "done"
        (delivery,) = await at.deliveries(endpoint)
    assert delivery.response == "y" * 2048


def redirect(handler: RequestHandler) -> None:
    handler.redirect("http://169.254.169.254/latest/meta-data/")


async def test_redirects_are_not_followed(database: Database):
    async with http_peer() as peer, desk(database) as at:
        peer.answer = redirect
        endpoint = await at.endpoints.create(peer.url, BOTH)
        await captured(at.capture, draft())
        await at.ended(endpoint)
        (first, *_) = await at.deliveries(endpoint)
    assert first.status == 302
    assert "redirects are not followed" in first.error
    assert len(peer.requests) == 3


async def test_410_switches_it_off_and_tells_the_owners(database: Database):
    async with http_peer() as peer, desk(database) as at:
        peer.answer = lambda handler: handler.set_status(410)
        endpoint = await at.endpoints.create(peer.url, BOTH)
        await captured(at.capture, draft())
        await at.ended(endpoint)
        found = await at.endpoints.get(endpoint.id)
        assert found
        assert (found.enabled, len(peer.requests)) == (False, 1)
        assert "410" in (found.disabled_reason or "")
        told = await database["jobs"].find({"kind": "webhook_disabled_mail"}).to_list(None)
        assert {job["payload"]["user_id"] for job in told} == {"olga", "otto"}
        await captured(at.capture, draft("b@example.com"))
        await at.capture.drained()
        assert await database["jobs"].count_documents({"kind": "webhook"}) == 1


async def test_after_five_days_of_failure_it_is_switched_off(database: Database):
    async with http_peer() as peer, desk(database) as at:
        peer.answer = lambda handler: handler.set_status(503)
        endpoint = await at.endpoints.create(peer.url, BOTH)
        since = now_ms() - timedelta(days=4, hours=23)
        endpoints = database["webhook_endpoints"]
        await endpoints.update_one({"_id": endpoint.id}, {"$set": {"failing_since": since}})
        await captured(at.capture, draft())
        await at.ended(endpoint)
        assert len(peer.requests) == 3
        since -= timedelta(hours=2)
        await endpoints.update_one({"_id": endpoint.id}, {"$set": {"failing_since": since}})
        await captured(at.capture, draft("b@example.com"))
        await until(lambda: _is_off(at, endpoint))
        assert len(peer.requests) == 4
        told = await database["jobs"].find({"kind": "webhook_disabled_mail"}).to_list(None)
        assert {job["payload"]["user_id"] for job in told} == {"olga", "otto"}
        letter = await WebhookMail(database, MailTemplates(), BASE).letter(job_of(told[0]))
        assert letter
        assert peer.url in letter.text
        assert "It answered 503." in letter.text
        assert await at.endpoints.switch(endpoint.id, on=True)
        found = await at.endpoints.get(endpoint.id)
        assert found
        assert (found.enabled, found.failing_since, found.disabled_reason) == (True, None, None)
        assert await WebhookMail(database, MailTemplates(), BASE).letter(job_of(told[0])) is None


async def _is_off(at: Desk, endpoint: WebhookEndpoint) -> bool:
    found = await at.endpoints.get(endpoint.id)
    return found is not None and not found.enabled


async def test_failing_begins_with_a_failure_and_ends_with_a_success(database: Database):
    async with http_peer() as peer, desk(database) as at:
        peer.answer = lambda handler: handler.set_status(500 if len(peer.requests) < 2 else 200)
        endpoint = await at.endpoints.create(peer.url, BOTH)
        await captured(at.capture, draft())
        await at.ended(endpoint)
        assert len(peer.requests) == 2
        found = await at.endpoints.get(endpoint.id)
    assert found
    assert found.failing_since is None


@pytest.mark.parametrize("as_date", [False, True])
async def test_429_is_left_alone_for_as_long_as_it_asks(database: Database, as_date: bool):
    asked = format_datetime(datetime.now(UTC) + timedelta(seconds=300)) if as_date else "300"

    def slow_down(handler: RequestHandler) -> None:
        handler.set_status(429)
        handler.set_header("Retry-After", asked)

    async with http_peer() as peer, desk(database) as at:
        peer.answer = slow_down
        endpoint = await at.endpoints.create(peer.url, BOTH)
        await captured(at.capture, draft())

        async def noted() -> bool:
            job = await database["jobs"].find_one({"kind": "webhook"})
            return bool(job and job.get("failed_at") and job["status"] == "pending")

        await until(noted)
        job = await database["jobs"].find_one({"kind": "webhook"})
    assert job
    assert len(peer.requests) == 1
    assert 290 < (job["run_at"] - job["failed_at"]).total_seconds() <= 301
    assert endpoint


async def test_where_webhooks_may_not_go_nothing_is_sent(database: Database):
    async with http_peer() as peer, desk(database, guard=WebhookGuard()) as at:
        endpoint = await at.endpoints.create(peer.url, BOTH)
        await captured(at.capture, draft())
        await at.ended(endpoint)
        (delivery,) = await at.deliveries(endpoint)
        test = await at.webhooks.send_test(endpoint)
        assert await at.job_status(endpoint) == "dead"
    assert not peer.requests
    assert "private address" in delivery.error
    assert (test.delivered, test.status) == (False, None)
    assert "BATON_WEBHOOK_ALLOW" in test.error


async def test_a_delivery_can_be_sent_again_under_its_old_id(database: Database):
    async with http_peer() as peer, desk(database) as at:
        endpoint = await at.endpoints.create(peer.url, BOTH)
        await captured(at.capture, draft())
        await at.ended(endpoint)
        await until(lambda: at.deliveries(endpoint))
        (delivery,) = await at.deliveries(endpoint)
        foreign = WebhookDeliveries(database, FOREIGN)
        assert await foreign.redeliver(delivery.id, at.outbox) is None
        assert not (await foreign.page(endpoint.id)).deliveries
        assert await WebhookDeliveries(database, WORKSPACE).redeliver(delivery.id, at.outbox)
        await until(lambda: len(peer.requests) == 2)
    first, second = peer.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


async def test_a_test_says_what_came_back(database: Database):
    def teapot(handler: RequestHandler) -> None:
        handler.set_status(418)
        handler.write("short and stout")

    async with http_peer() as peer, desk(database) as at:
        endpoint = await at.endpoints.create(peer.url, BOTH)
        assert (await at.webhooks.send_test(endpoint)).delivered
        peer.answer = teapot
        failed = await at.webhooks.send_test(endpoint)
        log = await at.deliveries(endpoint)
        assert await WebhookDeliveries(database, WORKSPACE).redeliver(failed.id, at.outbox) is None
    assert (failed.delivered, failed.status, failed.response) == (False, 418, "short and stout")
    assert [each.event for each in log] == ["webhook.test"] * 2
    assert verified(peer.requests[0], endpoint.secret)["type"] == "webhook.test"


async def test_claims_and_releases_are_told_once_however_often_their_log_is_read(database: Database):
    claimed = Entry(4, EntryType.CLAIMED, now_ms(), "x", author=Author("ed", "Ed"))
    released = Entry(5, EntryType.RELEASED, now_ms(), "y", author=Author("ed", "Ed"), note="Be kind")
    old = Entry(1, EntryType.CLAIMED, now_ms() - timedelta(days=2), "z", author=Author("ed", "Ed"))
    said = Entry(3, EntryType.MESSAGE, now_ms(), "m", text="Hi")
    async with http_peer() as peer, desk(database) as at:
        endpoint = await at.endpoints.create(peer.url, ["conversation.claimed", "conversation.released"])
        await at.endpoints.create(peer.url + "/never", ["lead.captured"])
        entries = (old, said, claimed, released)
        await database["messages"].insert_many([entry_document(key(), entry) for entry in entries])
        following = EntryWebhooks(database, at.outbox)
        await asyncio.gather(*(following.follow([(key(), entry) for entry in entries]) for _ in range(3)))
        await until(lambda: len(peer.requests) == 2)
        assert await database["jobs"].count_documents({"kind": "webhook"}) == 2
    bodies = {body["type"]: body["data"] for body in (json.loads(r.body) for r in peer.requests)}
    assert bodies["conversation.claimed"]["member"] == {"id": "ed", "name": "Ed"}
    assert bodies["conversation.claimed"]["conversation"]["id"] == "c0"
    assert bodies["conversation.released"]["note"] == "Be kind"
    assert endpoint.enabled


async def test_nothing_is_told_of_what_was_deleted(database: Database):
    async with http_peer() as peer, desk(database) as at:
        endpoint = await at.endpoints.create(peer.url, BOTH)
        at.outbox._watchers.clear()  # nobody works until we say so
        await captured(at.capture, draft())
        await at.capture.drained()
        await database["leads"].delete_many({})
        found = await database["jobs"].find_one({"kind": "webhook"})
        assert found
        await at.webhooks.deliver(job_of(found))
        await at.endpoints.delete(endpoint.id)
        await at.webhooks.deliver(job_of(found))
    assert not peer.requests


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://user:secret@example.com/",
        "http://example.com:99999/",
        "http://exa mple.com/",
        "http://example.com/\r\nX: y",
        "https://example.com/" + "a" * 2000,
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/",
    ],
)
async def test_what_is_no_address_for_a_webhook_is_refused(repository_database: Database, url: str):
    endpoints = WebhookEndpoints(repository_database, WORKSPACE, GUARD)
    with pytest.raises(EndpointError) as caught:
        await endpoints.create(url, BOTH)
    assert caught.value.field == "url"


async def test_an_endpoint_belongs_to_its_workspace(repository_database: Database):
    endpoints = WebhookEndpoints(repository_database, WORKSPACE, GUARD)
    foreign = WebhookEndpoints(repository_database, FOREIGN, GUARD)
    made = await endpoints.create("https://example.com/hook#fragment", ["lead.captured"])
    assert (made.url, made.events) == ("https://example.com/hook", {WebhookEvent.LEAD_CAPTURED})
    assert made.secret not in repr(made)
    assert await foreign.get(made.id) is None
    assert await foreign.all() == ()
    assert not await foreign.change(made.id, "https://evil.example/", ["lead.captured"])
    assert not await foreign.switch(made.id, on=False)
    assert await foreign.rotate_secret(made.id) is None
    assert not await foreign.delete(made.id)
    assert await endpoints.get(made.id) == made
    assert await endpoints.change(made.id, "https://example.com/new", ["conversation.claimed"])
    (changed,) = await endpoints.all()
    assert (changed.url, changed.secret) == ("https://example.com/new", made.secret)
    with pytest.raises(EndpointError, match="Choose from"):
        await endpoints.create("https://example.com/", ["lead.stolen"])
    assert await endpoints.delete(made.id)
    assert await endpoints.all() == ()
