"""`/app/settings/knowledge`: what the agent answers from."""

from __future__ import annotations

import unicodedata
from http import HTTPStatus
from pathlib import PurePosixPath

from handlers.answers import HttpError
from handlers.management.management_ports import NameTakenError, SourceRow, UnreadableError
from handlers.management.settings import BaseSettings
from handlers.shapes import Json, instant

MAX_UPLOAD_BYTES = 1024 * 1024
PASSAGES = 50
MOST_PASSAGES = 100_000
_NAME_CHARACTERS = 120


class BaseKnowledge(BaseSettings):
    """Sources, and files that are sent."""

    def file(self) -> tuple[str, bytes]:
        """The file's name, from the address, and its bytes, which are the whole body. Raises HttpError."""
        name = " ".join(self.get_query_argument("name", "").split())
        if not name or len(name) > _NAME_CHARACTERS or not _is_path(name):
            raise wrong(
                "name", f"Give it a name of at most {_NAME_CHARACTERS} characters, such as shipping.md."
            )
        data = self.request.body
        if len(data) > MAX_UPLOAD_BYTES:
            raise wrong(
                "file",
                "A file has at most 1 MiB. Split it into several.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
        if not data.strip():
            raise wrong("file", "There is nothing in it. Write or choose some text.")
        return name, data


class KnowledgeHandler(BaseKnowledge):
    """`/app/settings/knowledge`."""

    async def get(self) -> None:
        """Every source."""
        sources = await self.services.management.knowledge.sources(self.member.workspace.id)
        shown: Json = {"sources": [source_json(source) for source in sources]}
        if self.wants_json:
            self.answer(shown)
        else:
            await self.console("settings/knowledge.html", "knowledge", shown, None)

    async def post(self) -> None:
        """Add a source: `?name=shipping.md`, and the file as the body."""
        name, data = self.file()
        try:
            source = await self.services.management.knowledge.add(self.doer, name, data)
        except UnreadableError as error:
            raise wrong("file", _sentence(str(error), name)) from error
        except NameTakenError as error:
            raise wrong("name", str(error), HTTPStatus.CONFLICT) from error
        self.answer({"source": source_json(source)}, HTTPStatus.CREATED)


class SourceHandler(BaseKnowledge):
    """`/app/settings/knowledge/{id}`."""

    async def get(self, source_id: str) -> None:
        """A source's passages; `start` is the position of the first."""
        start = self.number("start", 0, MOST_PASSAGES)
        knowledge = self.services.management.knowledge
        found = await knowledge.passages(self.member.workspace.id, source_id, start, PASSAGES)
        if found is None:
            raise _no_source()
        source, passages = found
        following = start + PASSAGES
        shown: Json = {
            "source": source_json(source),
            "passages": [{"position": p.position, "title": p.title, "text": p.text} for p in passages],
            "start": start,
            "next": following if following < source.passage_count else None,
        }
        if self.wants_json:
            self.answer(shown)
        else:
            await self.console("settings/source.html", "source", shown, None)

    async def post(self, source_id: str) -> None:
        """Put a file in its place: `?name=` says by its ending what it is written in."""
        name, data = self.file()
        try:
            source = await self.services.management.knowledge.replace(self.doer, source_id, name, data)
        except UnreadableError as error:
            raise wrong("file", _sentence(str(error), name)) from error
        except NameTakenError as error:
            raise wrong("name", str(error), HTTPStatus.CONFLICT) from error
        if source is None:
            raise _no_source()
        self.answer({"source": source_json(source)})

    async def delete(self, source_id: str) -> None:
        """Remove it."""
        if not await self.services.management.knowledge.delete(self.doer, source_id):
            raise _no_source()
        self.set_status(HTTPStatus.NO_CONTENT)


def source_json(source: SourceRow) -> Json:
    """A source as the page has it."""
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "passage_count": source.passage_count,
        "updated_at": instant(source.updated_at),
        "url": source.url,
    }


def wrong(field: str, message: str, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> HttpError:
    """A field that cannot be taken as it is."""
    code = "conflict" if status == HTTPStatus.CONFLICT else "invalid"
    return HttpError(status, code, message, fields={field: message})


def _no_source() -> HttpError:
    return HttpError(HTTPStatus.NOT_FOUND, "not_found", "There is no such source.")


def _is_path(name: str) -> bool:
    """Names are paths of files, which `baton knowledge import` gives too."""
    odd = any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in name)
    return not odd and ".." not in PurePosixPath(name).parts


def _sentence(words: str, name: str) -> str:
    plain = words.removeprefix(f"{name}: ")
    return f"{plain[:1].upper()}{plain[1:]}."
