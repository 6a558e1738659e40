"""The ways in: the front door, the demo page, and what there is for a wrong address."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import ClassVar, NoReturn

from tornado.httputil import HTTPServerRequest
from tornado.web import stream_request_body
from typing_extensions import override

from actors.speech import ENGLISH, LANGUAGES, direction
from handlers.access import Access, Who
from handlers.answers import plain
from handlers.base import BaseHandler
from handlers.ports import UnavailableError
from handlers.widget.languages import negotiated

DEMO_KEY = "demo"
DRAINED_BYTES = 16 * 1024 * 1024
"""How much of a body that is too large is read, and thrown away, for its sender to hear why."""

_DIGITS = 18  # more than any length that we would take has


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
        """The page, in the language that was asked for, or the browser's."""
        if not self.services.config.demo:
            raise plain(HTTPStatus.NOT_FOUND)
        accepted = self.request.headers.get("Accept-Language", "")
        language = negotiated(self.get_query_argument("lang", ""), accepted, ENGLISH)
        self.page(
            "demo.html",
            key=DEMO_KEY,
            base_url=self.services.config.base_url,
            language=language,
            direction=direction(language),
            languages=LANGUAGES.items(),
            _=self.services.speech.words(language).say,
        )


class NotFoundHandler(BaseHandler):
    """Every other address."""

    role: ClassVar[Who] = Access.PUBLIC
    html: ClassVar[bool] = True

    @override
    async def prepare(self) -> None:
        if not self.wants_json:
            with suppress(UnavailableError):
                await self.load_session()  # who is signed in keeps the console around them
        raise plain(HTTPStatus.NOT_FOUND)


@stream_request_body
class TooLargeHandler(BaseHandler):
    """Refuses a body that is too large, at its end: who is still sending does not hear an answer."""

    role: ClassVar[Who] = Access.PUBLIC

    @override
    async def prepare(self) -> None:
        if declared_length(self.request) > DRAINED_BYTES:
            self._refuse()

    @override
    def data_received(self, chunk: bytes) -> None:
        """Let it go."""

    def _refuse(self, *_: str) -> NoReturn:
        raise plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    get = head = post = put = patch = delete = options = _refuse


def declared_length(request: HTTPServerRequest) -> int:
    """How long the body is going to be by its header, 0 without one."""
    declared = request.headers.get("Content-Length", "")[:_DIGITS]
    return int(declared) if declared.isascii() and declared.isdigit() else 0
