"""HTML pages read into sections."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PreformattedString, Tag

from server.knowledge.passages import Section
from server.knowledge.sections import SectionWriter, one_line, table_row

_DROPPED = "script style nav footer template noscript svg form button iframe head"
_BLOCKS = """
address article aside blockquote body dd details div dl dt fieldset figcaption figure header h1 h2 h3 h4 h5 h6
hr html li main ol p pre section summary table tbody td tfoot th thead tr ul
"""
_BLOCK_NAMES = frozenset(_BLOCKS.split())
_HEADING = re.compile(r"h[1-6]")
_MAX_DEPTH = 200  # deeper HTML is flattened: no person wrote it, and Python's stack ends at 1,000


def read_html(text: str, title: str) -> tuple[list[Section], str]:
    """A page without navigation, forms and scripts, and the address it names as its own, or nothing."""
    soup = BeautifulSoup(text, "html.parser")
    link = soup.find("link", rel="canonical")
    if soup.title and soup.title.get_text(strip=True):
        title = one_line(soup.title.get_text())
    for element in soup.find_all(_DROPPED.split()):
        element.extract()
    writer = SectionWriter(title)
    _Reader(writer).read(soup.find("main") or soup.find("article") or soup.body or soup)
    return writer.finish(), str(link.get("href") or "") if link else ""


class _Reader:
    """Walks elements: inline text gathers until a block begins or ends, then becomes a line.

    `mark` is what the open list item still has to put before its first line.
    """

    def __init__(self, writer: SectionWriter) -> None:
        self._writer = writer
        self._inline: list[str] = []
        self._mark = ""

    def read(self, root: Tag) -> None:
        self._children(root, 0)
        self._flush()

    def _children(self, element: Tag, depth: int) -> None:
        number = 0
        for child in element.children:
            if not isinstance(child, Tag):
                self._text(child)
            elif child.name == "li":
                number += 1
                self._item(child, f"{number}. " if element.name == "ol" else "- ", depth)
            elif child.name in _BLOCK_NAMES:
                self._flush()
                self._block(child, depth)
            elif child.name == "br":
                self._flush()
            elif depth < _MAX_DEPTH:
                self._children(child, depth + 1)
            else:
                self._inline.append(child.get_text(" "))

    def _text(self, child: object) -> None:
        if isinstance(child, Comment):
            self._writer.comment(child)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            self._inline.append(str(child))

    def _item(self, element: Tag, mark: str, depth: int) -> None:
        self._flush()
        self._mark = mark
        self._block(element, depth)
        self._mark = ""

    def _block(self, element: Tag, depth: int) -> None:
        if depth >= _MAX_DEPTH:
            self._inline.append(element.get_text(" "))
        elif _HEADING.fullmatch(element.name):
            self._writer.heading(int(element.name[1]), element.get_text(" "))
        elif element.name == "pre":
            self._writer.code(element.get_text())
        elif element.name == "table":
            self._table(element)
        else:
            self._children(element, depth + 1)
        self._flush()

    def _table(self, table: Tag) -> None:
        header: list[str] = []
        for row in table.find_all("tr"):
            cells = [one_line(cell.get_text(" ")) for cell in row.find_all(["td", "th"])]
            if not header and row.find("td") is None:
                header = cells
            else:
                self._writer.line(table_row(header, cells), "- ")

    def _flush(self) -> None:
        text = one_line("".join(self._inline))
        self._inline.clear()
        if text:
            self._writer.line(text, self._mark)
            self._mark = ""
