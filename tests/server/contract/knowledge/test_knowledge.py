from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from actors.errors import BatonError
from actors.ids import WorkspaceId
from server.bot.indexes import PassageIndexes
from server.knowledge.documents import Document, Kind, read_document
from server.knowledge.imports import import_path
from server.knowledge.knowledge import Knowledge
from server.store.database import Database

SHOP = WorkspaceId("shop")
OTHER = WorkspaceId("other")


def markdown(text: str) -> Document:
    return read_document("a.md", text.encode())


def page(url: str, *headings: str) -> Document:
    body = "".join(f"<h2>{heading}</h2><p>About {heading}.</p>" for heading in headings)
    return read_document("a.html", f'<link rel="canonical" href="{url}">{body}'.encode())


@pytest.fixture
def knowledge(repository_database: Database) -> Knowledge:
    return Knowledge(repository_database, SHOP)


async def texts(knowledge: Knowledge) -> list[str]:
    return [passage.text for passage in await knowledge.passages()]


async def test_what_was_put_in_comes_out_in_order(knowledge: Knowledge):
    await knowledge.replace_source("b.md", markdown("# B\nLast."))
    source_id = await knowledge.replace_source(
        "a.html", page("https://shop.example/help", "One", "Two words")
    )
    one, two, last = await knowledge.passages()
    assert (one.title, one.text, one.source_id) == ("One", "About One.", source_id)
    assert one.url == "https://shop.example/help#one"
    assert two.url == "https://shop.example/help#two-words"
    assert (last.title, last.text, last.url) == ("B", "Last.", "")
    a, b = await knowledge.list_sources()
    assert (a.name, a.kind, a.passage_count, a.url) == ("a.html", Kind.HTML, 2, "https://shop.example/help")
    assert (b.name, b.kind, b.passage_count) == ("b.md", Kind.MARKDOWN, 1)
    assert a.updated_at.tzinfo is not None


async def test_what_a_section_is_asked_for_is_kept(knowledge: Knowledge):
    await knowledge.replace_source("a.md", markdown("# A\n<!-- asked: price; how much -->\n\nFive."))
    [passage] = await knowledge.passages()
    assert passage.asked == ("price", "how much")
    assert passage.text == "Five."


async def test_a_source_is_replaced_by_its_name(knowledge: Knowledge):
    first = await knowledge.replace_source("a.md", markdown("# A\nOld.\n# B\nOld too."))
    before = await knowledge.fingerprint()
    second = await knowledge.replace_source("a.md", markdown("# A\nNew."))
    assert first == second
    assert await texts(knowledge) == ["New."]
    assert await knowledge.fingerprint() != before
    assert [source.passage_count for source in await knowledge.list_sources()] == [1]


async def test_the_same_content_again_changes_nothing(knowledge: Knowledge):
    await knowledge.replace_source("a.md", markdown("# A\nText."))
    before = await knowledge.list_sources()
    await knowledge.replace_source("a.md", markdown("# A\nText."))
    assert await knowledge.list_sources() == before


async def test_old_passages_are_removed(knowledge: Knowledge, repository_database: Database):
    for number in range(3):
        await knowledge.replace_source("a.md", markdown(f"# A\nText {number}."))
    assert await repository_database["passages"].count_documents({}) == 1


async def test_a_deleted_source_is_gone(knowledge: Knowledge, repository_database: Database):
    source_id = await knowledge.replace_source("a.md", markdown("# A\nText."))
    await knowledge.replace_source("b.md", markdown("# B\nStays."))
    assert await knowledge.delete_source(source_id)
    assert not await knowledge.delete_source(source_id)
    assert await texts(knowledge) == ["Stays."]
    assert await repository_database["passages"].count_documents({}) == 1


async def test_workspaces_do_not_see_each_other(knowledge: Knowledge, repository_database: Database):
    other = Knowledge(repository_database, OTHER)
    mine = await knowledge.replace_source("a.md", markdown("# A\nMine."))
    theirs = await other.replace_source("a.md", markdown("# A\nTheirs."))
    assert mine != theirs
    assert not await knowledge.delete_source(theirs)
    assert await texts(knowledge) == ["Mine."]
    assert await texts(other) == ["Theirs."]


