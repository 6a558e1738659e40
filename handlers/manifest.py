"""`/app/manifest.webmanifest`: what makes the console an app on a phone or a desk."""

from __future__ import annotations

from typing import ClassVar

from handlers.access import Access, Who
from handlers.base import BaseHandler
from handlers.files import SHORT
from handlers.shapes import Json
from handlers.sockets.wire import to_json

_PAPER = "#fbfaf7"
_TYPE = "application/manifest+json; charset=UTF-8"
_SHORTCUTS = (
    ("Waiting", "/app/conversations?holder=waiting"),
    ("Inbox", "/app/inbox"),
    ("Overview", "/app/overview"),
)


class ManifestHandler(BaseHandler):
    """The manifest. Browsers fetch it without the session, and it tells nothing of a workspace."""

    role: ClassVar[Who] = Access.PUBLIC

    def get(self) -> None:
        """The manifest, under an address that stays the same for years."""
        self.set_header("Content-Type", _TYPE)
        self.set_header("Cache-Control", SHORT)
        self.send(to_json(self._manifest()))

    def _manifest(self) -> Json:
        icons = (
            ("icon-192.png", "192x192", "image/png", "any"),
            ("icon-512.png", "512x512", "image/png", "any"),
            ("icon-maskable-512.png", "512x512", "image/png", "maskable"),
            ("icon-app.svg", "any", "image/svg+xml", "any"),
        )
        return {
            "id": "/app",
            "name": "Baton",
            "short_name": "Baton",
            "description": "The desk behind your site's chat.",
            "start_url": "/app",
            "scope": "/",
            "display": "standalone",
            "background_color": _PAPER,
            "theme_color": _PAPER,
            "icons": [
                {
                    "src": self.services.assets.url(f"console/icons/{name}"),
                    "sizes": size,
                    "type": kind,
                    "purpose": use,
                }
                for name, size, kind, use in icons
            ],
            "shortcuts": [{"name": name, "url": url} for name, url in _SHORTCUTS],
        }
