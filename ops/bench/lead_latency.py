"""What a visitor waits for, beside receivers that are well and beside receivers that are black holes.

    python -m ops.bench lead_latency [--rounds 300] [--pause 0.05] [--warm-up 30]

Starts two servers of its own on embedded engines. One mails to a server that takes mail and tells a webhook
that answers; the other mails into a port that says nothing and tells a webhook that hangs. Each round sends a
lead and a message to both at once, so that whatever else the machine does falls on both alike. Prints the
median and p99 of both, their ratio, and what the receivers got; fails when a ratio is above 1.2.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from tests.support.http_peer import http_peer
from tests.support.process import BatonProcess
from tests.support.smtp_peer import black_hole, smtp_peer
from tests.support.wire_clients import VisitorClient

ALLOWED_RATIO = 1.2
LEADS_OF_ONE = 8
"""What one visitor sends in little time is limited."""

MOST_ROUNDS = 400
_SECRET = "whsec_YSBzZWNyZXQgb2YgdGhlIGJlbmNobWFyaywgbm8gb3RoZXI="  # noqa: S105 - of this run alone


@dataclass
class Side:
    """One of the servers, its visitors, and how long they waited, in ms."""

    name: str
    process: BatonProcess
    visitors: list[VisitorClient] = field(default_factory=list[VisitorClient])
    leads: list[float] = field(default_factory=list[float])
    acks: list[float] = field(default_factory=list[float])

    async def come(self, visitors: int) -> None:
        """Let visitors open the widget."""
        for _ in range(visitors):
            visitor = VisitorClient(self.process.url)
            await visitor.hello()
            self.visitors.append(visitor)

    async def lead(self, n: int) -> float:
        """Leave a lead; gives how long its answer took."""
        request = HTTPRequest(
            f"{self.process.url}/widget/demo/leads",
            method="POST",
            # Each from an address of its own: what one address may send is limited.
            headers={
                "Content-Type": "application/json",
                "Origin": "https://shop.example",
                "X-Forwarded-For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}",
            },
            body=json.dumps(
                {
                    "visitor_token": self.visitors[n % len(self.visitors)].token,
                    "email": f"visitor{n}@example.com",
                }
            ),
        )
        began = time.perf_counter()
        response = await AsyncHTTPClient().fetch(request, raise_error=False)
        took_ms = (time.perf_counter() - began) * 1000
        if response.code != 201:  # noqa: PLR2004 - Created
            raise SystemExit(f"{self.name}: a lead was answered {response.code}: {response.body[:300]!r}")
        return took_ms

    async def message(self, n: int) -> float:
        """Write a message; gives how long its ack took."""
        visitor = self.visitors[n % len(self.visitors)]
        began = time.perf_counter()
        await visitor.post(f"Message {n}", f"m{n}")
        took_ms = (time.perf_counter() - began) * 1000
        visitor.frames.clear()
        return took_ms

    async def turn(self, n: int, *, measured: bool) -> None:
        """One lead and one message."""
        lead_ms, ack_ms = await self.lead(n), await self.message(n)
        if measured:
            self.leads.append(lead_ms)
            self.acks.append(ack_ms)


@asynccontextmanager
async def side(
    name: str, folder: Path, mail_port: int, hook_url: str, visitors: int
) -> AsyncGenerator[Side, None]:
    """A server with these receivers."""
    process = BatonProcess(
        folder / name,
        BATON_MAIL_URL=f"smtp://127.0.0.1:{mail_port}",
        BATON_WEBHOOK_ALLOW="127.0.0.0/8,::1",
        BATON_TRUSTED_PROXIES="127.0.0.1",
    )
    async with process:
        with process.mongo() as mongo:
            mongo["baton"]["webhook_endpoints"].insert_one(
                {
                    "_id": "bench",
                    "workspace_id": "demo",
                    "url": hook_url,
                    "events": ["lead.captured"],
                    "secret": _SECRET,
                    "enabled": True,
                    "created_at": datetime.now(UTC),
                }
            )
        each = Side(name, process)
        await each.come(visitors)
        try:
            yield each
        finally:
            for visitor in each.visitors:
                await visitor.close()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def report(what: str, healthy: Sequence[float], holes: Sequence[float]) -> bool:
    """Print one kind of waiting; gives whether its ratios are as they must be."""
    fine = True
    for name, share in (("median", 0.5), ("p99", 0.99)):
        well, ill = percentile(healthy, share), percentile(holes, share)
        ratio = ill / well
        fine = fine and ratio <= ALLOWED_RATIO
        verdict = "" if ratio <= ALLOWED_RATIO else f"   above {ALLOWED_RATIO}"
        print(f"{what:<14} {name:<7} {well:8.1f} ms {ill:8.1f} ms   ratio {ratio:.2f}{verdict}")
    return fine


async def measure(rounds: int, pause_s: float, warm_up: int) -> int:
    """Run; gives the exit code."""
    visitors = -(-(rounds + warm_up) // LEADS_OF_ONE)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        mail = await stack.enter_async_context(smtp_peer())
        hook = await stack.enter_async_context(http_peer())
        hanging = await stack.enter_async_context(black_hole())
        silent = await stack.enter_async_context(black_hole())
        healthy = await stack.enter_async_context(
            side("healthy", folder, mail.port, f"{hook.url}/hook", visitors)
        )
        holes = await stack.enter_async_context(
            side("holes", folder, silent, f"http://127.0.0.1:{hanging}/hook", visitors)
        )
        for n in range(warm_up + rounds):
            # At once, in changing order: a moment in which the machine does something else falls on both.
            sides = random.sample((healthy, holes), 2)
            await asyncio.gather(*(each.turn(n, measured=n >= warm_up) for each in sides))
            await asyncio.sleep(pause_s)
        print(f"{rounds} rounds{'':<14}{'healthy':>11} {'holes':>11}")
        fine = report("lead captured", healthy.leads, holes.leads)
        fine = report("message acked", healthy.acks, holes.acks) and fine
        print(
            f"the healthy receivers got {len(mail.mails)} mails and {len(hook.requests)} webhooks meanwhile"
        )
        with holes.process.mongo() as mongo:
            waiting = mongo["baton"]["jobs"].count_documents({"status": {"$in": ["pending", "running"]}})
        print(f"{waiting} jobs wait for the black holes; mean lead {statistics.fmean(holes.leads):.1f} ms")
        return 0 if fine else 1


def main(argv: Sequence[str]) -> int:
    """Run it; gives the exit code."""
    parser = argparse.ArgumentParser(description="What visitors wait for while receivers hang.")
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--pause", type=float, default=0.05)
    parser.add_argument("--warm-up", type=int, default=30)
    given = parser.parse_args(argv)
    if given.rounds + given.warm_up > MOST_ROUNDS:
        parser.error(f"rounds and warm-up are {MOST_ROUNDS} at most: new visitors of one address are limited")
    return asyncio.run(measure(given.rounds, given.pause, given.warm_up))
