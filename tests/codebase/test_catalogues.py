"""Everything that visitors read stands in the catalogues, in every language, and nothing else does."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from actors.speech import ENGLISH, LANGUAGES
from server.bot.answers import UNKNOWN
from server.front.catalogues import LOCALES, WIDGET_LOCALES, Catalogues
from tests.codebase.tree import ROOT

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
WIDGET = ROOT / "web" / "assets" / "widget"
DEMO = ROOT / "web" / "templates" / "demo.html"
PLURALS = {"ar": {"zero", "one", "two", "few", "many", "other"}} | {
    language: {"one", "many", "other"} for language in ("fr", "es", "pt")
}
Texts = dict[str, "str | dict[str, str]"]


def sources() -> Iterator[ast.Module]:
    for layer in ("actors", "handlers", "server"):
        for path in sorted((ROOT / layer).rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in names:
                yield node


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@cache
def said_by_the_server() -> set[str]:
    marked = {
        text
        for tree in sources()
        for call in calls(tree, "mark", "say")
        for text in [literal(call.args[0])]
        if text is not None
    }
    return marked | set(re.findall(r'\{\{ _\("([^"]+)"\) \}\}', DEMO.read_text(encoding="utf-8")))


def catalogue(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def widget_texts(language: str) -> Texts:
    return json.loads((WIDGET_LOCALES / f"{language}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", OTHERS)
def test_a_server_catalogue_has_what_the_code_says_and_nothing_else(language: str) -> None:
    known = {form for message in messages(language) for form in forms(message.id)}
    assert known == said_by_the_server()


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_is_there_with_the_values_of_the_original(language: str) -> None:
    plural_forms = catalogue(language).num_plurals
    for message in messages(language):
        originals, translations = forms(message.id), forms(message.string)
        assert len(translations) == (plural_forms if len(originals) > 1 else 1), message.id
        for translation in translations:
            assert translation.strip(), message.id
            assert fields(translation) == fields(originals[-1]), message.id
        assert not message.fuzzy, message.id


def test_there_is_a_catalogue_of_each_language_and_no_other() -> None:
    assert {path.stem for path in LOCALES.iterdir()} == set(OTHERS)
    assert {path.stem for path in WIDGET_LOCALES.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_widget_catalogue_has_the_keys_and_values_of_the_english_one(language: str) -> None:
    english, texts = widget_texts(ENGLISH), widget_texts(language)
    assert list(texts) == list(english)
    for key, text in texts.items():
        original = english[key]
        if isinstance(original, str):
            assert isinstance(text, str), key
            assert text.strip(), key
            assert fields(text) == fields(original), key
        else:
            assert isinstance(text, dict), key
            assert set(text) == PLURALS.get(language, {"one", "other"}), key
            assert fields(text["other"]) | {"count"} == fields(original["other"]), key


def scripts() -> dict[Path, str]:
    return {
        path: path.read_text(encoding="utf-8")
        for path in sorted(WIDGET.rglob("*.js"))
        if path.name != "loader.js"
    }


def test_no_key_of_the_widget_is_unused_or_missing() -> None:
    code = "\n".join(scripts().values())
    # `say(`lead.${name}`)` says whatever begins like this.
    asked = set(re.findall(r'"([a-z]+(?:\.[a-z_]+)?)"', code))
    families = set(re.findall(r"`([a-z]+\.)\$\{", code))
    keys = [key for key in widget_texts(ENGLISH) if not key.startswith("launcher.")]
    assert not [key for key in keys if key not in asked and not key.startswith(tuple(families))]
    said = {key for call in re.findall(r"\bsay\(([^`]*?)\)", code) for key in re.findall(r'"([\w.]+)"', call)}
    assert {key for key in said if "." in key} <= set(keys)


def test_no_sentence_of_the_widget_stands_outside_the_catalogue() -> None:
    """A sentence has a capital and a blank, or is put where people read it."""
    sentence = re.compile(r'"([A-Z][a-z\']+[ .…][^"]*|[^"]*[a-z] [a-z]+[^"]*[.!?…])"')
    shown = re.compile(r'(?:title|placeholder|"aria-label"|textContent|alt): ?"([^"]+)"')
    for path, text in scripts().items():
        code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE)
        assert not sentence.findall(code), path
        assert not shown.findall(code), path


def test_no_sentence_for_visitors_stands_in_the_server_unmarked() -> None:
    """What the visitor's socket and the lead form answer goes through a catalogue."""
    spoken = ("sockets/visitor_socket.py", "sockets/socket_base.py", "leads/leads.py", "leads/lead_fields.py")
    for name in spoken:
        tree = ast.parse((ROOT / "handlers" / name).read_text(encoding="utf-8"))
        for call in calls(tree, "error", "_WrongError"):
            for argument in call.args:
                text = literal(argument)
                assert text is None or " " not in text, f"{name}: {text}"
    for name in ("answers.py", "responder.py", "small_talk.py", "model.py"):
        tree = ast.parse((ROOT / "server" / "bot" / name).read_text(encoding="utf-8"))
        for call in calls(tree, "Answer"):
            assert not call.args or literal(call.args[0]) is None, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bot_names_the_button_as_the_widget_does(language: str) -> None:
    assert str(widget_texts(language)["person.ask"]) in Catalogues().words(language).say(UNKNOWN)
