from __future__ import annotations

import importlib

import pytest
from tornado.web import RequestHandler

from tests.codebase.tree import ROOT, modules


def handler_classes() -> list[type[RequestHandler]]:
    found: set[type[RequestHandler]] = set()
    for path in modules("handlers"):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        members = vars(importlib.import_module(dotted)).values()
        found |= {
            member for member in members if isinstance(member, type) and issubclass(member, RequestHandler)
        }
    ours = [
        cls for cls in found if cls.__module__.startswith("handlers.") and not cls.__name__.startswith("Base")
    ]
    return sorted(ours, key=lambda cls: (cls.__module__, cls.__qualname__))


@pytest.mark.parametrize("handler", handler_classes(), ids=lambda cls: f"{cls.__module__}.{cls.__qualname__}")
def test_every_handler_names_who_may_use_it(handler: type[RequestHandler]):
    assert getattr(handler, "role", None) is not None
    assert handler.__name__.endswith(("Handler", "Socket"))
