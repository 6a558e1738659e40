"""Deleting conversations: one, those that are ticked, all that a list shows, those in which nobody wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from actors.errors import Code
from actors.ids import ConversationId
from actors.roles import Action
from handlers.access import Who
from handlers.answers import NO_SUCH_CONVERSATION, HttpError
from handlers.base import BaseHandler
from handlers.conversations.cleanup_ports import By, Deleted, Preview
from handlers.conversations.conversations import MOST_SEARCHED, ConsoleHandler, ConversationHandler
from handlers.ports import ConversationQuery, HeldBy, Show
from handlers.shapes import Json, instant
from handlers.sockets.frames_in import Id

MOST_IDS = 10_000


class Matching(msgspec.Struct, frozen=True):
    """The filters of a list."""

    show: Show = "engaged"
    q: Annotated[str, Meta(max_length=MOST_SEARCHED)] = ""
    holder: HeldBy | Literal[""] = ""
    tag: Annotated[str, Meta(max_length=64)] = ""


class BulkDelete(msgspec.Struct, frozen=True):
    """`ids`, or `matching` with the `at` of its preview."""

    ids: Annotated[list[Id], Meta(max_length=MOST_IDS)] = []
    matching: Matching | None = None
    at: datetime | None = None


def by(handler: BaseHandler) -> By:
    """Who asks."""
    member = handler.member
    return By(member.workspace.id, member.account.user_id, handler.origin)


class OneConversationHandler(ConversationHandler):
    """`/app/conversations/{id}`: looking at it, and deleting it."""

    by_method: ClassVar[Mapping[str, Who]] = {"DELETE": Action.DELETE}

    async def delete(self, conversation_id: str) -> None:
        """Delete it. Raises HttpError."""
        deleted = await self.services.cleanup.delete(by(self), [ConversationId(conversation_id)])
        if not deleted.count:
            raise HttpError(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, NO_SUCH_CONVERSATION)
        self.set_status(HTTPStatus.NO_CONTENT)


class BulkDeleteHandler(BaseHandler):
    """`POST /app/conversations/bulk-delete`."""

    role: ClassVar[Who] = Action.DELETE

    async def post(self) -> None:
        """Delete those of these ids that are ours, or all that a list showed. Raises HttpError."""
        sent = self.body(BulkDelete)
        if sent.matching is None:
            ids = [ConversationId(each) for each in sent.ids]
            self.answer(_deleted_json(await self.services.cleanup.delete(by(self), ids)))
            return
        if sent.at is None or sent.at.tzinfo is None:
            why = "Say what was previewed: the preview's `at`."
            raise HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, Code.INVALID, why, fields={"at": why})
        query = self._query(sent.matching)
        self.answer(_deleted_json(await self.services.cleanup.delete_matching(by(self), query, sent.at)))

    def _query(self, matching: Matching) -> ConversationQuery:
        return ConversationQuery(
            user_id=self.member.account.user_id,
            show=matching.show,
            q=matching.q,
            holder=matching.holder or None,
            tag=matching.tag or None,
        )


class DeleteEmptyHandler(BaseHandler):
    """`POST /app/conversations/delete-empty`."""

    role: ClassVar[Who] = Action.DELETE

    async def post(self) -> None:
        """Delete every conversation in which no visitor wrote."""
        self.answer(_deleted_json(await self.services.cleanup.delete_empty(by(self))))


class DeletePreviewHandler(ConsoleHandler):
    """`GET /app/conversations/delete-preview`: with the list's own parameters, or `empty=1`."""

    role: ClassVar[Who] = Action.DELETE
    html: ClassVar[bool] = False

    async def get(self) -> None:
        """What would go."""
        workspace_id, cleanup = self.member.workspace.id, self.services.cleanup
        if self.get_query_argument("empty", ""):
            self.answer(_preview_json(await cleanup.preview_empty(workspace_id)))
        else:
            self.answer(_preview_json(await cleanup.preview(workspace_id, self.query())))


def _deleted_json(deleted: Deleted) -> Json:
    return {"deleted": deleted.count, **({"left": deleted.left} if deleted.left else {})}


def _preview_json(preview: Preview) -> Json:
    return {"count": preview.count, "leads": preview.leads, "at": instant(preview.at)}
