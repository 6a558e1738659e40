import assert from "node:assert/strict";
import { test } from "node:test";
import { figure, howMany, took } from "../../../../web/assets/console/figures/figures.js";

test("figures have their thousands apart, and what took long is told in seconds", () => {
  assert.deepEqual([figure(0), figure(999), figure(12_345)], ["0", "999", "12,345"]);
  assert.deepEqual([howMany(0, "lead"), howMany(1, "lead"), howMany(1_000, "entry", "entries")], ["0 leads", "1 lead", "1,000 entries"]);
  assert.deepEqual([4, 999.4, 999.6, 1_249, 10_000, 3_600_000].map(took), ["4 ms", "999 ms", "1 s", "1.2 s", "10 s", "3,600 s"]);
});
