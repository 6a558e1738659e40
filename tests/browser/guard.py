"""What must not happen in a browser while a test runs, whatever the test itself looks at."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError, WebSocket

_LOCAL_SCHEMES = {"data", "blob", "about"}
# Chromium reports a violated policy in the console too, but not for a policy that only reports.
_TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
  console.error(`CSP violation: ${violatedDirective} blocked ${blockedURI} at ${sourceFile}:${lineNumber}`));
"""


class Guard:
    """Collects console errors, uncaught errors, policy violations, dialogs and requests to strangers.

    `allow` names what a test brings about on purpose; everything else that was found fails it.
    """

    def __init__(self, *urls: str) -> None:
        self._hosts = {urlsplit(url).netloc for url in urls}
        self._found: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    @staticmethod
    async def prepare(context: BrowserContext) -> None:
        """Have its pages tell of what only they hear of; once for each context."""
        await context.add_init_script(_TELL_VIOLATIONS)

    def watch(self, context: BrowserContext) -> None:
        """Watch every page of this context from now on, and those that are there."""
        for event, heard in self._events():
            context.on(event, heard)
        for page in context.pages:
            self._opened(page)

    def unwatch(self, context: BrowserContext) -> None:
        """Look away; its pages are closed."""
        for event, heard in self._events():
            context.remove_listener(event, heard)

    def _events(self) -> list[tuple[Any, Callable[..., Any]]]:
        return [
            ("console", self._said),
            ("weberror", self._threw),
            ("dialog", self._asked),
            ("request", self._requested),
            ("page", self._opened),
        ]

    def allow(self, *patterns: str) -> None:
        """What this test expects to find, as patterns of `found`'s lines."""
        self._allowed += map(re.compile, patterns)

    @property
    def found(self) -> list[str]:
        """What happened and was not allowed."""
        return [line for line in self._found if not any(each.search(line) for each in self._allowed)]

    def _opened(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._connected(page, socket))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            url = message.page.url if message.page else "?"
            where = message.location.get("url", "") if message.location else ""
            self._found.append(f"console.{message.type} on {url}: {message.text} ({where})")

    def _threw(self, error: WebError) -> None:
        self._found.append(f"uncaught: {error.error}")

    async def _asked(self, dialog: Dialog) -> None:
        self._found.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _requested(self, request: Request) -> None:
        self._check(request.url, f"request of {request.resource_type}")

    def _connected(self, page: Page, socket: WebSocket) -> None:
        self._check(socket.url, f"socket of {page.url}")

    def _check(self, url: str, what: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _LOCAL_SCHEMES and parts.netloc not in self._hosts:
            self._found.append(f"foreign {what}: {url}")
