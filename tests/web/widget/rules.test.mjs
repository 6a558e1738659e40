import assert from "node:assert/strict";
import { test } from "node:test";
import { holds } from "../../../web/assets/widget/rules.js";

const nothing = { seconds: 0, scroll: 0, messages: 0, unknown: 0, exit_intent: false };
const is = (rule, facts = {}) => holds({ name: "r", ...rule }, { ...nothing, ...facts }, "https://shop.example/pricing?plan=1");

test("each thing that a rule asks for must be so", () => {
  for (const [rule, before, then] of [
    [{ seconds: 20 }, { seconds: 19 }, { seconds: 20 }],
    [{ scroll: 60 }, { scroll: 59.9 }, { scroll: 60.1 }],
    [{ messages: 3 }, { messages: 2 }, { messages: 4 }],
    [{ unknown: 1 }, {}, { unknown: 1 }],
    [{ exit_intent: true }, {}, { exit_intent: true }],
    [{ seconds: 20, scroll: 50 }, { seconds: 30 }, { seconds: 30, scroll: 50 }],
  ]) {
    assert.equal(is(rule, before), false, JSON.stringify(rule));
    assert.equal(is(rule, then), true, JSON.stringify(rule));
  }
});

test("an address matches, in capitals or not; a rule that names none holds on any", () => {
  const url = "^(?:\\w+://[^/]+)?/pricing.*$";
  assert.equal(is({ url }), true);
  assert.equal(is({ url: url.toUpperCase().replace("\\W", "\\w") }), true);
  assert.equal(is({ url: "^(?:\\w+://[^/]+)?/pricing$" }), false);
  assert.equal(is({ seconds: 0 }), true);
});
