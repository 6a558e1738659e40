"""A page asks for one script, each module is part of one, and nothing has an address unasked for."""

from __future__ import annotations

import re

from server.front.assets import Assets
from server.front.bundle import entries
from tests.codebase.tree import ROOT

ASSETS = ROOT / "web" / "assets"
CONSOLE = ASSETS / "console"
TEMPLATES = ROOT / "web" / "templates"
WIDGET = {"widget/loader.js", "widget/panel.js"}
MOST_IN_A_FOLDER = 25


def asked_for() -> set[str]:
    pages = " ".join(path.read_text("utf-8") for path in TEMPLATES.rglob("*.html"))
    return set(re.findall(r"asset\('([\w/]+\.(?:js|css))'\)", pages))


def test_every_module_is_part_of_a_script_that_a_page_asks_for():
    modules = {path.relative_to(ASSETS).as_posix(): path.read_text("utf-8") for path in ASSETS.rglob("*.js")}
    assert set(entries(modules)) == {path for path in asked_for() if path.endswith(".js")} | WIDGET


def test_nothing_is_served_that_no_page_asks_for():
    written = [
        path.relative_to(ASSETS).as_posix()
        for path in ASSETS.rglob("*")
        if path.suffix in {".js", ".css", ".json"}
    ]
    assets = Assets(ASSETS)
    assert {path for path in written if assets.find(path)} == asked_for() | {"widget/loader.js"}


def test_on_top_of_the_console_stands_what_pages_ask_for():
    assert {f"console/{path.name}" for path in CONSOLE.glob("*.js")} <= asked_for()
    folders = [path for path in CONSOLE.iterdir() if path.is_dir()]
    assert [path.name for path in folders if len(list(path.iterdir())) > MOST_IN_A_FOLDER] == []
