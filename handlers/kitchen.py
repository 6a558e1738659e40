"""The kitchen: every component of the console in every state, for those who build pages."""

from __future__ import annotations

from http import HTTPStatus

from handlers.answers import plain
from handlers.conversations.conversations import ConsoleHandler


class KitchenHandler(ConsoleHandler):
    """`GET /app/_kitchen`, in the demo alone: who runs Baton for a site has no use for it."""

    async def get(self) -> None:
        """The page."""
        if not self.services.config.demo:
            raise plain(HTTPStatus.NOT_FOUND)
        await self.console("kitchen.html", "kitchen", {}, None)
