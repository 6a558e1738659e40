import assert from "node:assert/strict";
import { test } from "node:test";

process.env.TZ = "UTC";
const { ago, clock, clockIn, dayName, exact, lasting } = await import("../../../../web/assets/console/figures/times.js");

const NOW = Date.parse("2026-11-22T10:31:00.000Z"); // a Sunday
const before = (seconds) => new Date(NOW - seconds * 1000).toISOString();

test("relative under a day, then the weekday, then the date", () => {
  const texts = [5, 59, 60, 3599, 3600, 86399, 86400 * 3, 86400 * 20, 86400 * 400].map((age) => ago(before(age), NOW, "en-US"));
  assert.deepEqual(texts, ["now", "now", "1 min", "59 min", "1 h", "23 h", "Thu", "Nov 2", "Oct 18, 2025"]);
});

test("an instant of a clock that runs ahead is now, a broken one nothing", () => {
  assert.equal(ago(before(-30), NOW, "en-US"), "now");
  assert.equal(ago("never", NOW, "en-US"), "");
});

test("how long somebody waits", () => {
  assert.deepEqual([10, 150, 7200, 86400 * 2].map((age) => lasting(before(age), NOW, "en-US")), ["a moment", "2 min", "2 h", "2 days"]);
});

test("what time it is elsewhere, with the weekday where that is another", () => {
  assert.equal(clockIn("Europe/Berlin", NOW, "en-GB"), "11:31 in Berlin");
  assert.equal(clockIn("America/Argentina/Buenos_Aires", NOW, "en-GB"), "07:31 in Buenos Aires");
  assert.equal(clockIn("Pacific/Kiritimati", NOW, "en-GB"), "Mon 00:31 in Kiritimati");
  assert.equal(clockIn("Atlantis/Capital", NOW, "en-GB"), "");
});

test("the time of day, with the date on another day", () => {
  assert.equal(clock(before(60), NOW, "en-GB"), "10:30");
  assert.equal(clock(before(86400), NOW, "en-GB"), "21 Nov, 10:31");
});

test("days have names", () => {
  assert.deepEqual([0, 86400, 86400 * 2].map((age) => dayName(before(age), NOW, "en-GB")), ["Today", "Yesterday", "Friday 20 November"]);
  assert.equal(dayName(before(0), NOW, "de"), "Heute");
});

test("hovering tells it exactly", () => assert.match(exact(before(0), "en-GB"), /22 November 2026.*10:31:00/));
