"""What ops ask: is it alive, is it ready, what does it measure."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from handlers.access import Access, Who
from handlers.base import BaseHandler


class HealthHandler(BaseHandler):
    """`GET /healthz`."""

    role: ClassVar[Who] = Access.PUBLIC

    def get(self) -> None:
        """Alive, since it answers."""
        self.answer({"status": "ok"})

    head = get


class ReadyHandler(BaseHandler):
    """`GET /readyz`."""

    role: ClassVar[Who] = Access.PUBLIC

    def get(self) -> None:
        """Ready to take messages, or 503 and why not."""
        problems = self.services.health.problems()
        if problems:
            self.answer({"status": "not ready", "problems": list(problems)}, HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            self.answer({"status": "ready", "problems": []})

    head = get


class MetricsHandler(BaseHandler):
    """`GET /metrics`."""

    role: ClassVar[Who] = Access.PUBLIC

    def get(self) -> None:
        """Prometheus text."""
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send(self.services.health.metrics().encode())
