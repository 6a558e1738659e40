"""Slimming takes lines that say nothing to a machine, and no others."""

from __future__ import annotations

from server.front.slim import slim


def test_comments_that_begin_a_line_go() -> None:
    source = (
        '/**\n * What it does.\n */\nconst a = 1;\n\n  // A reason.\n  /** @type {X} */\n  let b = "x";\n'
    )
    assert slim("a.js", source) == 'const a = 1;\nlet b = "x";\n'


def test_code_between_two_comments_stays() -> None:
    assert (
        slim("a.js", "  /** @type {any} */ #one;\n  /** @type {any} */ #two;\n  /** Last. */\n")
        == "#one;\n#two;\n"
    )


def test_comments_beside_code_stay_with_what_looks_like_one() -> None:
    source = 'const url = "https://a.example/*"; // why\nconst accept = "*/*";\n'
    assert slim("a.js", source) == source


def test_a_style_sheet_keeps_its_addresses() -> None:
    assert (
        slim("a.css", "/* Why. */\na {\n  background: url(//x.example/y);\n}\n")
        == "a {\nbackground: url(//x.example/y);\n}\n"
    )


def test_other_files_are_left_alone() -> None:
    assert slim("icons.svg", "  <!-- x -->\n") == "  <!-- x -->\n"
