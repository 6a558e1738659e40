import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../../web/assets/console/connection/api.js";
import { PendingTags } from "../../../../web/assets/console/tags/pending.js";
import { settled } from "../../support/browser.mjs";

/** A server that answers when it is told to. */
function desk() {
  const told = [];
  const answers = [];
  const shown = { rows: { c1: { id: "c1", tag_ids: ["old"] }, c2: { id: "c2" } }, painted: 0 };
  const pending = new PendingTags({
    tell: (change) => new Promise((resolve, reject) => told.push({ change, resolve, reject })),
    answered: (id) => answers.push(id),
    changed: () => shown.painted++,
  });
  const answer = (at, version, ...tag_ids) => told[at].resolve({ conversation_id: told[at].change.id, tag_ids, tags_version: version });
  return { told, answer, answers, shown, pending, tags: (id) => pending.over(shown.rows[id]) };
}

test("a change shows at once, on its conversation only, and stands when it was answered", async () => {
  const { answer, shown, pending, tags } = desk();
  const done = pending.put({ id: "c1", tag: "new", on: true });
  assert.deepEqual([tags("c1"), tags("c2"), shown.painted], [["old", "new"], [], 1]);
  await settled();
  answer(0, 1, "old", "new");
  assert.equal(await done, "");
  assert.deepEqual(tags("c1"), ["old", "new"]);
});

test("a row that comes meanwhile is shown with the change over it", async () => {
  const { told, answer, shown, pending, tags } = desk();
  const done = [pending.put({ id: "c1", tag: "new", on: true }), pending.put({ id: "c1", tag: "old", on: false })];
  shown.rows.c1 = { id: "c1", seq: 9, tag_ids: ["old", "of-a-colleague"] };
  assert.deepEqual(tags("c1"), ["of-a-colleague", "new"]);
  await settled();
  assert.deepEqual(told.map(({ change }) => change.tag), ["new"], "one after the other");
  answer(0, 2, "old", "of-a-colleague", "new");
  await done[0];
  assert.deepEqual(tags("c1"), ["of-a-colleague", "new"], "the second is still on its way");
  await settled();
  answer(1, 3, "of-a-colleague", "new");
  await done[1];
  assert.deepEqual(pending.newest(shown.rows.c1), { id: "c1", seq: 9, tag_ids: ["of-a-colleague", "new"], tags_version: 3 });
});

test("a row from before an answer takes nothing off that comes after it; a newer one does", async () => {
  const { answer, shown, pending, tags } = desk();
  const done = pending.put({ id: "c1", tag: "new", on: true });
  await settled();
  answer(0, 4, "old", "new");
  await done;
  for (const late of [{ seq: 9, tag_ids: ["old"] }, { seq: 10, tag_ids: ["old"], tags_version: 3 }]) {
    shown.rows.c1 = { id: "c1", ...late };
    assert.deepEqual(tags("c1"), ["old", "new"]);
    assert.equal(pending.newest(shown.rows.c1).seq, late.seq, "all else in it counts");
  }
  const [own, colleague] = [{ id: "c1", tag_ids: ["old", "new"], tags_version: 4 }, { id: "c1", tag_ids: [], tags_version: 5 }];
  for (const row of [own, colleague]) assert.equal(pending.newest(row), row);
});

test("a refusal takes its change off, in words, which the next one takes away", async () => {
  const { told, answer, answers, pending, tags } = desk();
  const [first, second] = [pending.put({ id: "c1", tag: "a", on: true }), pending.put({ id: "c1", tag: "b", on: true })];
  await settled();
  told[0].reject(new ApiError(0, { message: "Couldn't reach the server." }));
  assert.equal(await first, "The tag was not changed. Couldn't reach the server.");
  assert.equal(pending.wrong("c1"), "The tag was not changed. Couldn't reach the server.");
  assert.deepEqual([tags("c1"), answers, pending.wrong("c2")], [["old", "b"], [], ""]);
  await settled();
  answer(1, 1, "old", "b");
  await second;
  void pending.put({ id: "c1", tag: "a", on: true });
  assert.equal(pending.wrong("c1"), "");
});

test("put on and taken off before an answer is off", async () => {
  const { answer, pending, tags } = desk();
  const done = [pending.put({ id: "c2", tag: "a", on: true }), pending.put({ id: "c2", tag: "a", on: false })];
  assert.deepEqual(tags("c2"), []);
  await settled();
  answer(0, 1, "a");
  await settled();
  assert.deepEqual(tags("c2"), []);
  answer(1, 2);
  await Promise.all(done);
  assert.deepEqual(tags("c2"), []);
});
