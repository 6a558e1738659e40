"""Files of knowledge, read into sections: Markdown, HTML and plain text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from urllib.parse import urlsplit

from bs4.dammit import UnicodeDammit

from actors.errors import BatonError
from server.knowledge.html_pages import read_html
from server.knowledge.markdown import read_markdown
from server.knowledge.passages import Passage, split
from server.knowledge.sections import read_text

MAX_BYTES = 5 * 1024 * 1024  # a book of 800,000 words; splitting it takes about 2 s
MAX_PASSAGES = 5_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|url)[ \t]*:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


class DocumentError(BatonError):
    """A file that cannot be read as knowledge, and why."""


class Kind(StrEnum):
    """What a knowledge source is written in."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"


SUFFIXES = {
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
}


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content. `url` is where people read it, empty when it has no address."""

    kind: Kind
    passages: tuple[Passage, ...]
    url: str = ""

    @property
    def digest(self) -> str:
        """The same for the same content."""
        content = "\0".join(f"{each}" for each in self.passages)
        return hashlib.sha256(f"{self.kind}\0{self.url}\0{content}".encode()).hexdigest()


def kind_of(name: str) -> Kind | None:
    """The kind that a file's ending stands for, or None."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def read_document(name: str, data: bytes) -> Document:
    """A file's passages.

    Raises:
        DocumentError: it is of no kind we read, too large, not text, or holds nothing to read.
    """
    kind = kind_of(name)
    if kind is None:
        raise DocumentError(f"{name}: only Markdown, HTML and text files can be read")
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{name}: larger than {MAX_BYTES // (1024 * 1024)} MiB")
    document = _READERS[kind](_decoded(name, data, kind), PurePath(name).stem)
    if not document.passages:
        raise DocumentError(f"{name}: holds no text")
    if len(document.passages) > MAX_PASSAGES:
        raise DocumentError(f"{name}: more than {MAX_PASSAGES:,} passages; split it into several files")
    return document


def _decoded(name: str, data: bytes, kind: Kind) -> str:
    for encoding in _encodings(data, kind):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" in text:
            raise DocumentError(f"{name}: is not a text file")
        return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    raise DocumentError(f"{name}: in an unknown encoding; save it as UTF-8")


def _encodings(data: bytes, kind: Kind) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    yield "utf-8-sig"
    if kind is Kind.HTML:
        declared = UnicodeDammit(data, is_html=True).declared_html_encoding
        if declared:
            yield declared
    yield "windows-1252"


def _markdown(text: str, stem: str) -> Document:
    front = _FRONT_MATTER.match(text)
    fields: dict[str, str] = dict(_FIELD.findall(front[1])) if front else {}
    body = text[front.end() :] if front else text
    title = fields.get("title", "").strip("\"'") or stem
    sections = read_markdown(body, title)
    return Document(Kind.MARKDOWN, tuple(split(sections)), _web_address(fields.get("url", "").strip("\"'")))


def _html(text: str, stem: str) -> Document:
    sections, url = read_html(text, stem)
    return Document(Kind.HTML, tuple(split(sections)), _web_address(url))


def _text(text: str, stem: str) -> Document:
    return Document(Kind.TEXT, tuple(split(read_text(text, stem))))


def _web_address(url: str) -> str:
    """The address when it is one a visitor's browser may open, else nothing: it becomes a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""


_READERS: dict[Kind, Callable[[str, str], Document]] = {
    Kind.MARKDOWN: _markdown,
    Kind.HTML: _html,
    Kind.TEXT: _text,
}
