from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from server.front.pages import Pages


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    (tmp_path / "a.html").write_text(
        '<p title="{{ name }}">{{ name }}</p><script type="application/json">{{ data|tojson }}</script>'
        "{{ asset('x.js') }}"
    )
    return Pages(tmp_path, lambda path: f"/assets/h/{path}")


HARD = "</script><script>alert(1)</script>\"'&{{7*7}}\u2028\u202e"


def test_what_a_person_typed_stays_text(pages: Pages) -> None:
    html = pages.render("a.html", {"name": HARD, "data": {"text": HARD}})
    assert "<script>alert" not in html
    assert html.count("</script>") == 1
    assert "49" not in html
    data = re.search(r"json\">(.*?)</script>", html, re.DOTALL)
    assert data is not None
    assert json.loads(data[1]) == {"text": HARD}
    assert html.endswith("/assets/h/x.js")


def test_a_missing_variable_is_a_mistake(pages: Pages) -> None:
    with pytest.raises(UndefinedError):
        pages.render("a.html", {"data": {}})
