"""The ways in: the front door, the demo page, and what there is for a wrong address."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from tornado.web import stream_request_body
from typing_extensions import override

from handlers.access import Access, Who
from handlers.answers import plain
from handlers.base import BaseHandler

DEMO_KEY = "demo"


class HomeHandler(BaseHandler):
    """`GET /` and `GET /app`."""

    role: ClassVar[Who] = Access.PUBLIC
    html: ClassVar[bool] = True

    def get(self) -> None:
        """On to the desk, which asks who is not signed in to do so."""
        self.redirect("/app/conversations")


class DemoHandler(BaseHandler):
    """`GET /demo`: a page with the widget on it, where the demo workspace is."""

    role: ClassVar[Who] = Access.PUBLIC
    html: ClassVar[bool] = True

    def get(self) -> None:
        """The page."""
        if not self.services.config.demo:
            raise plain(HTTPStatus.NOT_FOUND)
        self.page("demo.html", key=DEMO_KEY, base_url=self.services.config.base_url)


class NotFoundHandler(BaseHandler):
    """Every other address."""

    role: ClassVar[Who] = Access.PUBLIC
    html: ClassVar[bool] = True

    @override
    async def prepare(self) -> None:
        raise plain(HTTPStatus.NOT_FOUND)


@stream_request_body
class TooLargeHandler(BaseHandler):
    """Answers before a body that is too large has come in."""

    role: ClassVar[Who] = Access.PUBLIC

    @override
    async def prepare(self) -> None:
        raise plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    @override
    def data_received(self, chunk: bytes) -> None:
        """Let it go."""
