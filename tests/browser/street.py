"""Visitors without a browser: for tests that look at what operators see, and not at what visitors do."""

from __future__ import annotations

import asyncio

from tests.support.wire_clients import VisitorClient


class Street:
    """Visitors without a browser of their own; the bot is done with each before the next thing happens."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._visitors: list[VisitorClient] = []
        self._number = 0

    async def visitor(self, *texts: str) -> VisitorClient:
        """Somebody who wrote this, and has their answers."""
        visitor = VisitorClient(self._url)
        self._visitors.append(visitor)
        await visitor.hello()
        for text in texts:
            await self.write(visitor, text)
        return visitor

    async def write(self, visitor: VisitorClient, text: str, *, answered: bool = True) -> None:
        """One more message."""
        self._number += 1
        ack = await visitor.post(text, f"street-{self._number}")
        if answered:
            await visitor.bot_answer(ack["seq"])

    async def ask_for_a_person(self, visitor: VisitorClient) -> None:
        """As by the button."""
        await visitor.ask({"type": "person.request"}, "person.ack")

    async def close(self) -> None:
        """Everybody leaves."""
        await asyncio.gather(*(visitor.close() for visitor in self._visitors))
