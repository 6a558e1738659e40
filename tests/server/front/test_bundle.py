from __future__ import annotations

import pytest

from server.front.bundle import bundled, entries, joined

FILES = {
    "a/entry.js": 'import { one, two as zwei } from "./one.js";\nimport { three } from "../b/three.js";\n'
    "export const all = [one, zwei, three()];\n",
    "a/one.js": 'import { three } from "../b/three.js";\nconst here = 1;\nexport const one = here;\n'
    "export const two = three() + 1;\n",
    "b/three.js": "export function three() {\nreturn 3;\n}\n",
}


def test_each_module_comes_once_before_those_that_need_it() -> None:
    text = bundled("a/entry.js", FILES)
    assert text.count("function three()") == 1
    assert text.index("function three()") < text.index("const one = here") < text.index("export const all")
    assert "const { one, two: zwei } = $module1;" in text
    assert "import {" not in text


def test_what_nobody_imports_is_not_handed_out() -> None:
    files = {"x.js": 'import { y } from "./y.js";\n', "y.js": "export const y = 1;\nexport const z = 2;\n"}
    assert "return { y };" in bundled("x.js", files)


@pytest.mark.parametrize(
    "text",
    [
        'export * from "./x.js";\n',
        "export default 1;\n",
        'import "./x.js";\n',
        'import all from "./x.js";\n',
        "export { one };\n",
        "export const a = 1;\nexport let b = 1;\n",
    ],
)
def test_what_it_does_not_understand_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be bundled"):
        bundled("entry.js", {"entry.js": 'import { a } from "./m.js";\n', "m.js": text, "x.js": ""})


@pytest.mark.parametrize("text", ['import "./m.js";\n', 'const { a } = await import("./m.js");\n'])
def test_an_entry_that_would_ask_for_more_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"entry.js has a line that cannot be bundled"):
        bundled("entry.js", {"entry.js": text, "m.js": "export const a = 1;\n"})


def test_a_module_stands_below_its_path() -> None:
    lines = bundled("a/entry.js", FILES).splitlines()
    assert lines[0] == "// b/three.js"
    assert [line for line in lines if line.startswith("//")] == [
        "// b/three.js",
        "// a/one.js",
        "// a/entry.js",
    ]


def test_a_module_keeps_its_address() -> None:
    files = {
        "a/entry.js": 'import { icon } from "./b/icon.js";\nexport const own = import.meta.url;\n',
        "a/b/icon.js": 'export const icon = new URL("../icon.svg", import.meta.url).href;\n',
    }
    text = bundled("a/entry.js", files)
    assert 'new URL("../icon.svg", new URL("b/icon.js", import.meta.url).href).href' in text
    assert "own = import.meta.url;" in text


def test_entries_are_what_no_other_imports() -> None:
    assert entries(FILES) == ["a/entry.js"]
    assert entries({**FILES, "b/other.js": 'import { three } from "./three.js";\n'}) == [
        "a/entry.js",
        "b/other.js",
    ]


def test_entries_are_sheets_that_no_other_imports() -> None:
    sheets = {"a/x.css": '@import "../b/y.css";\n.x { top: 0; }\n', "b/y.css": ".y { top: 0; }\n"}
    assert entries({**FILES, **sheets}) == ["a/entry.js", "a/x.css"]


def test_a_sheet_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        joined("x.css", {"x.css": '@import "./y.css";\n'})


def test_a_circle_is_refused() -> None:
    circle = {
        "x.js": 'import { y } from "./y.js";\nexport const x = 1;\n',
        "y.js": 'import { x } from "./x.js";\nexport const y = 1;\n',
    }
    with pytest.raises(ValueError, match=r"x.js → y.js → x.js import each other"):
        bundled("x.js", circle)


def test_a_name_that_a_module_does_not_export_is_refused() -> None:
    files = {"x.js": 'import { y, z as a } from "./y.js";\n', "y.js": "export const y = 1;\nconst z = 2;\n"}
    with pytest.raises(ValueError, match=r"nowhere exported: y\.js z"):
        bundled("x.js", files)


def test_a_missing_module_is_an_error() -> None:
    with pytest.raises(KeyError):
        bundled("x.js", {"x.js": 'import { y } from "./y.js";\n'})
