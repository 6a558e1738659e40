"""What visitors download is made small, and is served all the same when it cannot be."""

from __future__ import annotations

import logging
import sys

import pytest

from server.front.minified import minified

SCRIPT = "export function add(first, second) {\n  return first + second; // why\n}\n"
STYLE = "a {\n  color: #ff0000;\n}\n"


def test_names_are_short_and_exports_keep_theirs() -> None:
    small = minified({"a.js": SCRIPT, "a.css": STYLE})
    assert "function add(" in small["a.js"]
    assert "first" not in small["a.js"]
    assert small["a.css"] == "a{color:red}"


def test_what_is_no_program_is_served_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    broken = {"b.js": "let a = ;", "b.css": STYLE}
    with caplog.at_level(logging.WARNING):
        assert minified(broken) == broken
    assert "could not be minified" in caplog.text


def test_without_a_minifier_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "minify", None)
    assert minified({"c.js": SCRIPT}) == {"c.js": SCRIPT}
