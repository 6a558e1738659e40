"""Markdown read into sections."""

from __future__ import annotations

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.token import Token

from server.knowledge.passages import Section
from server.knowledge.sections import SectionWriter, one_line, table_row


def read_markdown(text: str, title: str) -> list[Section]:
    """CommonMark with tables. `title` stands over what comes before the first heading."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    reader = _Reader(title)
    for index, token in enumerate(tokens):
        if token.type == "inline":
            reader.inline(token, tokens[index - 1])
        else:
            reader.block(token)
    return reader.writer.finish()


class _Reader:
    """Follows the open lists and the open table. A list's next number is -1 when its items have none."""

    def __init__(self, title: str) -> None:
        self.writer = SectionWriter(title)
        self._numbers: list[int] = []
        self._marks: list[str] = []
        self._header: list[str] = []
        self._row: list[str] = []

    def inline(self, token: Token, opener: Token) -> None:
        text = _plain(token)
        if opener.type == "heading_open":
            self.writer.heading(int(opener.tag[1]), text)
        elif opener.type == "th_open":
            self._header.append(one_line(text))
        elif opener.type == "td_open":
            self._row.append(one_line(text))
        else:
            self.writer.line(text, self._take_mark())

    def block(self, token: Token) -> None:
        match token.type:
            case "fence" | "code_block":
                self.writer.code(token.content)
            case "html_block" if not self.writer.comment(token.content):
                self.writer.line(BeautifulSoup(token.content, "html.parser").get_text(" "))
            case "bullet_list_open" | "ordered_list_open" | "bullet_list_close" | "ordered_list_close":
                self._list(token)
            case "list_item_open":
                self._marks.append(self._next_mark())
            case "list_item_close":
                self._marks.pop()
            case "tr_close" | "table_close":
                self._end_row(token)
            case _:
                pass

    def _list(self, token: Token) -> None:
        if token.nesting < 0:
            self._numbers.pop()
        elif token.type == "ordered_list_open":
            self._numbers.append(int(str(token.attrs.get("start", 1))))
        else:
            self._numbers.append(-1)

    def _next_mark(self) -> str:
        if self._numbers[-1] < 0:
            return "- "
        self._numbers[-1] += 1
        return f"{self._numbers[-1] - 1}. "

    def _take_mark(self) -> str:
        """The mark of the open item, once: its further paragraphs have none."""
        if not self._marks:
            return ""
        mark, self._marks[-1] = self._marks[-1], ""
        return mark

    def _end_row(self, token: Token) -> None:
        if self._row:
            self.writer.line(table_row(self._header, self._row), "- ")
            self._row = []
        if token.type == "table_close":
            self._header = []


def _plain(token: Token) -> str:
    parts: list[str] = []
    addresses: list[str] = []
    for child in token.children or []:
        match child.type:
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "link_open":
                addresses.append(_address(child))
            case "link_close":
                parts.append(addresses.pop())
            case "html_inline":
                parts.append(" " if child.content.startswith("<br") else "")
            case _:
                parts.append(child.content)
    return "".join(parts)


def _address(link: Token) -> str:
    """A link's address in brackets after its text, unless the text is the address or it leads nowhere."""
    address = str(link.attrs.get("href") or "")
    leads_out = address.startswith(("http://", "https://", "mailto:"))
    return f" ({address})" if leads_out and link.markup != "autolink" else ""
