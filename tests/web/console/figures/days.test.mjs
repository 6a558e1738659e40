import assert from "node:assert/strict";
import { test } from "node:test";
import { dayBegins, dayOf } from "../../../../web/assets/console/figures/days.js";

test("a day goes to an instant and back", () => {
  for (const day of ["2026-11-22", "2026-03-29", "2026-10-25", "2024-02-29"]) {
    assert.equal(dayOf(dayBegins(day)), day);
    assert.equal(dayOf(dayBegins(day, 1), -1), day);
    assert.ok(Date.parse(dayBegins(day, 1)) > Date.parse(dayBegins(day)));
  }
});

test("what is no day is nothing", () => {
  for (const text of ["", "22.11.2026", "x", "2026-11-22T10:00:00Z"]) assert.equal(dayBegins(text), "");
  assert.equal(dayOf("yesterday"), "");
  assert.equal(dayOf(""), "");
  assert.equal(dayOf("2026-11-22"), "2026-11-22");
});
