import assert from "node:assert/strict";
import test from "node:test";

import { Waiting } from "../../../../web/assets/console/page/waiting.js";
import { settled } from "../../support/browser.mjs";
import { ManualClock } from "../../support/clock.mjs";

const changed = (id, kind) => ({ type: "conversation.changed", channel: "workspace", conversation: { id, badge: { kind, label: "" } } });
const SUBSCRIBED = { type: "subscribed", channel: "workspace" };

function counting(ids, answers = []) {
  const counts = [];
  const waiting = new Waiting(ids, { read: () => answers.shift() ?? Promise.resolve(null), onChange: (count) => counts.push(count), clock: new ManualClock() });
  return { waiting, counts };
}

test("each conversation counts once, until somebody has it or it is gone", () => {
  const { waiting, counts } = counting(["c1"]);
  for (const frame of [changed("c2", "waiting"), changed("c2", "waiting"), changed("c9", "bot"), changed("c1", "human"), { type: "conversation.deleted", channel: "workspace", conversation_id: "c2" }]) waiting.heard(frame);
  assert.deepEqual(counts, [1, 2, 1, 0]);
});

test("a new connection reads anew, and what came meanwhile is newer", async () => {
  let answer = (_) => {};
  const { waiting, counts } = counting(["gone"], [new Promise((resolve) => (answer = resolve))]);
  const read = waiting.heard(SUBSCRIBED);
  waiting.heard(changed("c1", "human"));
  waiting.heard(changed("c2", "waiting"));
  answer(["c1", "c3"]);
  await read;
  assert.equal(waiting.count, 2);
  assert.equal(counts.at(-1), 2);
});

test("only the last reading counts", async () => {
  const resolvers = [];
  const asked = () => new Promise((resolve) => resolvers.push(resolve));
  const waiting = new Waiting(["c1"], { read: asked, onChange: () => {}, clock: new ManualClock() });
  const [first, second] = [waiting.heard(SUBSCRIBED), waiting.heard(SUBSCRIBED)];
  resolvers[1](["c1", "c2"]);
  await second;
  resolvers[0]([]);
  await first;
  assert.equal(waiting.count, 2);
});

test("after a reading that failed the count is old, follows all the same, and is read again", async () => {
  const answers = [null, null, ["c7"]];
  const told = [];
  const clock = new ManualClock();
  const waiting = new Waiting(["c1"], { read: async () => answers.shift(), onChange: (...count) => told.push(count), clock });
  await waiting.heard(SUBSCRIBED);
  waiting.heard(changed("c2", "waiting"));
  assert.deepEqual(told, [[1, false], [1, true], [2, true]]);
  for (let again = 0; again < 2; again++) {
    clock.pass(10_000);
    await settled();
  }
  assert.deepEqual(told.slice(3), [[2, true], [1, false]]);
  clock.pass(60_000);
  await settled();
  assert.equal(told.length, 5, "it is true again, and nothing is asked");
});

test("a lost connection makes the count old, unless it is back soon, until it was read again", async () => {
  let answer = async () => ["c1"];
  const told = [];
  const clock = new ManualClock();
  const waiting = new Waiting(["c1"], { read: () => answer(), onChange: (...count) => told.push(count), clock });
  waiting.lost();
  clock.pass(4_000);
  await waiting.heard(SUBSCRIBED);
  clock.pass(60_000);
  assert.deepEqual(told, [[1, false], [1, false]]);
  for (const each of [0, 2_000, 3_000]) {
    clock.pass(each);
    waiting.lost();
  }
  assert.deepEqual(told.slice(2), [[1, true]], "every try to come back that fails is the same loss");
  answer = async () => null;
  await waiting.heard(SUBSCRIBED);
  waiting.lost();
  answer = async () => ["c1", "c2"];
  clock.pass(10_000);
  await settled();
  assert.deepEqual(told.at(-1), [2, true], "what is read without a connection is old at once");
  await waiting.heard(SUBSCRIBED);
  assert.deepEqual(told.at(-1), [2, false]);
});
