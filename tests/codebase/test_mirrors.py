from __future__ import annotations

from pathlib import Path

from tests.codebase.tree import PACKAGES, ROOT, files, name

MIRRORED = (*PACKAGES, "ops")
ELSEWHERE = ("codebase", "flows", "web", "browser", "frames", "support")


def mirrors_a_source(test: Path) -> bool:
    # A contract suite stands in a folder of its own, named `contract`.
    folder = ROOT.joinpath(
        *(part for part in test.relative_to(ROOT / "tests").parent.parts if part != "contract")
    )
    subject = test.stem.removeprefix("test_")
    sources = {path.stem for path in folder.glob("*.py")} | {path.name for path in folder.glob("*/")}
    # `test_conversation_storm` may look at one side of `conversation`.
    return any(subject == source or subject.startswith(f"{source}_") for source in sources)


def test_tests_are_named_after_what_they_test():
    tests = [
        path
        for path in files(".py")
        if path.name.startswith("test_") and path.relative_to(ROOT).parts[0] == "tests"
    ]
    mirrored = [path for path in tests if path.relative_to(ROOT).parts[1] in MIRRORED]
    assert [name(path) for path in mirrored if not mirrors_a_source(path)] == []
    misplaced = [path for path in tests if path.relative_to(ROOT).parts[1] not in {*MIRRORED, *ELSEWHERE}]
    assert [name(path) for path in misplaced] == []


def test_tests_of_the_browser_code_stand_where_it_does():
    # `console/list/state.test.mjs` looks at `web/assets/console/list/state.js`, or at one side of it.
    astray: list[str] = []
    for path in files(".test.mjs"):
        place = path.relative_to(ROOT / "tests" / "web")
        subject = place.name.removesuffix(".test.mjs")
        sources = {source.stem for source in (ROOT / "web" / "assets" / place.parent).iterdir()}
        if not any(subject == source or subject.startswith(f"{source}_") for source in sources):
            astray.append(name(path))
    assert astray == []


def test_every_test_file_is_found():
    strays = [
        path
        for path in files(".py")
        if path.relative_to(ROOT).parts[0] == "tests"
        and not path.name.startswith("test_")
        and path.name not in {"conftest.py", "tree.py"}
        and "def test_" in path.read_text("utf-8")
    ]
    assert [name(path) for path in strays] == []
