import assert from "node:assert/strict";
import { test } from "node:test";

import * as words from "../../../../web/assets/console/cleanup/words.js";
import { NOTHING, keepShown, selectAll, toggle } from "../../../../web/assets/console/cleanup/selection.js";

const ORDER = ["a", "b", "c", "d", "e"];
const click = (selection, id, range = false) => toggle(selection, id, { order: ORDER, range });
const ids = (selection) => [...selection.ids].sort().join("");

test("a click ticks, another one takes the tick away", () => {
  const one = click(NOTHING, "b");
  assert.equal(ids(one), "b");
  assert.equal(ids(click(one, "b")), "");
});

test("with Shift all between the last click and this one follow it, in either direction", () => {
  assert.equal(ids(click(click(NOTHING, "b"), "d", true)), "bcd");
  assert.equal(ids(click(click(NOTHING, "d"), "b", true)), "bcd");
  const whole = selectAll(click(NOTHING, "a"), ORDER);
  assert.equal(ids(click(click(whole, "b"), "d", true)), "ae");
});

test("a range from a row that has gone is a click", () => {
  const gone = keepShown(click(NOTHING, "b"), ["a", "c", "d"]);
  assert.equal(ids(gone), "");
  assert.equal(ids(click(gone, "d", true)), "d");
});

test("what is not shown any more is not ticked any more; else nothing is made anew", () => {
  const some = selectAll(NOTHING, ["a", "b", "c"]);
  assert.equal(ids(keepShown(some, ["b", "c", "d"])), "bc");
  assert.equal(keepShown(some, ORDER), some);
});

test("what goes is said with its count, in one and in many", () => {
  assert.equal(words.several(1, 0).verb, "Delete 1 conversation");
  assert.equal(words.several(1234, 1).title, "Delete 1,234 conversations?");
  assert.match(words.several(1234, 1).text, /and 1 lead\./);
  assert.match(words.empty(60, 2).text, /2 leads left without a message will go/);
  assert.doesNotMatch(words.empty(60, 0).text, /lead/);
  assert.equal(words.progress({ left: 2600, total: 10000 }), "Deleting: 2,600 of 10,000 left");
});
