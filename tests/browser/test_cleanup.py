"""Clean-up and tags as an admin and as an editor have them in the browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from actors.ids import ConversationId, VisitorId, WorkspaceId, new_id
from actors.log import Conversation, ConversationKey
from server.conversations.rows import new_document

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADMIN, EDITOR, VIEWER = "admin@demo.test", "editor@demo.test", "viewer@demo.test"
# What a page does once it was looked at for a moment, to mark as read, waits for `glanced` to be called.
HELD_GLANCES = """
  const { setTimeout } = window, held = [];
  window.setTimeout = (run, ms, ...rest) => (ms === 600 ? -held.push(run) : setTimeout(run, ms, ...rest));
  window.glanced = () => held.splice(0).forEach((run) => run());
"""
GONE = r"the server responded with a status of 404 \(Not Found\)"


def fill(baton, count, *, written, name, tag=""):
    """Conversations of the past; with `written` somebody wrote in them. Search knows nothing planted."""
    now = datetime.now(UTC).replace(microsecond=0)
    documents = []
    for number in range(count):
        key = ConversationKey(WorkspaceId("demo"), ConversationId(new_id()))
        at = now - timedelta(hours=1, minutes=number)
        document = new_document(Conversation(key, VisitorId(new_id()), f"{name} {number}", at))
        spoken = {"seq": 1, "user_message_count": 1, "preview": "Hi", "engaged_at": at} if written else {}
        documents.append(document | spoken | ({"tag_ids": [tag]} if tag else {}))
    entries = [
        {"_id": f"{d['_id']}:1", "workspace_id": "demo", "conversation_id": d["_id"], "seq": 1}
        | {
            "type": "message",
            "role": "user",
            "text": "Hi",
            "write_id": new_id(),
            "created_at": d["created_at"],
        }
        for d in documents
        if written
    ]
    with baton.mongo() as client:
        client["baton"]["conversations"].insert_many(documents)
        if entries:
            client["baton"]["messages"].insert_many(entries)
    return [document["_id"] for document in documents]


def left(baton, **query):
    with baton.mongo() as client:
        return client["baton"]["conversations"].count_documents(query)


def tick(operator, conversation_id):
    return operator.row(conversation_id).locator('[data-part="tick"]')


async def confirm(operator, title):
    dialog = operator.page.locator("#confirm")
    await expect(dialog.locator("h2")).to_have_text(title)
    await dialog.locator("#confirm-do").click()
    await expect(dialog).to_be_hidden()


async def test_an_admin_deletes_one_that_others_look_at(stage, baton):
    zoe, adam, edith = await stage.visitor(), await stage.operator(ADMIN), await stage.operator(EDITOR)
    await zoe.arrive(stage.site)
    await zoe.ask("How does an operator take over a conversation?")
    conversation = await zoe.conversation_id()
    await edith.page.add_init_script(HELD_GLANCES)
    await edith.open(conversation)
    await adam.open_list()
    row = adam.row(conversation)
    await expect(row.locator('[data-part="trash"]')).to_have_css("opacity", "0")
    await row.hover()
    await expect(row.locator('[data-part="trash"]')).to_have_css("opacity", "1")
    name = await row.locator('[data-part="name"]').inner_text()
    await row.locator('[data-part="trash"]').click()
    dialog = adam.page.locator("#confirm")
    await expect(dialog).to_contain_text("This cannot be undone.")
    await adam.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(row).to_be_visible()
    await row.locator("a").focus()
    await adam.page.keyboard.press("#")
    await confirm(adam, f"Delete the conversation with {name}?")
    await expect(row).to_have_count(0)
    await expect(edith.page.locator("#thread-gone h2")).to_have_text("This conversation was deleted")
    await expect(edith.row(conversation)).to_have_count(0)
    await edith.page.evaluate("glanced()")  # would be refused, as there is nothing to be marked any more
    await expect(zoe.own).to_have_count(0)
    await zoe.ask("Where is the audit log?")  # afresh, without a reload
    assert await zoe.conversation_id() != conversation
    assert left(baton, _id=conversation) == 0


async def test_an_admin_deletes_ticked_ones_by_a_range_then_all_that_match(stage, baton):
    looks = {"name": "Range", "name_key": "range", "colour": "grey", "created_at": datetime.now(UTC)}
    with baton.mongo() as client:
        client["baton"]["tags"].insert_one({"_id": "t-range", "workspace_id": "demo", **looks})
    ids = fill(baton, 70, written=True, name="Range", tag="t-range")
    adam = await stage.operator(ADMIN)
    await adam.open_list("?tag=t-range")
    await tick(adam, ids[1]).click()
    await tick(adam, ids[4]).click(modifiers=["Shift"])
    button = adam.page.locator("#bulk-delete")
    await expect(button).to_have_text("Delete 4 selected")
    await button.click()
    await confirm(adam, "Delete 4 conversations?")
    await expect(adam.row(ids[2])).to_have_count(0)
    await expect(adam.page.locator("#bulk")).to_be_hidden()
    assert left(baton, _id={"$in": ids}) == 66

    await tick(adam, ids[0]).click()
    await adam.page.get_by_role("button", name="Select all 50 shown").click()
    await expect(button).to_have_text("Delete 50 selected")
    await adam.page.get_by_role("button", name="Select all that match, also those not loaded yet").click()
    await expect(button).to_have_text("Delete 66 selected")
    await button.click()
    await confirm(adam, "Delete 66 conversations?")
    await expect(adam.page.locator("#none-in-view")).to_be_visible()
    assert left(baton, _id={"$in": ids}) == 0
    with baton.mongo() as client:
        client["baton"]["tags"].delete_one({"_id": "t-range"})


async def test_an_admin_deletes_the_empty_ones_and_sees_how_far_it_is(stage, baton):
    kept = fill(baton, 2, written=True, name="Kept")
    fill(baton, 300, written=False, name="Empty")
    adam = await stage.operator(ADMIN)
    await adam.open_list("?show=all")
    count = left(baton, workspace_id="demo", user_message_count=0)
    button = adam.page.get_by_role("button", name=f"Delete empty ({count})")
    await button.click()
    await expect(adam.page.locator("#confirm-text")).to_contain_text("at least one message stay")
    await confirm(adam, f"Delete {count} conversations in which nobody wrote?")
    await expect(adam.page.locator("#cleanup-text")).to_contain_text(f"of {count} left")
    await expect(adam.page.locator("#cleanup")).to_be_hidden(timeout=20_000)
    await expect(adam.page.locator("#delete-empty")).to_be_hidden()
    assert left(baton, workspace_id="demo", user_message_count=0) == 0
    assert left(baton, _id={"$in": kept}) == 2


@pytest.mark.parametrize("email", [EDITOR, VIEWER])
async def test_others_never_see_how_to_delete(stage, baton, email):
    (conversation,) = fill(baton, 1, written=True, name="Safe")
    fill(baton, 1, written=False, name="Blank")
    operator = await stage.operator(email)
    await operator.open_list("?show=all")
    await operator.row(conversation).hover()
    await operator.open(conversation)
    for part in ("tick", "trash", "delete", "manage"):
        assert await operator.page.locator(f'[data-part="{part}"]').count() == 0
    html = await operator.page.content()
    assert "bulk-delete" not in html
    assert "delete-empty" not in html
    await operator.page.keyboard.press("#")
    assert await operator.page.locator("dialog[open]").count() == 0
    assert left(baton, _id=conversation) == 1


async def test_tags_are_made_put_on_filtered_by_and_removed(stage, baton):
    first, second = fill(baton, 2, written=True, name="Tagged")
    adam, edith = await stage.operator(ADMIN), await stage.operator(EDITOR)
    await edith.open_list()
    await adam.open(first)
    await adam.page.locator(".tag-picker summary").click()
    await adam.page.get_by_role("button", name="Make and change tags").click()
    manager = adam.page.locator("#tag-manager")
    await expect(manager).to_contain_text("There are none yet. A tag gathers conversations of a kind")
    await manager.get_by_label("Name of a new tag").fill("Billing")
    await manager.get_by_role("button", name="Make").click()
    await expect(manager.locator("#tag-rows > li")).to_have_count(1)
    name = manager.get_by_label("Name", exact=True)
    for other in ("Invoices that were paid twice by mistake", "Billing"):
        async with adam.page.expect_response("**/app/tags"):
            await name.fill(other)
            await name.press("Enter")
        await expect(name).to_have_value(other)
        assert await name.evaluate("it => it.scrollHeight <= it.clientHeight"), "the whole name is seen"
    await manager.get_by_label("Name of a new tag").fill("billing")
    stage.guard.allow(r"status of 422")
    await manager.get_by_role("button", name="Make").click()
    await expect(manager.locator("#tag-wrong")).to_have_text("There is a tag called billing already.")
    await adam.page.keyboard.press("Escape")
    await adam.page.locator(".tag-picker summary").click()
    await adam.page.locator(".tag-choice", has_text=re.compile("^Billing$")).click()
    await expect(edith.row(first).locator(".tag")).to_have_text("Billing")

    await edith.page.locator("#tag-filter").select_option(label="Billing")
    await expect(edith.row(second)).to_have_count(0)
    await expect(edith.row(first)).to_be_visible()
    await adam.page.get_by_role("button", name="Make and change tags").click()
    await manager.get_by_role("button", name="Remove this tag").click()
    await confirm(adam, "Remove the tag Billing?")
    await expect(manager.locator("#tag-rows > li")).to_have_count(0)
    await expect(manager.locator("#tag-none")).to_be_visible()
    await expect(edith.row(first).locator(".tag")).to_have_count(0)
    assert left(baton, tag_ids={"$ne": []}) == 0
