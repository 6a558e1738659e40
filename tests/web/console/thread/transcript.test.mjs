import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { items } from "../../../../web/assets/console/thread/items.js";
import { applyFrame, applyRow, disconnected, dropPending, hasOlder, prepend, setPending, transcriptFrom } from "../../../../web/assets/console/thread/transcript.js";

const FRAMES = new URL("../../../frames/", import.meta.url);
const golden = (type) => JSON.parse(readFileSync(new URL(`to-operator.${type}.json`, FRAMES), "utf8"));
const frame = (type, name) => golden(type).find((each) => each.name === name).frame;
const CHANNEL = "conversation.c1";
const at = (second) => `2026-11-22T10:31:${String(second).padStart(2, "0")}.000Z`;

const row = (change = {}) => ({ ...frame("conversation.changed", "answered by the bot").conversation, seq: 0, ...change });
const message = (seq, change = {}) => ({ seq, type: "message", id: `c1:${seq}`, role: "user", text: `m${seq}`, author: { name: "Visitor 4F2K" }, created_at: at(seq), ...change });
const posted = (seq, change) => ({ type: "message.posted", channel: CHANNEL, seq, message: message(seq, change) });
const claimed = (seq, user_id = "u1", name = "Ana") => ({
  type: "conversation.claimed", channel: CHANNEL, seq, holder: { user_id, name, claimed_at: at(seq) },
  entry: { seq, type: "claimed", id: `c1:${seq}`, author: { user_id, name }, holder: { user_id, name, claimed_at: at(seq) }, created_at: at(seq) },
});
const released = (seq) => ({ type: "conversation.released", channel: CHANNEL, seq, entry: { seq, type: "released", id: `c1:${seq}`, author: { user_id: "u1", name: "Ana" }, created_at: at(seq) } });
const start = (entries = []) => transcriptFrom({ conversation: row({ seq: entries.length }), entries });
const play = (...frames) => frames.reduce(applyFrame, start());
const pending = (client_id, change = {}) => ({ client_id, text: "Hello", created_at: at(50), state: "pending", ...change });

test("the golden story leads to who has the conversation", () => {
  const state = play(...["the visitor", "an answer with its sources"].map((name) => frame("message.posted", name)), golden("conversation.waiting")[0].frame);
  assert.equal(state.top, 3);
  assert.equal(state.waitingSince, state.entries[2].created_at);
  const taken = [frame("conversation.claimed", "Ana takes over"), frame("message.posted", "an operator"), frame("conversation.claimed", "Bo takes it from Ana")].reduce(applyFrame, state);
  assert.deepEqual([taken.holder?.user_id, taken.waitingSince, taken.behind], ["u2", null, false]);
  const back = golden("conversation.released").reduce((now, { frame: each }) => applyFrame(now, each), taken);
  assert.equal(back.holder, null);
});

test("every golden frame is taken without harm", () => {
  const files = readdirSync(FRAMES).filter((name) => name.startsWith("to-operator."));
  assert.ok(files.length > 10);
  for (const file of files) for (const { frame: each } of JSON.parse(readFileSync(new URL(file, FRAMES), "utf8"))) applyFrame(start(), each);
});

test("an entry twice is one entry", () => {
  const state = play(posted(1), posted(1), posted(2), posted(1));
  assert.deepEqual(state.entries.map(({ seq }) => seq), [1, 2]);
});

test("a gap is noticed, nothing is shown out of order, and the answer closes it", () => {
  const behind = play(posted(1), posted(3));
  assert.equal(behind.behind, true);
  assert.equal(behind.top, 1);
  const state = applyFrame(behind, { type: "subscribed", channel: CHANNEL, seq: 3, holder: null, waiting_since: null, entries: [message(2), message(3)], conversation: row({ seq: 3 }) });
  assert.deepEqual(state.entries.map(({ seq }) => seq), [1, 2, 3]);
  assert.equal(state.behind, false);
});

test("a heartbeat that knows more says that we are behind", () => {
  assert.equal(play(posted(1), { type: "heartbeat", top: { [CHANNEL]: 2 } }).behind, true);
  assert.equal(play(posted(1), { type: "heartbeat", top: { [CHANNEL]: 1, "conversation.c2": 9 } }).behind, false);
});

test("a reset throws away what was there", () => {
  const state = applyFrame(start([message(1), message(2)]), { type: "subscribed", channel: CHANNEL, reset: true, seq: 31, holder: null, waiting_since: null, entries: [message(30), message(31)] });
  assert.deepEqual(state.entries.map(({ seq }) => seq), [30, 31]);
  assert.equal(hasOlder(state), true);
});

