import assert from "node:assert/strict";
import test from "node:test";

import { favicon } from "../../web/assets/console/favicon.js";
import { atMost, titleWith } from "../../web/assets/console/title.js";
import { Waiting } from "../../web/assets/console/waiting.js";

const changed = (id, kind) => ({ type: "conversation.changed", channel: "workspace", conversation: { id, badge: { kind, label: "" } } });
const SUBSCRIBED = { type: "subscribed", channel: "workspace" };

function counting(ids, answers = []) {
  const counts = [];
  const waiting = new Waiting(ids, { read: () => answers.shift() ?? Promise.resolve(null), onChange: (count) => counts.push(count) });
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

test("only the last reading counts, and one that failed changes nothing", async () => {
  const resolvers = [];
  const asked = () => new Promise((resolve) => resolvers.push(resolve));
  const waiting = new Waiting(["c1"], { read: asked, onChange: () => {} });
  const [first, second] = [waiting.heard(SUBSCRIBED), waiting.heard(SUBSCRIBED)];
  resolvers[1](["c1", "c2"]);
  await second;
  resolvers[0]([]);
  await first;
  assert.equal(waiting.count, 2);
  const failed = waiting.heard(SUBSCRIBED);
  resolvers[2](null);
  await failed;
  assert.equal(waiting.count, 2);
});

test("the title and the icon say how many, and nothing when nobody waits", () => {
  assert.equal(titleWith("Inbox · Baton", 3), "(3) Inbox · Baton");
  assert.equal(titleWith("Inbox · Baton", 0), "Inbox · Baton");
  assert.equal(atMost(120), "99+");
  assert.match(decodeURIComponent(favicon(4)), /^data:image\/svg\+xml,<svg.*>4<\/text>/);
  assert.match(decodeURIComponent(favicon(12)), />9\+<\/text>/);
});
