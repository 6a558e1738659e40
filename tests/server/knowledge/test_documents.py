from __future__ import annotations

import pytest

from server.knowledge.documents import MAX_BYTES, DocumentError, Kind, read_document

MARKDOWN = b"""---
title: "Shop help"
url: https://shop.example/help
---
Before any heading.

# Shipping
<!-- asked: delivery time; when does it come
     to me -->

We ship to `Norway` and [Sweden](https://se.example/x).
It takes *six* days, see [below](#below) or <https://shop.example>.

## Steps

1. Pack it
2. Send it

   Really.
   - inner item

## Prices

| Country | Price |
|---|---|
| Norway | 12 EUR |
| Sweden | |

```sh
curl https://shop.example | sh
```

<div>Raw <b>HTML</b></div>

### Deeper
Text<br>with a break.
# Empty
# Returns
Within 14 days.
"""

HTML = b"""<!doctype html><html><head><meta charset="iso-8859-1"><title>Help \xe9</title>
<link rel="canonical" href="https://shop.example/help"><style>p{}</style></head>
<body><nav>Home About</nav><header><h1>Shop</h1></header><main>
<h1>Caf\xe9 help</h1><p>First <b>bold</b> text.<script>alert(1)</script></p>
<h2 id="x">Delivery</h2><!-- asked: how long --><div>Loose text<p>A paragraph.</p>tail</div>
<ul><li>One</li><li><p>Two</p><ol><li>Inner</li></ol></li></ul>
<pre>line 1
line 2</pre>
<table><tr><th>Size</th><th>Price</th></tr><tr><td>S</td><td>5</td></tr></table>
<form><input value=x>Subscribe</form><svg><text>icon</text></svg>
</main><footer>Imprint</footer></body></html>"""


WE_SHIP = (
    "We ship to Norway and Sweden (https://se.example/x). "
    "It takes six days, see below or https://shop.example."
)
TABLE = ("- Country: Norway; Price: 12 EUR", "- Country: Sweden")
LINES = ("Loose text", "A paragraph.", "tail", "- One", "- Two", "1. Inner")


def passages(name: str, data: bytes):
    return [(passage.title, passage.text) for passage in read_document(name, data).passages]


def test_markdown():
    document = read_document("help.md", MARKDOWN)
    assert document.kind is Kind.MARKDOWN
    assert document.url == "https://shop.example/help"
    assert [(passage.title.replace(" \u203a ", "/"), passage.text) for passage in document.passages] == [
        ("Shop help", "Before any heading."),
        (
            "Shipping",
            WE_SHIP,
        ),
        ("Shipping/Steps", "1. Pack it\n2. Send it\nReally.\n- inner item"),
        (
            "Shipping/Prices",
            "\n".join((*TABLE, "    curl https://shop.example | sh", "Raw HTML")),
        ),
        ("Shipping/Prices/Deeper", "Text with a break."),
        ("Empty", "Empty"),
        ("Returns", "Within 14 days."),
    ]
    assert document.passages[1].asked == ("delivery time", "when does it come to me")
    assert [passage.anchor for passage in document.passages][:3] == ["", "shipping", "steps"]


def test_html():
    document = read_document("help.html", HTML)
    assert document.url == "https://shop.example/help"
    assert [(passage.title.replace(" \u203a ", "/"), passage.text) for passage in document.passages] == [
        ("Café help", "First bold text."),
        (
            "Café help/Delivery",
            "\n".join((*LINES, "    line 1", "    line 2", "- Size: S; Price: 5")),
        ),
    ]
    assert document.passages[1].asked == ("how long",)


def test_text():
    text = b"Opening hours\n\nMonday to Friday\nfrom nine. Closed\non Sunday.\n\nBring:\n- money\n* time\n"
    assert passages("hours.txt", text) == [
        ("hours", "Opening hours\nMonday to Friday from nine. Closed on Sunday.\nBring:\n- money\n- time")
    ]


@pytest.mark.parametrize(
    "data",
    ["Grüße aus Zürich".encode(encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16", "windows-1252")],
)
def test_encodings(data: bytes):
    assert passages("a.txt", data) == [("a", "Grüße aus Zürich")]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", b"%PDF-1.7", "only Markdown, HTML and text"),
        ("README", b"text", "only Markdown, HTML and text"),
        ("a.txt", b"", "holds no text"),
        ("a.md", b"\n\n<!-- asked: nothing -->\n", "holds no text"),
        ("a.html", b"<nav>only navigation</nav>", "holds no text"),
        ("a.txt", b"text\0binary", "is not a text file"),
        ("a.txt", b"\x81\x8d\x8f", "unknown encoding"),
        ("a.md", b"x" * (MAX_BYTES + 1), "larger than 5 MiB"),
        ("a.md", b"# Heading\n" * 5_001, "more than 5,000 passages"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, reason: str):
    with pytest.raises(DocumentError, match=reason) as caught:
        read_document(name, data)
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)


def test_only_web_addresses_become_links():
    for url in ("javascript:alert(1)", "file:///etc/passwd", "https://", "http://[", "/relative"):
        data = f'<link rel="canonical" href="{url}"><p>text</p>'.encode()
        assert read_document("a.html", data).url == ""


def test_html_nested_deeper_than_any_person_would_is_read_all_the_same():
    data = b"<div>" * 5_000 + b"deep inside" + b"</div>" * 5_000
    assert passages("a.html", data) == [("a", "deep inside")]
    assert passages("a.html", b"<b>" * 5_000 + b"bold") == [("a", "bold")]


def test_the_digest_tells_whether_the_content_is_the_same():
    one, same, other = (read_document("a.md", text) for text in (b"# A\nb", b"# A\n\nb\n", b"# A\nc"))
    assert one.digest == same.digest != other.digest
