import assert from "node:assert/strict";
import { test } from "node:test";
import { Once, outdated } from "../../../../web/assets/console/leads/once.js";
import { memoryLocks, memoryStorage, settled } from "../../support/browser.mjs";

test("each lead is claimed by one tab of a browser", async () => {
  const [storage, locks] = [memoryStorage(), memoryLocks()];
  const [one, two] = [1, 2].map(() => new Once({ key: "k", storage: () => storage, locks, wait: async () => {} }));
  assert.deepEqual(await one.claim(["a", "b", "a"]), ["a", "b"]);
  await settled();
  assert.deepEqual(await two.claim(["b", "c"]), ["c"]);
  assert.deepEqual(await one.claim(["a", "c"]), []);
});

test("a tab that does not see yet what another one wrote claims nothing of it", async () => {
  const locks = memoryLocks();
  const settles = [];
  const wait = () => new Promise((done) => settles.push(done));
  const [one, two] = [memoryStorage(), memoryStorage()].map((copy) => ({ copy, once: new Once({ key: "k", storage: () => copy, locks, wait }) }));
  assert.deepEqual(await Promise.all([one.once.claim(["a"]), two.once.claim(["a", "b"])]), [["a"], ["b"]]);
  assert.deepEqual(await one.once.claim(["a"]), []);
  assert.deepEqual(await two.once.claim(["a"]), []);
  // Once the copies agree the locks are given back: what was done stays done.
  Object.assign(two.copy, one.copy);
  settles.forEach((done) => done());
  await settled();
  assert.deepEqual(await two.once.claim(["a", "b"]), []);
});

test("without storage a tab still shows each lead once", async () => {
  const forbidden = new Once({
    key: "k",
    storage: () => {
      throw new Error("forbidden");
    },
    locks: undefined,
  });
  assert.deepEqual(await forbidden.claim(["a", "a"]), ["a"]);
  assert.deepEqual(await forbidden.claim(["a"]), []);
});

test("what was done longest ago is forgotten, and nobody else's", async () => {
  const old = Array.from({ length: 205 }, (_, number) => [`k:${number}`, String(number)]);
  assert.deepEqual(outdated([["other:1", "0"], ...old], "k"), ["k:4", "k:3", "k:2", "k:1", "k:0"]);
});