test("subscribing says who has it now, whatever we thought", () => {
  const holder = { user_id: "u2", name: "Bo", claimed_at: at(9) };
  const state = applyFrame(play(claimed(1)), { type: "subscribed", channel: CHANNEL, seq: 1, holder, waiting_since: null, entries: [] });
  assert.equal(state.holder?.user_id, "u2");
});

test("an answer grows by its deltas, counted in code points, and its message replaces it", () => {
  const delta = (offset, text) => ({ type: "message.delta", channel: CHANNEL, stream_id: "s1", offset, text });
  const growing = play(posted(1), delta(0, "Yes 😀 "), delta(6, "we do"));
  assert.equal(growing.streams.get("s1")?.text, "Yes 😀 we do");
  assert.equal(applyFrame(growing, delta(0, "Anew")).streams.get("s1")?.text, "Anew");
  assert.equal(applyFrame(growing, posted(2, { role: "assistant", stream_id: "s1" })).streams.size, 0);
  assert.equal(applyFrame(growing, { type: "message.discarded", channel: CHANNEL, stream_id: "s1" }).streams.size, 0);
  assert.equal(applyFrame(growing, claimed(2)).streams.size, 0);
});

test("deltas after a missed one are dropped", () => {
  const delta = (offset, text) => ({ type: "message.delta", channel: CHANNEL, stream_id: "s1", offset, text });
  assert.equal(play(delta(4, "late")).streams.size, 0);
  assert.equal(play(delta(0, "abc"), delta(5, "late")).streams.get("s1")?.text, "abc");
});

test("typing ends with a message of that author, with a claim, and with the connection", () => {
  const typing = (who, user_id, on = true) => ({ type: "typing", channel: CHANNEL, who, on, name: who, user_id });
  const state = play(typing("visitor"), typing("visitor"), typing("human", "u1"), typing("human", "u2"));
  assert.equal(state.typing.length, 3);
  assert.deepEqual(applyFrame(state, posted(1)).typing.map(({ who }) => who), ["human", "human"]);
  const answered = applyFrame(state, posted(1, { role: "human-agent", author: { name: "Ana", user_id: "u1" } }));
  assert.deepEqual(answered.typing.map(({ user_id }) => user_id), [undefined, "u2"]);
  assert.equal(applyFrame(state, typing("human", "u2", false)).typing.length, 2);
  assert.equal(applyFrame(state, claimed(1)).typing.length, 0);
  assert.equal(disconnected(state).typing.length, 0);
});

test("an own reply is shown at once and gives way to its entry", () => {
  const state = setPending(start(), pending("o-1"));
  assert.equal(state.pending.length, 1);
  const done = applyFrame(state, posted(1, { role: "human-agent", client_id: "o-1" }));
  assert.deepEqual([done.pending.length, done.entries.length], [0, 1]);
  assert.equal(setPending(done, pending("o-1", { state: "sent" })).pending.length, 0, "the answer may come after the entry");
});

test("a failed reply stays until it is sent or discarded", () => {
  const state = setPending(setPending(start(), pending("o-1")), pending("o-1", { state: "failed", error: "Couldn't send." }));
  assert.equal(applyFrame(state, posted(1)).pending[0]?.state, "failed");
  assert.equal(dropPending(state, "o-1").pending.length, 0);
});

test("a row says who has it, unless the log already says more", () => {
  const held = row({ seq: 2, claimed_by_user_id: "u1", claimed_by_name: "Ana", claimed_at: at(2), badge: { kind: "human", label: "Ana" } });
  assert.equal(applyRow(play(posted(1)), held).holder?.name, "Ana");
  assert.equal(applyRow(play(posted(1), claimed(2), released(3)), held).holder, null);
});

test("older entries come before, once", () => {
  const state = prepend(start([message(3), message(4)]), [message(1), message(2), message(3)]);
  assert.deepEqual(state.entries.map(({ seq }) => seq), [1, 2, 3, 4]);
  assert.equal(hasOlder(state), false);
});

test("messages of one author stand in groups; an event or five minutes end one", () => {
  const late = "2026-11-22T10:45:00.000Z";
  const state = play(posted(1), posted(2), posted(3, { role: "assistant", author: { name: "Nora" } }), claimed(4), posted(5), posted(6, { created_at: late }), posted(7, { created_at: late }));
  const kinds = items(state).map((item) => (item.kind === "message" ? (item.first ? "first" : "more") : item.kind));
  assert.deepEqual(kinds, ["day", "first", "more", "first", "event", "first", "first", "more"]);
});

test("what is on its way stands last", () => {
  const state = setPending(play(posted(1), { type: "message.delta", channel: CHANNEL, stream_id: "s1", offset: 0, text: "…" }), pending("o-1"));
  assert.deepEqual(items(state).map(({ kind }) => kind), ["day", "message", "stream", "pending"]);
});
