"""A page asks for one script, and every module is part of one; the console's stand in folders."""

from __future__ import annotations

import re

from server.front.bundle import entries
from tests.codebase.tree import ROOT

ASSETS = ROOT / "web" / "assets"
CONSOLE = ASSETS / "console"
TEMPLATES = ROOT / "web" / "templates"
WIDGET = {"widget/loader.js", "widget/panel.js"}
MOST_IN_A_FOLDER = 25


def asked_for() -> set[str]:
    pages = " ".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    return set(re.findall(r"asset\('([\w/]+\.js)'\)", pages))


def test_every_module_is_part_of_a_script_that_a_page_asks_for():
    modules = {path.relative_to(ASSETS).as_posix(): path.read_text("utf-8") for path in ASSETS.rglob("*.js")}
    assert set(entries(modules)) == asked_for() | WIDGET


def test_on_top_of_the_console_stands_what_pages_ask_for():
    assert {f"console/{path.name}" for path in CONSOLE.glob("*.js")} <= asked_for()
    folders = [path for path in CONSOLE.iterdir() if path.is_dir()]
    assert [path.name for path in folders if len(list(path.iterdir())) > MOST_IN_A_FOLDER] == []
