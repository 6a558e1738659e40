"""A customer's site: a page of another origin than Baton's, under a policy as strict as a site can have."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from html import escape
from urllib.parse import urlsplit

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="icon" href="data:,">
  <title>{title}</title>
  <script async src="{baton}/widget.js" data-key="demo"></script>
</head>
<body><h1>A shop</h1><p>Lamps and chairs.</p></body>
</html>
"""
_POLICY = "default-src 'none'; script-src {baton}; connect-src {baton} {socket}; img-src {baton} data:"


OTHERS: dict[str, tuple[str, str]] = {}
"""Pages besides, by path: their HTML and policy. `{baton}` and `{socket}` stand for Baton's addresses."""


class _Shop(RequestHandler):
    def initialize(self, baton: str) -> None:
        self._baton = baton

    def get(self) -> None:
        """Any path: the shop, with the `title` asked for."""
        socket = self._baton.replace("http", "ws", 1)
        if other := OTHERS.get(self.request.path):
            html, policy = (
                text.replace("{baton}", self._baton).replace("{socket}", socket) for text in other
            )
            if policy:
                self.set_header("Content-Security-Policy", policy)
            self.finish(html)
            return
        self.set_header("Content-Security-Policy", _POLICY.format(baton=self._baton, socket=socket))
        self.finish(_PAGE.format(title=escape(self.get_query_argument("title", "Shop")), baton=self._baton))


@asynccontextmanager
async def shop(baton: str) -> AsyncGenerator[str]:
    """A site that carries the widget of the Baton at this address; gives the site's own address."""
    socket, port = bind_unused_port()
    server = HTTPServer(Application([(r"/.*", _Shop, {"baton": baton})]))
    server.add_sockets([socket])
    try:
        yield f"http://{urlsplit(baton).hostname}:{port}"
    finally:
        server.stop()
        await server.close_all_connections()
