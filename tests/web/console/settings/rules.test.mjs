import assert from "node:assert/strict";
import { test } from "node:test";
import { lines, ruleOf } from "../../../../web/assets/console/settings/rules.js";

test("lines are taken without empty ones", () => {
  assert.deepEqual(lines(" https://a.example \r\n\n*\n"), ["https://a.example", "*"]);
  assert.deepEqual(lines(""), []);
});

test("numbers of a rule are numbers; what is none stays for the server to refuse", () => {
  const typed = { name: " Pricing ", url: "*/pricing*", seconds: " 20 ", scroll: "", messages: "three", unknown: "-1", exit_intent: true };
  assert.deepEqual(ruleOf(typed), { name: "Pricing", url: "*/pricing*", seconds: 20, scroll: "", messages: "three", unknown: "-1", exit_intent: true });
});
