"""`/app/me` and `/app/workspace`."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

import msgspec

from actors.ids import WorkspaceId
from actors.roles import Role
from handlers.access import Access, Who
from handlers.account.me import me_json
from handlers.answers import HttpError
from handlers.base import SESSION_COOKIE, WORKSPACE_COOKIE, BaseHandler
from handlers.sockets.frames_in import Id


class WorkspaceChoice(msgspec.Struct, frozen=True):
    """Which workspace to work in."""

    id: Id


class MeHandler(BaseHandler):
    """`GET /app/me`."""

    role: ClassVar[Who] = Role.VIEWER

    def get(self) -> None:
        """Who is asking, and what they may do."""
        self.answer(me_json(self.member))


class WorkspaceHandler(BaseHandler):
    """`POST /app/workspace`."""

    role: ClassVar[Who] = Access.SIGNED_IN

    async def post(self) -> None:
        """Work in another workspace from now on. One that is not yours does not exist."""
        wanted = WorkspaceId(self.body(WorkspaceChoice).id)
        self.session = await self.services.gate.session(self.get_cookie(SESSION_COOKIE) or "", wanted)
        place = self.session.membership if self.session else None
        if place is None or place.workspace.id != wanted:
            raise HttpError(HTTPStatus.NOT_FOUND, "not_found", "There is no such workspace.")
        self.keep_cookie(WORKSPACE_COOKIE, wanted, None)
        self.answer(me_json(self.member))
