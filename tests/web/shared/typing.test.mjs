import assert from "node:assert/strict";
import { test } from "node:test";
import { Typing } from "../../../web/assets/shared/typing.js";
import { ManualClock } from "../support/clock.mjs";

function typist() {
  const clock = new ManualClock();
  const sent = [];
  return { clock, sent, typing: new Typing(({ on }) => sent.push(on), clock) };
}

test("keys are told at most every three seconds", () => {
  const { clock, sent, typing } = typist();
  for (let key = 0; key < 65; key += 1) {
    typing.input();
    clock.pass(100);
  }
  assert.deepEqual(sent, [true, true, true]);
});

test("it ends when the keys rest, once", () => {
  const { clock, sent, typing } = typist();
  typing.input();
  clock.pass(20_000);
  typing.stop();
  assert.deepEqual(sent, [true, false]);
});

test("a message ends it without a word", () => {
  const { clock, sent, typing } = typist();
  typing.input();
  typing.sent();
  clock.pass(20_000);
  assert.deepEqual(sent, [true]);
  typing.input();
  assert.deepEqual(sent, [true, true]);
});
