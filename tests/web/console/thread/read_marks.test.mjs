import assert from "node:assert/strict";
import { test } from "node:test";

import { ReadMarks } from "../../../../web/assets/console/thread/read_marks.js";
import { ManualClock } from "../../support/clock.mjs";
import { settled } from "../../support/browser.mjs";

const opened = (id, top, { seen = 0, user = top } = {}) => ({ id, top, row: { seen: { me: seen }, last_user_seq: user }, entries: [{ seq: user, role: "user" }, { seq: top, role: "assistant" }] });

function marks() {
  const clock = new ManualClock();
  const seen = { now: true, fails: false };
  const told = [];
  const tell = async (id, seq) => {
    told.push([id, seq]);
    if (seen.fails) throw new Error("away");
  };
  return { clock, seen, told, marks: new ReadMarks({ userId: "me", visible: () => seen.now, tell, clock }) };
}

test("what is looked at for a moment is told, once for all that came meanwhile", () => {
  const { clock, told, marks: reads } = marks();
  reads.look(opened("c1", 3));
  reads.look(opened("c1", 5));
  assert.deepEqual(told, []);
  clock.pass(600);
  assert.deepEqual(told, [["c1", 5]]);
  reads.look(opened("c1", 5));
  clock.pass(600);
  assert.equal(told.length, 1);
  reads.look(opened("c1", 7));
  clock.pass(600);
  assert.deepEqual(told.at(-1), ["c1", 7]);
});

test("nothing is told of what was read before, of the bot's words alone, in passing, or unseen", () => {
  const { clock, seen, told, marks: reads } = marks();
  reads.look(opened("c1", 3, { seen: 3 }));
  reads.look(opened("c1", 4, { seen: 3, user: 3 }));
  clock.pass(600);
  reads.look(opened("c2", 3));
  reads.look(null);
  clock.pass(600);
  seen.now = false;
  reads.look(opened("c3", 3));
  clock.pass(600);
  assert.deepEqual(told, []);
  seen.now = true;
  reads.look(opened("c3", 3));
  clock.pass(600);
  assert.deepEqual(told, [["c3", 3]]);
});

test("what could not be told is told again", async () => {
  const { clock, seen, told, marks: reads } = marks();
  seen.fails = true;
  reads.look(opened("c1", 3));
  clock.pass(600);
  await settled();
  seen.fails = false;
  reads.look(opened("c1", 3));
  clock.pass(600);
  assert.deepEqual(told, [["c1", 3], ["c1", 3]]);
});
