import assert from "node:assert/strict";
import { test } from "node:test";
import { dayBegins, dayOf } from "../../../../web/assets/console/figures/days.js";
import { sceneOf } from "../../../../web/assets/console/settings/preview_scenes.js";
import { lines, ruleOf } from "../../../../web/assets/console/settings/rules.js";
import { figure, howMany, took } from "../../../../web/assets/console/figures/figures.js";
import { deliveryWords, jobWords } from "../../../../web/assets/console/settings/webhook_words.js";

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

test("figures have their thousands apart, and what took long is told in seconds", () => {
  assert.deepEqual([figure(0), figure(999), figure(12_345)], ["0", "999", "12,345"]);
  assert.deepEqual([howMany(0, "lead"), howMany(1, "lead"), howMany(1_000, "entry", "entries")], ["0 leads", "1 lead", "1,000 entries"]);
  assert.deepEqual([4, 999.4, 999.6, 1_249, 10_000, 3_600_000].map(took), ["4 ms", "999 ms", "1 s", "1.2 s", "10 s", "3,600 s"]);
  const delivery = { event: "lead.captured", delivered: false, status: null, attempt: 3, duration_ms: 10_004 };
  assert.equal(deliveryWords(delivery), "lead.captured: no answer after 10 s, try 3");
  assert.equal(deliveryWords({ ...delivery, delivered: true, status: 204, attempt: 1, duration_ms: 87 }), "lead.captured: arrived, 204 after 87 ms");
  assert.equal(jobWords({ kind: "webhook", attempts: 1 }), "Webhook, given up after 1 try");
});
