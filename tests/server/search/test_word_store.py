from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from server.search.word_store import FEW, MOST_LOOKED_AT, Asked, Hit, Item, WordStore


def item(identity: str, at: int, *words: str, space: str = "w1", engaged: bool = True) -> Item:
    return Item(space, identity, identity, at, engaged, set(words))


@pytest.fixture
def store(tmp_path: Path) -> Generator[WordStore, None, None]:
    made = WordStore(tmp_path / "words.sqlite")
    yield made
    made.close()


def pages(store: WordStore, asked: Asked, limit: int) -> list[str]:
    """All pages, one after the other."""
    found: list[str] = []
    before: Hit | None = None
    while True:
        hits = store.page(asked, before, limit)
        found += [hit.id for hit in hits.found]
        before = hits.more
        if before is None:
            return found


def test_words_are_found_by_their_beginning_in_their_space_alone(store: WordStore):
    others = item("c4", 9, "invoice", space="w2")
    store.write([item("c1", 1, "invoice"), item("c2", 2, "invoices"), item("c3", 3, "voice"), others], (), {})
    assert pages(store, Asked("w1", ["invoice"]), 10) == ["c2", "c1"]
    assert pages(store, Asked("w1", ["voice"]), 10) == ["c3"]
    assert pages(store, Asked("w1", ["absent"]), 10) == []


def test_every_word_must_be_there(store: WordStore):
    store.write([item("c1", 1, "late", "invoice"), item("c2", 2, "late"), item("c3", 3, "invoice")], (), {})
    asked = Asked("w1", ["late", "inv"])
    assert pages(store, asked, 10) == ["c1"] == store.all(asked)
    assert store.among(asked, ["c1", "c2", "nobody"]) == {"c1"}


def test_words_and_activity_add_up(store: WordStore):
    store.write([item("c1", 5, "hello", engaged=False), item("c2", 6, "hello", engaged=False)], (), {})
    assert pages(store, Asked("w1", ["hello"], engaged=True), 10) == []
    store.write([item("c1", 7, "refund"), item("c1", 3, "again")], (), {})
    assert pages(store, Asked("w1", ["hello"]), 10) == ["c1", "c2"]
    assert pages(store, Asked("w1", ["hello", "refund", "again"], engaged=True), 10) == ["c1"]


def test_a_file_of_an_earlier_version_is_thrown_away(tmp_path: Path):
    path = tmp_path / "words.sqlite"
    for version, kept in ((None, "1"), (1, None)):
        with closing(WordStore(path)) as store:
            store.write([item("c1", 1, "late")], (), {"built": "1"})
        if version is not None:
            with closing(sqlite3.connect(path)) as file:
                file.execute(f"PRAGMA user_version = {version}")
        with closing(WordStore(path)) as store:
            assert store.mark("built") == kept
            assert store.unknown(["c1"]) == ([] if kept else ["c1"])


@pytest.mark.parametrize("count", [FEW - 1, 3 * FEW])
@pytest.mark.parametrize("limit", [7, 100])
def test_pages_hold_everything_once_newest_first(store: WordStore, count: int, limit: int):
    items = [item(f"c{number:05}", number // 3, "common", f"w{number}") for number in range(count)]
    store.write(items, (), {})
    expected = [each.id for each in sorted(items, key=lambda each: (each.at, each.id), reverse=True)]
    assert pages(store, Asked("w1", ["common"]), limit) == expected


def test_words_that_are_common_but_never_together_are_looked_for_piece_by_piece(store: WordStore):
    count = 2 * MOST_LOOKED_AT
    store.write([item(f"c{n:05}", n, "odd" if n % 2 else "even") for n in range(count)], (), {})
    store.write([item("c00000", 0, "odd")], (), {})
    asked = Asked("w1", ["odd", "even"])
    first = store.page(asked, None, 50)
    assert (list(first.found), first.more) == (
        [],
        Hit(count - MOST_LOOKED_AT, f"c{count - MOST_LOOKED_AT:05}"),
    )
    assert pages(store, asked, 50) == ["c00000"]


def test_what_is_forgotten_is_not_in_the_file(store: WordStore, tmp_path: Path):
    lead = Item("w1/leads", "l1", "c1", 1, engaged=True, words={"zanzibar"})
    store.write([item("c1", 1, "zanzibar"), item("c2", 2, "zanzibar"), lead], (), {})
    store.write([], ["c1"], {})
    assert (store.all(Asked("w1", ["zanzibar"])), store.all(Asked("w1/leads", ["zanz"]))) == (["c2"], [])
    store.write([], ["c2"], {})
    store.close()
    assert b"zanzibar" not in (tmp_path / "words.sqlite").read_bytes()


def test_a_write_that_fails_changes_nothing(store: WordStore):
    broken: Sequence[Item] = [item("c1", 1, "hello"), item("c2", 2, None)]  # pyright: ignore[reportArgumentType]
    with pytest.raises(Exception, match="NOT NULL|not supported"):
        store.write([*broken, item("c3", None, "hello")], (), {"until": "now"})  # pyright: ignore[reportArgumentType]
    assert (store.all(Asked("w1", ["hello"])), store.mark("until")) == ([], None)


def test_marks_and_words_are_still_there_when_the_file_is_opened_again(tmp_path: Path):
    path = tmp_path / "words.sqlite"
    first = WordStore(path)
    first.write([item("c1", 1, "hello")], (), {"until": "now"})
    first.close()
    again = WordStore(path)
    assert (again.all(Asked("w1", ["hello"])), again.mark("until")) == (["c1"], "now")
    again.close()


def test_a_damaged_file_is_made_anew(tmp_path: Path):
    path = tmp_path / "words.sqlite"
    path.write_bytes(b"no database" * 1000)
    store = WordStore(path)
    store.write([item("c1", 1, "hello")], (), {})
    assert (store.all(Asked("w1", ["hello"])), store.mark("until")) == (["c1"], None)
    assert path.stat().st_mode & 0o077 == 0
    store.close()
