import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../../web/assets/widget/outbox.js";
import { memoryLocks, memoryStorage, settled } from "../support/browser.mjs";

const message = (client_id, created_at = Date.now()) => ({ client_id, text: `text of ${client_id}`, created_at, status: "sending" });
const ids = (messages) => messages.map(({ client_id }) => client_id);

/** One browser with as many tabs as asked for. */
function browser({ storage = memoryStorage(), locks = memoryLocks() } = {}) {
  return { storage, tab: () => new Outbox({ prefix: "baton:demo:unsent:", storage: () => storage, locks }) };
}

test("unsent messages survive a reload, oldest first", async () => {
  const { tab } = browser();
  const before = tab();
  const now = Date.now();
  before.add(message("c-2", now - 1));
  before.add(message("c-1", now - 2));
  await settled();
  before.release();
  await settled();
  assert.deepEqual(ids(await tab().adopt()), ["c-1", "c-2"]);
});

test("what is sent is gone", async () => {
  const { storage, tab } = browser();
  const outbox = tab();
  outbox.add(message("c-1"));
  await settled();
  outbox.remove("c-1");
  outbox.release();
  await settled();
  assert.deepEqual(await tab().adopt(), []);
  assert.deepEqual(Object.keys(storage), []);
});

test("a tab does not touch what another open tab is sending", async () => {
  const { tab } = browser();
  tab().add(message("c-1"));
  await settled();
  assert.deepEqual(await tab().adopt(), []);
});

test("of two tabs that find an orphan at the same moment, one adopts it", async () => {
  const { tab } = browser();
  const closed = tab();
  closed.add(message("c-1"));
  await settled();
  closed.release();
  await settled();
  const [one, other] = [tab(), tab()];
  const adopted = await Promise.all([one.adopt(), other.adopt()]);
  assert.equal(adopted.flat().length, 1);
});

test("a tab adopts a message once", async () => {
  const { tab } = browser();
  const closed = tab();
  closed.add(message("c-1"));
  await settled();
  closed.release();
  await settled();
  const outbox = tab();
  assert.equal((await outbox.adopt()).length, 1);
  assert.equal((await outbox.adopt()).length, 0);
});

test("without locks it still survives a reload", async () => {
  const { tab } = browser({ locks: null });
  tab().add(message("c-1"));
  assert.deepEqual(ids(await tab().adopt()), ["c-1"]);
});

test("a message sent before its lock was granted does not keep the lock", async () => {
  const locks = memoryLocks();
  const { tab } = browser({ locks });
  const outbox = tab();
  outbox.add(message("c-1"));
  outbox.remove("c-1");
  await settled();
  assert.equal(await locks.request("baton:demo:unsent:c-1", { ifAvailable: true }, (lock) => lock !== null), true);
});

test("yesterday's messages, and what is not ours, are dropped and left alone", async () => {
  const { storage, tab } = browser();
  storage.setItem("baton:demo:unsent:old", JSON.stringify(message("old", Date.now() - 25 * 60 * 60 * 1000)));
  storage.setItem("baton:demo:unsent:bad", "{");
  storage.setItem("baton:other:unsent:c-1", JSON.stringify(message("c-1")));
  storage.setItem("cart", "3 apples");
  assert.deepEqual(await tab().adopt(), []);
  assert.deepEqual(Object.keys(storage).sort(), ["baton:other:unsent:c-1", "cart"]);
});

test("a browser that forbids storage loses nothing but the reload", async () => {
  const outbox = new Outbox({
    prefix: "p:",
    storage: () => {
      throw new Error("SecurityError");
    },
    locks: undefined,
  });
  outbox.add(message("c-1"));
  outbox.remove("c-1");
  assert.deepEqual(await outbox.adopt(), []);
});
