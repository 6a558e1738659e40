import assert from "node:assert/strict";
import { test } from "node:test";
import { LeadFeed } from "../../../../web/assets/console/leads/feed.js";
import { settled } from "../../support/browser.mjs";
import { ManualClock } from "../../support/clock.mjs";

function page(answers) {
  const clock = new ManualClock();
  const seen = { asked: [], leads: [], unread: [], wrong: 0, cursor: null, visible: true };
  const feed = new LeadFeed({
    ask: async (after) => {
      seen.asked.push(after);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer.status) throw answer;
      return { leads: [], more: false, unread: 0, ...answer };
    },
    cursor: { read: () => seen.cursor, write: (cursor) => (seen.cursor = cursor) },
    visible: () => seen.visible,
    onLeads: (leads) => seen.leads.push(...leads),
    onUnread: (count) => seen.unread.push(count),
    onWrong: () => seen.wrong++,
    clock,
  });
  return { clock, feed, seen };
}

test("a tab begins where it is opened, and asks again every 30 s from where it was", async () => {
  const { clock, feed, seen } = page([{ cursor: "5" }, { cursor: "6", leads: [{ id: "l6" }], unread: 1 }]);
  feed.look();
  await settled();
  assert.deepEqual([seen.asked, seen.leads], [[null], []]);
  clock.pass(29_999);
  await settled();
  assert.equal(seen.asked.length, 1);
  clock.pass(1);
  await settled();
  assert.deepEqual([seen.asked, seen.leads, seen.unread], [[null, "5"], [{ id: "l6" }], [0, 1]]);
});

test("a hidden tab asks nothing, and catches up when it is seen", async () => {
  const { clock, feed, seen } = page([{ cursor: "5" }]);
  feed.look();
  await settled();
  seen.visible = false;
  feed.pause();
  clock.pass(600_000);
  await settled();
  assert.equal(seen.asked.length, 1);
  seen.visible = true;
  feed.look();
  await settled();
  assert.equal(seen.asked.length, 2);
  clock.pass(30_000);
  await settled();
  assert.equal(seen.asked.length, 3);
});

test("a tab that is opened hidden waits to be seen", async () => {
  const { clock, feed, seen } = page([{ cursor: "5" }]);
  seen.visible = false;
  feed.look();
  clock.pass(60_000);
  await settled();
  assert.equal(seen.asked.length, 0);
});

test("a tab that is hidden while it asks does not ask on", async () => {
  const { clock, feed, seen } = page([{ cursor: "5" }]);
  feed.look();
  seen.visible = false;
  feed.pause();
  await settled();
  clock.pass(120_000);
  await settled();
  assert.equal(seen.asked.length, 1);
});

test("who is behind asks on at once, but not for ever", async () => {
  const { feed, seen } = page([{ cursor: "1", more: true, leads: [{ id: "l1" }] }, { cursor: "2", leads: [{ id: "l2" }] }]);
  feed.look();
  await settled();
  assert.deepEqual(seen.leads.map(({ id }) => id), ["l1", "l2"]);
  const endless = page([{ cursor: "1", more: true }]);
  endless.feed.look();
  await settled();
  assert.equal(endless.seen.asked.length, 5);
});

test("a cursor that is not the server's is given up, an absent server waited for", async () => {
  const { clock, feed, seen } = page([{ status: 422 }, { cursor: "9" }, { status: 503 }, { cursor: "9" }]);
  seen.cursor = "forged";
  feed.look();
  await settled();
  assert.deepEqual([seen.asked, seen.cursor], [["forged", null], "9"]);
  assert.deepEqual([seen.unread, seen.wrong], [[0], 0]);
  clock.pass(30_000);
  await settled();
  assert.deepEqual([seen.unread, seen.wrong], [[0], 1], "what was told is old");
  clock.pass(10_000);
  await settled();
  assert.deepEqual(seen.asked, ["forged", null, "9", "9"]);
  assert.deepEqual([seen.unread, seen.wrong], [[0, 0], 1]);
});
