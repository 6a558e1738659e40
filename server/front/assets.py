"""Static files: read once, packed once, served under one hash of them all."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path, PurePosixPath

from handlers.ports import Asset
from handlers.widget.widget import LOADER
from server.front.bundle import bundled, entries, joined
from server.front.slim import slim
from server.front.visitor_files import ENTRY, carried, visitor_files

PACKED_FROM_BYTES = 512
PUBLIC_TYPES = "widget.d.ts"
"""The types of the widget's API, for developers of sites to download."""

_HASH_CHARACTERS = 12
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".map": "application/json; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".ts": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".woff2": "font/woff2",
}
_TEXTS = (".css", ".js", ".json")
_SLIMMED = frozenset({".css", ".js"})
_ALREADY_PACKED = frozenset({".jpg", ".png", ".woff2", ".ico"})


class Assets:
    """The files below a folder, by their path in it. Only what was read is known: nothing outside has a name.

    One hash names all of them. A script or a sheet has all it imports in it, and what others import or carry
    has no address of its own. Types a browser has no use for, such as declarations for the type checker, are
    left out.
    """

    def __init__(self, folder: Path) -> None:
        bodies = {
            path.relative_to(folder).as_posix(): _read(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and _is_served(path)
        }
        texts = {path: bodies.pop(path).decode() for path in list(bodies) if path.endswith(_TEXTS)}
        bodies.update((path, text.encode()) for path, text in _delivered(texts).items())
        self._files = {path: _packed(path, body) for path, body in bodies.items()}
        self.hash = _hash(self._files)

    def url(self, path: str) -> str:
        """The address of a file, whose content never changes. Raises KeyError when there is none."""
        if path not in self._files:
            raise KeyError(f"there is no web/assets/{path}")
        return f"/assets/{self.hash}/{path}"

    def find(self, path: str) -> Asset | None:
        """A file, or None."""
        return self._files.get(path)


def _is_served(path: Path) -> bool:
    return path.suffix in _TYPES and (path.suffix != ".ts" or path.name == PUBLIC_TYPES)


def _read(path: Path) -> bytes:
    body = path.read_bytes()
    return slim(path.name, body.decode()).encode() if path.suffix in _SLIMMED else body


def _delivered(texts: dict[str, str]) -> dict[str, str]:
    """What browsers ask for, made of what was written."""
    others = {LOADER, ENTRY, *carried(texts)}
    return {
        **{path: _whole(path, texts) for path in entries(texts) if path not in others},
        **(visitor_files(texts) if ENTRY in texts else {}),
    }


def _whole(path: str, texts: dict[str, str]) -> str:
    if path.endswith(".css"):
        return joined(path, texts)
    return bundled(path, texts) if path.endswith(".js") else texts[path]


def _packed(path: str, body: bytes) -> Asset:
    suffix = PurePosixPath(path).suffix
    packs = suffix not in _ALREADY_PACKED and len(body) >= PACKED_FROM_BYTES
    packed = gzip.compress(body, mtime=0) if packs else None
    return Asset(body, packed if packed and len(packed) < len(body) else None, _TYPES[suffix])


def _hash(files: dict[str, Asset]) -> str:
    digest = hashlib.sha256()
    for path, asset in sorted(files.items()):
        digest.update(f"{path}\0{len(asset.body)}\0".encode())
        digest.update(asset.body)
    return digest.hexdigest()[:_HASH_CHARACTERS]
