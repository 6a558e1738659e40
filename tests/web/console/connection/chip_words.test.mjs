import assert from "node:assert/strict";
import { test } from "node:test";

import { chipWords } from "../../../../web/assets/console/connection/chip_words.js";

const LIVE = { state: "live", online: true, catching: false, missed: null, updated: false };
const says = (change) => chipWords({ ...LIVE, ...change })?.text ?? "";

test("nothing while all is well", () => assert.equal(says({}), ""));

test("why it is lost, and what is done about it", () => {
  assert.equal(says({ state: "lost" }), "Reconnecting…");
  assert.equal(says({ state: "connecting" }), "Reconnecting…");
  assert.match(says({ state: "lost", code: 1012 }), /restarts/);
  assert.match(says({ state: "lost", code: 4029 }), /Too many windows/);
  assert.match(says({ state: "lost", code: 4029, online: false }), /offline/);
});

test("what was missed is said when it is back, once it is known", () => {
  assert.equal(says({ catching: true }), "Catching up…");
  assert.equal(says({ missed: 3 }), "3 missed, caught up");
  assert.equal(says({ missed: 0 }), "Connected again, nothing missed");
});

test("a newer Baton waits until the rest was said", () => {
  assert.equal(says({ updated: true }), "Baton was updated.");
  assert.equal(says({ updated: true, missed: 1 }), "1 missed, caught up");
  assert.equal(says({ updated: true, state: "lost" }), "Reconnecting…");
});
