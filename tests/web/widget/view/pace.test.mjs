import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "../../../../web/assets/widget/view/pace.js";

const STEP_MS = 16;

/**
 * Plays a text that arrives in parts: how many characters each step adds, and when everything shows.
 *
 * @param {[number, string][]} parts When, in ms, and what.
 */
function play(parts) {
  const pace = new Pace();
  const left = [...parts];
  const all = parts.map(([, part]) => part).join("");
  let [text, shown] = ["", 0];
  const steps = [];
  for (let now = 0; shown < all.length; now += STEP_MS) {
    while (left[0] && left[0][0] <= now) {
      text += left.shift()[1];
      pace.arrived(shown, text.length, now);
    }
    const to = pace.reach(text, now);
    steps.push(to - shown);
    shown = to;
    assert.ok(now < 60_000, "it never ends");
  }
  return { steps: steps.slice(1), ms: (steps.length - 1) * STEP_MS };
}

/** @param {number[]} steps */
const spread = (steps) => Math.max(...steps) - Math.min(...steps);

test("what comes in one burst shows at one speed from its first to its last character", () => {
  for (const length of [40, 400, 4_000]) {
    const { steps, ms } = play([[0, "x".repeat(length)]]);
    assert.ok(spread(steps.slice(0, -1)) <= 1, `${length}: ${steps}`);
    assert.ok(ms <= 1_300, `${length} take ${ms} ms`);
  }
});

test("a short answer is not all there at once", () => {
  assert.ok(play([[0, "x".repeat(60)]]).ms > 400);
});

test("bursts of the network do not show", () => {
  const { steps } = play(Array.from({ length: 30 }, (_, number) => [number * 300, "x".repeat(36)]));
  assert.ok(spread(steps.slice(0, -1)) <= 1, `${steps}`);
});

test("it never slows down while something is hidden, and is never far behind", () => {
  const parts = Array.from({ length: 20 }, (_, number) => [number * 100, "x".repeat(number < 10 ? 20 : 80)]);
  const { steps, ms } = play(parts);
  let fastest = 0;
  for (const step of steps.slice(0, -1)) {
    assert.ok(step >= fastest - 1, `${steps}`);
    fastest = Math.max(fastest, step);
  }
  assert.ok(ms <= 1_900 + 1_300);
});

test("after a rest it begins at its usual speed again", () => {
  const { steps } = play([
    [0, "x".repeat(4_000)],
    [5_000, "x".repeat(40)],
  ]);
  assert.ok(steps.slice(-10).every((step) => step <= 3), `${steps.slice(-10)}`);
});

test("no character is cut, whatever it is made of", () => {
  const text = "a\u{1f469}\u{1f3fd}\u200d\u{1f4bb}e\u0301\u2764\ufe0f".repeat(20);
  const whole = new Set([0]);
  for (const { index, segment } of new Intl.Segmenter("en").segment(text)) whole.add(index + segment.length);
  const pace = new Pace();
  pace.arrived(0, text.length, 0);
  for (let now = 0; now < 3_000; now += 1) assert.ok(whole.has(pace.reach(text, now)), `at ${now} ms: ${pace.reach(text, now)}`);
  assert.equal(pace.reach(text, 3_000), text.length);
});
