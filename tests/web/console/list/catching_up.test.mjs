import assert from "node:assert/strict";
import { test } from "node:test";

import { catchingUp } from "../../../../web/assets/console/list/catching_up.js";
import { settled } from "../../support/browser.mjs";

/** A list of words, and answers that come when they are told to. */
function desk() {
  const shown = new Set(["a", "b"]);
  const told = [];
  const answers = [];
  let view = "all";
  const list = {
    refresh(page) {
      shown.clear();
      page.forEach((word) => shown.add(word));
      return page.length;
    },
  };
  const load = (of) => new Promise((resolve) => answers.push({ of, resolve }));
  const catchUp = catchingUp({ list, chip: { missed: (count) => told.push(count) }, view: () => view, load });
  return { shown, told, answers, catchUp, look: (next) => (view = next) };
}

test("what happened while the answer was on its way happens to the answer too", async () => {
  const { shown, told, answers, catchUp } = desk();
  void catchUp.again();
  catchUp.now(() => shown.add("c"));
  catchUp.now(() => shown.delete("b"));
  assert.deepEqual([...shown], ["a", "c"], "it is seen at once");
  answers[0].resolve(["a", "b"]);
  await settled();
  assert.deepEqual([...shown], ["a", "c"]);
  assert.deepEqual(told, [2]);
  catchUp.now(() => shown.clear());
  assert.deepEqual([...shown], [], "and once");
});

test("an answer about another view comes too late", async () => {
  const { shown, told, answers, catchUp, look } = desk();
  void catchUp.again();
  assert.equal(answers[0].of, "all");
  look("mine");
  answers[0].resolve(["x"]);
  await settled();
  assert.deepEqual([...shown], ["a", "b"]);
  assert.deepEqual(told, []);
});

test("of two answers the one that was asked for last stays", async () => {
  const { shown, answers, catchUp } = desk();
  void catchUp.again();
  void catchUp.again();
  catchUp.now(() => shown.delete("b"));
  answers[1].resolve(["a", "b", "c"]);
  await settled();
  answers[0].resolve(["a", "b"]);
  await settled();
  assert.deepEqual([...shown], ["a", "c"]);
});
