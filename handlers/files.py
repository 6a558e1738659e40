"""Static files, served from memory."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from handlers.access import Access, Who
from handlers.answers import plain
from handlers.base import BaseHandler

if TYPE_CHECKING:
    from handlers.ports import Asset

IMMUTABLE = "public, max-age=31536000, immutable"
SHORT = "public, max-age=60"
_GZIP = re.compile(r"(?:^|[\s,])gzip(?:\s*;\s*q=(?P<q>[0-9.]+))?", re.IGNORECASE)


class AssetHandler(BaseHandler):
    """`GET /assets/{hash}/{path}`. Under an old hash there is the present file, for a minute."""

    role: ClassVar[Who] = Access.PUBLIC

    def get(self, hash_: str, path: str) -> None:
        """A file."""
        asset = self.services.assets.find(path)
        if asset is None:
            raise plain(HTTPStatus.NOT_FOUND)
        send_asset(self, asset, IMMUTABLE if hash_ == self.services.assets.hash else SHORT)

    head = get


def send_asset(handler: BaseHandler, asset: Asset, cached: str) -> None:
    """Answer with a file, packed if the client can unpack it. Pages of any site may load it."""
    handler.set_header("Content-Type", asset.content_type)
    handler.set_header("Cache-Control", cached)
    handler.set_header("Vary", "Accept-Encoding")
    handler.set_header("Access-Control-Allow-Origin", "*")
    handler.set_header("Cross-Origin-Resource-Policy", "cross-origin")
    body = asset.body
    if asset.gzipped is not None and _takes_gzip(handler.request.headers.get("Accept-Encoding", "")):
        handler.set_header("Content-Encoding", "gzip")
        body = asset.gzipped
    handler.send(body)


def _takes_gzip(accepted: str) -> bool:
    found = _GZIP.search(accepted)
    return found is not None and found["q"] not in {"0", "0.0", "0.00", "0.000"}
