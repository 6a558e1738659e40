import assert from "node:assert/strict";
import { test } from "node:test";
import { holds } from "../../web/assets/widget/rules.js";

const nothing = { seconds: 0, scroll: 0, messages: 0, unknown: 0, leaving: false, url: "https://shop.example/pricing?plan=1" };
const is = (rule, facts = {}) => Boolean(holds({ name: "r", ...rule }, { ...nothing, ...facts }));

test("a rule that asks for nothing never fires", () => {
  assert.equal(is({}, { seconds: 999, scroll: 100, messages: 9, unknown: 9, leaving: true }), false);
});

test("each thing that a rule asks for must be so", () => {
  for (const [rule, before, then] of [
    [{ seconds: 20 }, { seconds: 19 }, { seconds: 20 }],
    [{ scroll: 60 }, { scroll: 59.9 }, { scroll: 60.1 }],
    [{ messages: 3 }, { messages: 2 }, { messages: 4 }],
    [{ unknown: 1 }, {}, { unknown: 1 }],
    [{ exit_intent: true }, {}, { leaving: true }],
    [{ seconds: 20, scroll: 50 }, { seconds: 30 }, { seconds: 30, scroll: 50 }],
  ]) {
    assert.equal(is(rule, before), false, JSON.stringify(rule));
    assert.equal(is(rule, then), true, JSON.stringify(rule));
  }
});

test("an address matches whole, with or without its site, and a star stands for anything", () => {
  for (const url of ["*/pricing*", "/pricing*", "https://shop.example/pricing?plan=1", "*.example/*", "/PRICING?plan=*"]) assert.equal(is({ url }), true, url);
  for (const url of ["/pricing", "pricing", "*/checkout*", "https://other.example/*", "/pricing.plan=1"]) assert.equal(is({ url }), false, url);
  assert.equal(is({ url: "/a(b)+*" }, { url: "https://shop.example/a(b)+c" }), true);
});
