import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../web/assets/console/api.js";
import { PendingTags } from "../../web/assets/console/pending_tags.js";
import { settled } from "./support/browser.mjs";

/** A server that answers when it is told to. */
function desk() {
  const told = [];
  const answers = [];
  const shown = { rows: { c1: { id: "c1", tag_ids: ["old"] }, c2: { id: "c2" } }, painted: 0 };
  const pending = new PendingTags({
    tell: (change) => new Promise((resolve, reject) => told.push({ change, resolve, reject })),
    answered: (id, tagIds) => {
      answers.push(id);
      shown.rows[id] = { ...shown.rows[id], tag_ids: tagIds };
    },
    changed: () => shown.painted++,
  });
  return { told, answers, shown, pending, tags: (id) => pending.over(shown.rows[id]) };
}

test("a change shows at once, on its conversation only, and stands when it was answered", async () => {
  const { told, shown, pending, tags } = desk();
  const done = pending.put({ id: "c1", tag: "new", on: true });
  assert.deepEqual([tags("c1"), tags("c2"), shown.painted], [["old", "new"], [], 1]);
  await settled();
  told[0].resolve(["old", "new"]);
  assert.equal(await done, "");
  assert.deepEqual(tags("c1"), ["old", "new"]);
});

test("a row that comes meanwhile is shown with the change over it", async () => {
  const { told, shown, pending, tags } = desk();
  const done = [pending.put({ id: "c1", tag: "new", on: true }), pending.put({ id: "c1", tag: "old", on: false })];
  shown.rows.c1 = { id: "c1", seq: 9, tag_ids: ["old", "of-a-colleague"] };
  assert.deepEqual(tags("c1"), ["of-a-colleague", "new"]);
  await settled();
  assert.deepEqual(told.map(({ change }) => change.tag), ["new"], "one after the other");
  told[0].resolve(["old", "of-a-colleague", "new"]);
  await done[0];
  assert.deepEqual(tags("c1"), ["of-a-colleague", "new"], "the second is still on its way");
  await settled();
  told[1].resolve(["of-a-colleague", "new"]);
  await done[1];
  assert.deepEqual(shown.rows.c1, { id: "c1", seq: 9, tag_ids: ["of-a-colleague", "new"] });
});

test("a refusal takes its change off, in words, which the next one takes away", async () => {
  const { told, answers, pending, tags } = desk();
  const [first, second] = [pending.put({ id: "c1", tag: "a", on: true }), pending.put({ id: "c1", tag: "b", on: true })];
  await settled();
  told[0].reject(new ApiError(0, { message: "Couldn't reach the server." }));
  assert.equal(await first, "The tag was not changed. Couldn't reach the server.");
  assert.equal(pending.wrong("c1"), "The tag was not changed. Couldn't reach the server.");
  assert.deepEqual([tags("c1"), answers, pending.wrong("c2")], [["old", "b"], [], ""]);
  await settled();
  told[1].resolve(["old", "b"]);
  await second;
  void pending.put({ id: "c1", tag: "a", on: true });
  assert.equal(pending.wrong("c1"), "");
});

test("put on and taken off before an answer is off", async () => {
  const { told, pending, tags } = desk();
  const done = [pending.put({ id: "c2", tag: "a", on: true }), pending.put({ id: "c2", tag: "a", on: false })];
  assert.deepEqual(tags("c2"), []);
  await settled();
  told[0].resolve(["a"]);
  await settled();
  assert.deepEqual(tags("c2"), []);
  told[1].resolve([]);
  await Promise.all(done);
  assert.deepEqual(tags("c2"), []);
});
