"""The Tornado application and its HTTP server, with the limits that were measured."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler
from typing_extensions import override

from handlers.base import shown_path
from handlers.doors.home import DRAINED_BYTES, NotFoundHandler, TooLargeHandler, declared_length
from handlers.management.knowledge import MAX_UPLOAD_BYTES
from handlers.ports import Services
from handlers.routes import routes

MAX_BODY_BYTES = 256 * 1024
UPLOADS = "/app/settings/knowledge"
LONG_LISTS = "/app/conversations/bulk-delete"
MAX_LIST_BYTES = 1024 * 1024
MAX_HEADER_BYTES = 16 * 1024
MAX_BUFFER_BYTES = 1024 * 1024
IDLE_S = 15.0
BODY_S = 10.0
BACKLOG = 4096

MAX_SOCKET_MESSAGE_BYTES = 256 * 1024
"""More than a frame may have: one that is a little too large is answered in order, by our own close code."""

_log = logging.getLogger(__name__)


class BatonApplication(Application):
    """The routes; a body that is too large is refused before it is read."""

    def __init__(self, services: Services) -> None:
        self._shared: dict[str, Any] = {"services": services}
        super().__init__(
            routes(services),  # pyright: ignore[reportArgumentType] - a list of what Tornado takes one by one
            default_handler_class=NotFoundHandler,
            default_handler_args=self._shared,
            log_function=_log_request,
            websocket_max_message_size=MAX_SOCKET_MESSAGE_BYTES,
            xsrf_cookie_kwargs={
                "samesite": "Lax",
                "secure": services.config.base_url.startswith("https:"),
                "path": "/",
            },
            xsrf_cookie_version=2,
        )

    @override
    def find_handler(self, request: HTTPServerRequest, **kwargs: Any) -> Any:
        length = declared_length(request)
        connection: Any = request.connection
        most = _most_bytes(request.path)
        if MAX_BODY_BYTES < length <= most:
            connection.set_max_body_size(most)
        elif length > most:
            connection.set_max_body_size(DRAINED_BYTES)
            return self.get_handler_delegate(request, TooLargeHandler, self._shared)
        return super().find_handler(request, **kwargs)


def make_server(services: Services) -> HTTPServer:
    """A server that still has to be given sockets."""
    return HTTPServer(
        BatonApplication(services),
        idle_connection_timeout=IDLE_S,
        body_timeout=BODY_S,
        max_body_size=MAX_BODY_BYTES,
        max_header_size=MAX_HEADER_BYTES,
        max_buffer_size=MAX_BUFFER_BYTES,
    )


def _most_bytes(path: str) -> int:
    if path.startswith(UPLOADS):
        return MAX_UPLOAD_BYTES
    return MAX_LIST_BYTES if path == LONG_LISTS else MAX_BODY_BYTES


def _log_request(handler: RequestHandler) -> None:
    """One line a request, without its query or a link's token: they may carry a key."""
    status = handler.get_status()
    level = logging.WARNING if status >= HTTPStatus.INTERNAL_SERVER_ERROR else logging.DEBUG
    if not _log.isEnabledFor(level):
        return
    took_ms = 1000 * handler.request.request_time()
    path = shown_path(handler.request.path)
    _log.log(level, "%d %s %s %.1f ms", status, handler.request.method, path, took_ms)
