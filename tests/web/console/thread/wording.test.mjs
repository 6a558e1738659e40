import assert from "node:assert/strict";
import { test } from "node:test";

import { botText, eventText, presenceText, typingText } from "../../../../web/assets/console/thread/wording.js";

test("events name who did it, and you when it was you", () => {
  const ana = { user_id: "u1", name: "Ana" };
  const claimed = { type: "claimed", author: ana, holder: ana };
  assert.equal(eventText({ type: "waiting", author: { name: "Zoë" } }, "u1", "Zoë"), "Zoë asked for a person");
  assert.equal(eventText(claimed, "u2", "Zoë"), "Ana took over");
  assert.equal(eventText(claimed, "u1", "Zoë"), "You took over");
  assert.equal(eventText({ ...claimed, taken_from: { name: "Bo" } }, "u2", "Zoë"), "Ana took this over from Bo");
  assert.equal(eventText({ type: "released", author: ana }, "u2", "Zoë"), "Ana handed back to the bot");
});

test("who is writing: never oneself, nor a bot whose words can be seen coming", () => {
  const typing = [{ who: "visitor", name: "" }, { who: "human", user_id: "u1", name: "Ana" }, { who: "bot", name: "Nora" }];
  const none = { size: 0 };
  assert.equal(typingText({ typing, streams: none }, "u1", "Zoë"), "Zoë and Nora are writing…");
  assert.equal(typingText({ typing, streams: { size: 1 } }, "u2", "Zoë"), "Zoë and Ana are writing…");
  assert.equal(typingText({ typing: typing.slice(0, 1), streams: none }, "u2", "Zoë"), "Zoë is writing…");
  assert.equal(typingText({ typing: [], streams: none }, "u1", "Zoë"), "");
});

test("the bot answers nobody who has not written", () => {
  const empty = { row: { user_message_count: 0 }, entries: [{ role: "human-agent" }, { type: "released" }], visitorOnline: true };
  assert.equal(botText(empty, "Zoë"), "Zoë has not written yet. The bot will answer.");
  assert.equal(botText({ ...empty, visitorOnline: null }, "Zoë"), "Zoë has not written yet. The bot will answer.");
  assert.equal(botText({ ...empty, visitorOnline: false }, "Zoë"), "Zoë has not written, and the chat is not open.");
  assert.equal(botText({ ...empty, entries: [{ role: "user" }] }, "Zoë"), "The bot is answering.", "the log is ahead of the row");
  assert.equal(botText({ row: { user_message_count: 300 }, entries: [], visitorOnline: false }, "Zoë"), "The bot is answering.");
});

test("who has no chat open has not left the page, for all we know", () => {
  assert.deepEqual([true, false, null].map((visitorOnline) => presenceText({ visitorOnline })), ["On the page", "Chat not open", ""]);
});
