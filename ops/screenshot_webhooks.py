"""Webhooks that work, fail and were switched off, with what came of their deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from playwright.async_api import expect

from ops.screenshot_studio import Studio

OWNER = "owner@demo.test"
ENDPOINTS: tuple[dict[str, Any], ...] = (
    {"_id": "crm", "url": "https://crm.lumen.example/hooks/baton", "enabled": True},
    {
        "_id": "chat",
        "url": "https://chat.lumen.example/incoming/7f3a",
        "enabled": True,
        "failing_since": timedelta(hours=3),
    },
    {
        "_id": "old",
        "url": "https://old-crm.lumen.example/api/leads",
        "enabled": False,
        "disabled_reason": "It answered 410: it wants nothing more, so the webhook is switched off.",
    },
)


@dataclass(frozen=True, slots=True)
class Try:
    """A delivery to the first of them: how long ago, of what, and what came back."""

    age_min: int
    event: str
    took_ms: int
    status: int | None
    text: str = ""
    attempt: int = 1

    def document(self, now: datetime) -> dict[str, Any]:
        """As the delivery log has it."""
        arrived = self.status in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}
        refused = f"It answered {self.status}." if self.status else "It did not answer within 10 s."
        return {
            "_id": f"try-{self.age_min}",
            "workspace_id": "demo",
            "conversation_id": None,
            "endpoint_id": ENDPOINTS[0]["_id"],
            "job_id": f"job-{self.age_min}",
            "webhook_id": f"message-{self.age_min}",
            "event": self.event,
            "attempt": self.attempt,
            "at": now - timedelta(minutes=self.age_min),
            "duration_ms": self.took_ms,
            "delivered": arrived,
            "status": self.status,
            "error": "" if arrived else refused,
            "response": self.text,
            "payload": {"event": self.event},
        }


TRIES = (
    Try(4, "lead.captured", 184, 200, '{"contact": "c_20931", "created": true}'),
    Try(38, "conversation.released", 97, 204),
    Try(51, "lead.captured", 143, 200, '{"contact": "c_20930", "created": true}', attempt=2),
    Try(56, "lead.captured", 10_000, None),
    Try(129, "conversation.claimed", 310, 503, "<h1>Service Unavailable</h1>"),
    Try(1502, "lead.captured", 176, 200, '{"contact": "c_20917", "created": false}'),
)
OPENED = 4


async def shoot_webhooks(studio: Studio) -> None:
    """The page, with the log of one opened in it, and a delivery opened in that."""
    now = datetime.now(UTC)
    with studio.baton.mongo() as client:
        database = client["baton"]
        database["webhook_endpoints"].insert_many([_endpoint(each, now) for each in ENDPOINTS])
        database["webhook_deliveries"].insert_many([each.document(now) for each in TRIES])
    page = (await studio.operator(OWNER)).page
    await page.goto(f"{studio.baton.url}/app/settings/webhooks")
    await page.locator("#webhooks summary", has_text="Deliveries").first.click()
    tries = page.locator("#webhooks .entry")
    await expect(tries).to_have_count(len(TRIES))
    await tries.nth(OPENED).locator("summary").click()
    await studio.shoot(page, "settings-webhooks-deliveries", whole=True)
    await page.context.close()


def _endpoint(endpoint: dict[str, Any], now: datetime) -> dict[str, Any]:
    failing = endpoint.get("failing_since")
    return {
        **endpoint,
        "workspace_id": "demo",
        "events": ["conversation.claimed", "conversation.released", "lead.captured"],
        "secret": "of nobody",
        "created_at": now - timedelta(days=40),
        "failing_since": now - failing if failing else None,
    }
