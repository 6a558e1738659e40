import assert from "node:assert/strict";
import test from "node:test";

import { Recents } from "../../../../web/assets/console/palette/recents.js";
import { memoryStorage } from "../../support/browser.mjs";

test("a damaged or forbidden store means nothing is recent", () => {
  const storage = memoryStorage();
  storage.setItem("k", '{"no": "list"}');
  assert.deepEqual(new Recents("k", () => storage).all, []);
  const none = new Recents("k", () => { throw new Error("forbidden"); });
  none.add({ id: "a", name: "A" });
  assert.deepEqual(none.all, []);
});
