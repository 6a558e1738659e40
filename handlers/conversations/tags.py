"""`/app/tags`, and the tags of conversations."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec
from msgspec import Meta

from actors.errors import Code
from actors.ids import ConversationId
from actors.messages import TagsPut
from actors.roles import Action
from handlers.access import Who
from handlers.answers import NO_SUCH_CONVERSATION, HttpError
from handlers.base import BaseHandler
from handlers.conversations.cleanup import by
from handlers.conversations.cleanup_ports import Tag, TagRefusedError
from handlers.shapes import Json
from handlers.sockets.frames_in import Id, clean

MOST_NAME_CHARACTERS = 40

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MOST_NAME_CHARACTERS)]
Colour: TypeAlias = Literal["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]
Some: TypeAlias = Annotated[list[Id], Meta(max_length=50)]


class NewTag(msgspec.Struct, frozen=True):
    """A tag to be made."""

    name: Name
    colour: Colour = "grey"


class TagChange(msgspec.Struct, frozen=True):
    """What is to be different."""

    name: Name | None = None
    colour: Colour | None = None


class PutTags(msgspec.Struct, frozen=True):
    """Which tags to put on, and which to take off."""

    add: Some = []
    remove: Some = []


class PutTagsOnMany(msgspec.Struct, frozen=True):
    """The same for several conversations."""

    ids: Annotated[list[Id], Meta(max_length=500)]
    add: Some = []
    remove: Some = []


class TagsHandler(BaseHandler):
    """`/app/tags`."""

    role: ClassVar[Who] = Action.LOOK
    by_method: ClassVar[Mapping[str, Who]] = {"POST": Action.MANAGE_TAGS}

    async def get(self) -> None:
        """Every tag of the workspace, by name."""
        tags = await self.services.tags.all(self.member.workspace.id)
        self.answer({"tags": [tag_json(tag) for tag in tags]})

    async def post(self) -> None:
        """Make one. Raises HttpError."""
        sent = self.body(NewTag)
        try:
            tag = await self.services.tags.make(by(self), _name(sent.name), sent.colour)
        except TagRefusedError as error:
            raise _refused(error) from error
        self.answer({"tag": tag_json(tag)}, HTTPStatus.CREATED)


class TagHandler(BaseHandler):
    """`/app/tags/{id}`."""

    role: ClassVar[Who] = Action.MANAGE_TAGS

    async def patch(self, tag_id: str) -> None:
        """Rename or colour it. Raises HttpError."""
        sent = self.body(TagChange)
        name = _name(sent.name) if sent.name is not None else None
        try:
            tag = await self.services.tags.change(by(self), tag_id, name, sent.colour)
        except TagRefusedError as error:
            raise _refused(error) from error
        if tag is None:
            raise _unknown()
        self.answer({"tag": tag_json(tag)})

    async def delete(self, tag_id: str) -> None:
        """Remove it, from every conversation. Raises HttpError."""
        if not await self.services.tags.remove(by(self), tag_id):
            raise _unknown()
        self.set_status(HTTPStatus.NO_CONTENT)


class ConversationTagsHandler(BaseHandler):
    """`POST /app/conversations/{id}/tags`."""

    role: ClassVar[Who] = Action.TAG

    async def post(self, conversation_id: str) -> None:
        """Put tags on it and take others off; unknown ones are dropped. Raises HttpError."""
        sent, key = self.body(PutTags), ConversationId(conversation_id)
        borne = await self.services.tags.put(by(self), [key], sent.add, sent.remove)
        if key not in borne:
            raise HttpError(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, NO_SUCH_CONVERSATION)
        self.answer({"conversation_id": key, **_borne_json(borne[key])})


class BulkTagHandler(BaseHandler):
    """`POST /app/conversations/bulk-tag`."""

    role: ClassVar[Who] = Action.TAG

    async def post(self) -> None:
        """The same for several; ids of other workspaces are dropped."""
        sent = self.body(PutTagsOnMany)
        ids = [ConversationId(each) for each in sent.ids]
        borne = await self.services.tags.put(by(self), ids, sent.add, sent.remove)
        self.answer({"conversations": [{"id": each, **_borne_json(now)} for each, now in borne.items()]})


def tag_json(tag: Tag) -> Json:
    """A tag."""
    return {"id": tag.id, "name": tag.name, "colour": tag.colour}


def _borne_json(now: TagsPut) -> Json:
    return {"tag_ids": list(now.tag_ids), "tags_version": now.version}


def _name(sent: str) -> str:
    name = " ".join(clean(sent).split())
    if not name:
        raise _refused(TagRefusedError("A tag needs a name."))
    return name


def _refused(error: TagRefusedError) -> HttpError:
    why = str(error)
    return HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, Code.INVALID, why, fields={"name": why})


def _unknown() -> HttpError:
    return HttpError(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, "There is no such tag.")
