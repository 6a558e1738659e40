"""One design system: values from tokens, parts of pages from components, and nothing else is worn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.codebase.tree import ROOT, files, name

TOKENS = "web/assets/shared/tokens.css"
COMPONENTS = ROOT / "web" / "assets" / "components"
ALL_COMPONENTS = ROOT / "web" / "assets" / "components.css"
TEMPLATES = ROOT / "web" / "templates"
SHEETS = [path for path in files(".css") if name(path).startswith("web/")]
# Mail programs know no sheets and no custom properties.
PAGES = [path for path in TEMPLATES.rglob("*.html") if "mail" not in path.relative_to(TEMPLATES).parts]
SCRIPTS = [path for path in files(".js") if name(path).startswith("web/")]

SCALE = {0, 1, 2, 4, 8, 12, 16, 24, 32, 48}  # with hairlines
AXIS = 56  # where the numbers beside a chart stand
HOOKS = {"delivery"}  # what tests find things by, without a look of its own
WEIGHTS = {"400", "600", "var(--regular)", "var(--strong)", "inherit"}
DECLARATION = re.compile(r"^\s*([\w-]+):\s*([^;{}]+);", re.MULTILINE)
# A colour made of another's lightness and strength, as `oklch(from …)` is, stays a role's.
RAW_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\((?!from\b)"
    r"|(?<![\w-])(?:white|black|gr[ae]y|silver|red|green|blue|yellow|orange|purple|pink|teal|navy)(?![\w-])",
    re.IGNORECASE,
)
SPACING = re.compile(r"(?:margin|padding)(?:-[a-z-]+)?|(?:row-|column-)?gap")
PIXELS = re.compile(r"(?<![\w.-])-?([\d.]+)px")
JINJA = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


def declarations(path: Path) -> Iterator[tuple[str, str]]:
    css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    yield from ((match[1], match[2]) for match in DECLARATION.finditer(css))


def worn() -> Iterator[tuple[str, Path]]:
    """Every class that a template or a script puts on something, as far as it is written out."""
    for path in PAGES:
        for value in re.findall(r'\bclass="([^"]*)"', JINJA.sub(" ", path.read_text("utf-8"))):
            yield from ((each, path) for each in value.split() if not each.endswith("-"))
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        for value in re.findall(r'(?:className = |classList\.\w+\(|\bclass: )"([^"]*)"', text):
            yield from ((each, path) for each in value.split())


def known() -> set[str]:
    """Every class that a sheet says something about."""
    selectors = " ".join(
        re.sub(r"\{[^{}]*\}", " ", re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL))
        for path in SHEETS
    )
    return set(re.findall(r"\.(-?[a-z][\w-]*)", selectors))


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_values_come_from_the_tokens(path: Path):
    wrong: list[str] = []
    for key, value in declarations(path):
        line = f"{key}: {value}"
        if name(path) != TOKENS and RAW_COLOUR.search(re.sub(r"color-mix\(in oklab", "", value)):
            wrong.append(f"{line}: a raw colour")
        if SPACING.fullmatch(key) and {float(size) for size in PIXELS.findall(value)} - SCALE - {AXIS}:
            wrong.append(f"{line}: off the scale")
        if key == "font-weight" and value not in WEIGHTS:
            wrong.append(f"{line}: neither 400 nor 600")
    assert wrong == []


def test_no_element_has_a_style_of_its_own():
    assert [name(path) for path in PAGES if re.search(r"\sstyle=", path.read_text("utf-8"))] == []
    assert [
        name(path) for path in SCRIPTS if re.search(r'setAttribute\("style"|cssText', path.read_text("utf-8"))
    ] == []


def test_every_class_that_is_worn_is_known_to_a_sheet():
    sheets = known()
    assert sorted({f"{name(path)}: {each}" for each, path in worn() if each not in sheets | HOOKS}) == []


def test_every_class_that_a_sheet_knows_is_worn():
    texts = " ".join(path.read_text("utf-8") for path in [*PAGES, *SCRIPTS])
    words = set(re.findall(r"[\w-]+", texts))
    begun = tuple(re.findall(r"([a-z][\w-]*-)(?:\{\{|\$\{|[\"'] ~)", texts))  # `hue-{{ … }}`
    assert sorted(each for each in known() if each not in words and not each.startswith(begun)) == []


def test_every_component_is_in_the_kitchen():
    sheets = {path.stem for path in COMPONENTS.glob("*.css")}
    joined = re.findall(r'@import "./components/([\w-]+).css";', ALL_COMPONENTS.read_text("utf-8"))
    shown = {path.stem for path in (TEMPLATES / "kitchen").glob("*.html")}
    named = set(re.findall(r'^  "([\w-]+)": ', (TEMPLATES / "kitchen.html").read_text("utf-8"), re.MULTILINE))
    assert sheets == shown == named
    assert joined == sorted(sheets)
