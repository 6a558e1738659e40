"""Cursors of the lead feed: a position that only we can have written, for one workspace."""

from __future__ import annotations

import base64
import hashlib
import hmac

from actors.ids import WorkspaceId
from server.store.cursors import CursorError

_CHARACTERS = 64
_SEAL_BYTES = 16


class FeedCursors:
    """Seals positions with the secret key. A cursor is `POSITION.SEAL`, opaque to those who carry it."""

    def __init__(self, secret_key: str) -> None:
        self._key = hmac.digest(secret_key.encode(), b"baton lead feed cursor", "sha256")

    def seal(self, workspace_id: WorkspaceId, seq: int) -> str:
        """The cursor that stands after lead number `seq`."""
        return f"{seq}.{self._seal(workspace_id, seq)}"

    def open(self, workspace_id: WorkspaceId, cursor: str) -> int:
        """The number that a cursor stands after.

        Raises:
            CursorError: it is none that we gave out for this workspace.
        """
        position, _, seal = cursor.partition(".")
        usual = position.isascii() and position.isdigit() and len(cursor) <= _CHARACTERS
        if not usual or not hmac.compare_digest(
            seal.encode("utf-8", "replace"), self._seal(workspace_id, int(position)).encode()
        ):
            raise CursorError("This is no cursor of this feed. Ask again without one to get the present one.")
        return int(position)

    def _seal(self, workspace_id: WorkspaceId, seq: int) -> str:
        digest = hmac.digest(self._key, f"{workspace_id}\n{seq}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:_SEAL_BYTES]).decode().rstrip("=")
