import assert from "node:assert/strict";
import { test } from "node:test";

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
