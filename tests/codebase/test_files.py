from __future__ import annotations

import re

import pytest

from tests.codebase.tree import files, name

MAX_LINES = 350
MAX_TEST_LINES = 500
# Longer ones, each with its reason.
MAY_BE_LONGER = {
    "actors/messages.py": "every command and event of the domain: one table, read from top to bottom",
    "web/assets/widget/panel.css": "a declaration a line, and a visitor's browser asks once for it",
    "web/assets/widget/loader.js": "a classic script of one tag: it can import nothing",
    "handlers/ports.py": "every port of the edge, mostly docstrings",
}

SUFFIXES = (".py", ".js", ".mjs", ".css", ".html")


def limit(path: str) -> int:
    return MAX_TEST_LINES if path.startswith("tests/") else MAX_LINES


def test_files_are_short():
    lines = {name(path): len(path.read_text("utf-8").splitlines()) for path in files(*SUFFIXES)}
    assert {path: n for path, n in lines.items() if n > limit(path) and path not in MAY_BE_LONGER} == {}
    assert set(MAY_BE_LONGER) <= set(lines)


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"])
def test_nothing_is_put_off_in_a_comment(word: str):
    put_off = re.compile(rf"\b{word}\b")
    assert [
        name(path)
        for path in files(*SUFFIXES, ".md", ".toml", ".yaml")
        if put_off.search(path.read_text("utf-8"))
    ] == []


def test_text_is_never_put_in_as_html():
    # Text that people typed reaches the page by textContent alone; templates escape by themselves.
    unsafe = re.compile(r"\.(innerHTML|outerHTML)\s*\+?=(?!=)|insertAdjacentHTML|document\.write\(")
    scripts = [path for path in files(".js") if name(path).startswith("web/")]
    assert [name(path) for path in scripts if unsafe.search(path.read_text("utf-8"))] == []
    templates = [path for path in files(".html", ".txt") if name(path).startswith("web/templates/")]
    assert [
        name(path)
        for path in templates
        if re.search(r"\|\s*safe\b|autoescape false", path.read_text("utf-8"))
    ] == []


def test_nothing_is_fetched_from_elsewhere():
    elsewhere = re.compile(
        r"""<[a-z][^<>]*\ssrc\s*=\s*["']https?:|<link\b[^<>]*\shref\s*=\s*["']https?:"""
        r"""|@import\s+(?:url\()?["']?https?:|\bfrom\s+["']https?://"""
    )
    pages = [path for path in files(".html", ".css", ".js") if name(path).startswith("web/")]
    found = {name(path): elsewhere.findall(path.read_text("utf-8")) for path in pages}
    assert {path: hits for path, hits in found.items() if hits} == {}
