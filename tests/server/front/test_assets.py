from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from server.front.assets import Assets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "widget").mkdir()
    (tmp_path / "widget" / "locales").mkdir()
    (tmp_path / "widget" / "loader.js").write_text("(() => {})();\n")
    panel = 'const said = [contentOf("widget/panel.css"), contentOf("widget/locales/{language}.json")];\n'
    (tmp_path / "widget" / "panel.js").write_text(panel + "export const all = said;\n")
    (tmp_path / "widget" / "panel.css").write_text("/* Ours. */\n.panel {\n  top: 0;\n}\n" * 40)
    (tmp_path / "widget" / "locales" / "de.json").write_text('{"hi": "Grüß \\"dich\\"", "n": {"one": "x"}}')
    (tmp_path / "widget" / "locales" / "en.json").write_text('{"hi": "Hello"}')
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / "types.d.ts").write_text("type A = 1;")
    return tmp_path


def test_one_hash_stands_for_all(folder: Path) -> None:
    before = Assets(folder)
    assert before.url("icon.svg") == f"/assets/{before.hash}/icon.svg"
    assert Assets(folder).hash == before.hash
    (folder / "icon.svg").write_text("<svg />")
    assert Assets(folder).hash != before.hash
    kept = before.find("icon.svg")
    assert kept is not None
    assert kept.body == b"<svg/>"


def test_a_sheet_has_those_it_imports_and_they_no_address_of_their_own(folder: Path) -> None:
    (folder / "parts").mkdir()
    (folder / "parts" / "pill.css").write_text("/* Round. */\n.pill {\n  top: 0;\n}\n")
    (folder / "parts" / "all.css").write_text('/* All. */\n@import "./pill.css";\n.all {\n  top: 2px;\n}\n')
    (folder / "page.css").write_text('@import "./parts/all.css";\n.page {\n  top: 3px;\n}\n')
    assets = Assets(folder)
    sheet = assets.find("page.css")
    assert sheet is not None
    assert sheet.body.split() == b".pill { top: 0; } .all { top: 2px; } .page { top: 3px; }".split()
    assert assets.find("parts/all.css") is None


def test_a_script_has_all_it_imports_and_a_module_no_address_of_its_own(folder: Path) -> None:
    (folder / "desk").mkdir()
    (folder / "desk" / "row.js").write_text("// Why.\nexport const row = () => 1;\n")
    (folder / "main.js").write_text('import { row } from "./desk/row.js";\nrow();\n')
    assets = Assets(folder)
    script = assets.find("main.js")
    assert script is not None
    assert "// desk/row.js\n" in script.body.decode()
    assert "import" not in script.body.decode()
    assert "Why" not in script.body.decode()
    assert assets.find("desk/row.js") is None
    assert assets.find("widget/panel.js") is None


def test_what_pays_is_packed(folder: Path) -> None:
    assets = Assets(folder)
    panel, icon = assets.find("widget/panel.en.js"), assets.find("icon.svg")
    assert panel is not None
    assert icon is not None
    assert gzip.decompress(panel.gzipped or b"") == panel.body
    assert icon.gzipped is None
    assert (panel.content_type, icon.content_type) == (
        "text/javascript; charset=utf-8",
        "image/svg+xml; charset=utf-8",
    )


def test_nothing_else_has_a_name(folder: Path) -> None:
    (folder.parent / "secret.js").write_text("x")
    assets = Assets(folder)
    for path in ("types.d.ts", "../secret.js", "widget", "", "/icon.svg", "widget/../icon.svg"):
        assert assets.find(path) is None
    with pytest.raises(KeyError):
        assets.url("missing.js")


def test_a_panel_has_its_styles_and_the_words_of_its_language(folder: Path) -> None:
    assets = Assets(folder)
    german, english = assets.find("widget/panel.de.js"), assets.find("widget/panel.en.js")
    assert german is not None
    assert english is not None
    assert '{"hi":"Grüß \\"dich\\"","n":{"one":"x"}}' in german.body.decode()
    assert '{"hi":"Hello"}' in english.body.decode()
    for panel in (german, english):
        assert re.search(r"\.panel ?\{\s*top: ?0", panel.body.decode().replace("\\n", ""))
        assert "Ours" not in panel.body.decode()
        assert "contentOf" not in panel.body.decode()
    assert assets.find("widget/panel.fr.js") is None
    for path in ("widget/panel.css", "widget/locales/de.json", "widget/locales/en.json"):
        assert assets.find(path) is None
