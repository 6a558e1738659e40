import assert from "node:assert/strict";
import { test } from "node:test";
import { dayBegins, dayOf } from "../../web/assets/console/days.js";
import { sceneOf } from "../../web/assets/console/preview_scenes.js";
import { lines, ruleOf } from "../../web/assets/console/rules.js";

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

test("lines are taken without empty ones", () => {
  assert.deepEqual(lines(" https://a.example \r\n\n*\n"), ["https://a.example", "*"]);
  assert.deepEqual(lines(""), []);
});

test("numbers of a rule are numbers; what is none stays for the server to refuse", () => {
  const typed = { name: " Pricing ", url: "*/pricing*", seconds: " 20 ", scroll: "", messages: "three", unknown: "-1", exit_intent: true };
  assert.deepEqual(ruleOf(typed), { name: "Pricing", url: "*/pricing*", seconds: 20, scroll: "", messages: "three", unknown: "-1", exit_intent: true });
});

test("each scene of the preview is said in the words it was given, and stands where its name says", () => {
  const dialogue = { question: "Q", answer: "A", sources: [], reply: "R" };
  const boot = { agent: { name: "Nora", greeting: "Hi", avatar_url: "" }, conversation_id: "c", dialogue };
  const told = (scene) => {
    const { entries, holder, waiting, team_online, seq } = sceneOf(scene, boot);
    assert.deepEqual(entries.map((each) => each.seq), Array.from({ length: seq }, (_, at) => at + 1));
    return [entries.map((each) => each.text ?? each.type).join(" "), holder?.name ?? "", waiting, team_online];
  };
  assert.deepEqual(told("greeting"), ["", "", false, true]);
  assert.deepEqual(told("answer"), ["Q A", "", false, true]);
  assert.deepEqual(told("waiting"), ["Q A waiting", "", true, true]);
  assert.deepEqual(told("offline"), ["Q A waiting", "", true, false]);
  assert.deepEqual(told("person"), ["Q A claimed R", "Ana", false, true]);
});
