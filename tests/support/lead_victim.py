"""A process that takes leads and delivers their jobs until it is killed.

Its arguments are URI DATABASE SMTP_PORT FIRST COUNT.
It prints the number of each lead once it is acknowledged, and `idle` when nothing is left to be delivered.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from actors.lead import Captured
from server.jobs.job import Backoff
from server.jobs.kinds import job_kinds
from server.jobs.outbox import Outbox
from server.jobs.worker import Worker
from server.leads.capture import LeadCapture
from server.mail.mailer import mailer
from server.store.mongo import connect
from server.webhooks.client import WebhookClient
from server.webhooks.guard import WebhookGuard
from server.webhooks.webhooks import Webhooks
from tests.support.leads import draft, key

AT_ONCE = 4


async def main(uri: str, name: str, smtp_port: int, first: int, count: int) -> None:
    connection = await connect(uri, name)
    database = connection.database
    outbox = Outbox(database)
    webhooks = Webhooks(
        database, outbox, WebhookClient(WebhookGuard(["127.0.0.0/8", "::1"])), "https://desk.example"
    )
    post = mailer(f"smtp://127.0.0.1:{smtp_port}", "Baton <baton@desk.example>")
    kinds = job_kinds(database, post, webhooks, "https://desk.example")
    worker = Worker(outbox, [replace(kind, backoff=Backoff(0.05, 1, 0.05, 9)) for kind in kinds])
    capture = LeadCapture(database, outbox)
    await capture.start()
    await worker.start(alone=True)
    numbers = iter(range(first, first + count))

    async def visit() -> None:
        for n in numbers:
            outcome = await capture.captured(draft(f"v{n}@example.com", key("c0")))
            assert isinstance(outcome, Captured)
            sys.stdout.write(f"{n}\n")
            sys.stdout.flush()

    await asyncio.gather(*(visit() for _ in range(AT_ONCE)))
    await capture.drained()
    while (left := await outbox.counts())["pending"] + left["running"]:
        await asyncio.sleep(0.1)
    sys.stdout.write("idle\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], *(int(argument) for argument in sys.argv[3:])))