async def test_what_a_crash_left_behind_is_not_read_and_removed_later(
    knowledge: Knowledge, repository_database: Database
):
    await knowledge.replace_source("a.md", markdown("# A\nOld."))
    [half] = await repository_database["passages"].find({}).to_list()
    await repository_database["passages"].insert_one(
        half | {"_id": "half", "revision": "0" * 22, "text": "Half."}
    )
    assert await texts(knowledge) == ["Old."]
    await knowledge.replace_source("a.md", markdown("# A\nNew."))
    assert await texts(knowledge) == ["New."]
    assert await repository_database["passages"].count_documents({}) == 1


async def test_a_source_reserved_by_a_crash_is_not_listed(
    knowledge: Knowledge, repository_database: Database
):
    source_id = await knowledge.replace_source("a.md", markdown("# A\nText."))
    await repository_database["knowledge_sources"].update_one(
        {"_id": source_id}, {"$set": {"revision": "", "digest": ""}}
    )
    assert await knowledge.list_sources() == []
    assert await texts(knowledge) == []
    await knowledge.replace_source("a.md", markdown("# A\nText."))
    assert await texts(knowledge) == ["Text."]


async def test_of_writers_at_the_same_time_one_wins_whole(
    knowledge: Knowledge, repository_database: Database
):
    many = [markdown(f"# A\nFirst {number}.\n# B\nSecond {number}.") for number in range(4)]
    await asyncio.gather(*(knowledge.replace_source("a.md", document) for document in many))
    first, second = await texts(knowledge)
    assert first.removeprefix("First") == second.removeprefix("Second")
    assert await repository_database["passages"].count_documents({}) == 2


async def test_a_source_of_many_passages(knowledge: Knowledge):
    text = "".join(f"# Heading {number}\nText {number}.\n" for number in range(450))
    await knowledge.replace_source("a.md", markdown(text))
    assert await texts(knowledge) == [f"Text {number}." for number in range(450)]


async def test_a_folder_is_imported(knowledge: Knowledge, tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.md").write_text("# A\nText.")
    (tmp_path / "sub" / "b.txt").write_text("Plain.")
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "binary.txt").write_bytes(b"\0")
    (tmp_path / ".git" / "hidden.md").write_text("hidden")
    (tmp_path / "link.md").symlink_to("/etc/passwd")
    report = await import_path(knowledge, tmp_path)
    assert [(source.name, source.passage_count, source.changed) for source in report.imported] == [
        ("a.md", 1, True),
        ("sub/b.txt", 1, True),
    ]
    assert {skipped.name: skipped.reason for skipped in report.skipped} == {
        "binary.txt": "is not a text file",
        "c.pdf": "not one of .htm, .html, .markdown, .md, .text, .txt",
        "empty.md": "holds no text",
    }
    assert await texts(knowledge) == ["Text.", "Plain."]
    (tmp_path / "a.md").write_text("# A\nNew.")
    again = await import_path(knowledge, tmp_path)
    assert [(source.name, source.changed) for source in again.imported] == [
        ("a.md", True),
        ("sub/b.txt", False),
    ]
    assert again.passage_count == 2


async def test_a_file_is_imported(knowledge: Knowledge, tmp_path: Path):
    file = tmp_path / "faq.md"
    file.write_text("# FAQ\nText.")
    report = await import_path(knowledge, file)
    assert [source.name for source in report.imported] == ["faq.md"]
    with pytest.raises(BatonError, match="no file or folder"):
        await import_path(knowledge, tmp_path / "missing")


async def test_an_index_takes_up_what_another_process_wrote(
    knowledge: Knowledge, repository_database: Database
):
    now = [0.0]
    indexes = PassageIndexes(
        lambda workspace_id: Knowledge(repository_database, workspace_id), clock=lambda: now[0]
    )
    assert (await indexes.get(SHOP)).search("refund") == []
    await knowledge.replace_source("a.md", markdown("# Refunds\nWe refund within 14 days."))
    assert (await indexes.get(SHOP)).search("refund") == []
    now[0] += 6
    assert [hit.title for hit in (await indexes.get(SHOP)).search("refund")] == ["Refunds"]
    assert (await indexes.get(OTHER)).search("refund") == []
    await knowledge.replace_source("b.md", markdown("# Returns\nSend it back for a refund."))
    indexes.invalidate(SHOP)
    assert len((await indexes.get(SHOP)).search("refund")) == 2
