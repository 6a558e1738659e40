import assert from "node:assert/strict";
import { test } from "node:test";
import { reduceLog } from "../../../web/assets/widget/log.js";
import { all, examples } from "../support/frames.mjs";

const ready = examples("to-visitor.ready");
const posted = examples("to-visitor.message.posted");
const claimed = examples("to-visitor.conversation.claimed");
const released = examples("to-visitor.conversation.released")["back to the bot"];
const waiting = examples("to-visitor.conversation.waiting")["the visitor asked for a person"];
const deltas = Object.values(examples("to-visitor.message.delta"));
const typing = examples("to-visitor.typing");

const after = (...frames) => frames.reduce(reduceLog, undefined);
const pending = (client_id, text = "Do you ship to Norway?") => ({
  type: "local.post",
  pending: [{ client_id, text, created_at: 0, status: "sending" }],
});
const seqs = (log) => log.entries.map(({ seq }) => seq);
const story = [
  ready["a first visit"],
  posted["the visitor's own words"],
  posted["an answer with its sources"],
  waiting,
  claimed["Ana takes over"],
  posted["a person"],
  claimed["Bo takes it from Ana"],
  released,
];

test("every frame a server may send leaves a log that can be shown", () => {
  for (const [file, name, frame] of all("to-visitor")) {
    const log = after(ready["a first visit"], pending("c-1"), frame);
    assert.ok(Array.isArray(log.entries) && Array.isArray(log.pending), `${file}: ${name}`);
  }
});

test("the story, entry by entry", () => {
  const steps = story.map((_, index) => after(...story.slice(0, index + 1)));
  assert.deepEqual(steps.map(({ seq }) => seq), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(steps.map(({ holder }) => holder?.name ?? null), [null, null, null, null, "Ana", "Ana", "Bo", null]);
  assert.deepEqual(steps.map((log) => log.waiting), [false, false, false, true, false, false, false, false]);
  assert.ok(steps.every(({ gap }) => !gap));
});

test("whatever is repeated changes nothing, and nothing is drawn anew for it", () => {
  const log = after(...story);
  for (const frame of story.slice(1)) assert.equal(reduceLog(log, frame), log);
});

test("a missed entry is a gap, and the entry after it waits for its turn", () => {
  const log = after(ready["a first visit"], posted["the visitor's own words"], waiting);
  assert.equal(log.gap, true);
  assert.equal(log.seq, 1);
  assert.deepEqual(seqs(log), [1]);
});

test("a heartbeat that knows more than we do is a gap; one that knows the same is not", () => {
  const heartbeat = examples("to-visitor.heartbeat")["one conversation"];
  assert.equal(after(...story.slice(0, 3), heartbeat).gap, true);
  assert.equal(after(...story, heartbeat).gap, false);
  assert.equal(after(...story, { type: "heartbeat", top: { "conversation.other": 99 } }).gap, false);
});

test("after a gap, ready brings what was missed and keeps what was there", () => {
  const log = after(...story.slice(0, 4), claimed["Bo takes it from Ana"], ready["what was missed, a person holds it"]);
  assert.deepEqual(seqs(log), [1, 2, 3, 4, 5]);
  assert.equal(log.holder.name, "Ana");
  assert.equal(log.gap, false);
});

test("ready takes over the state, also when it changed without an entry we saw", () => {
  const back = { ...ready["what was missed, a person holds it"], entries: [], seq: 3, holder: null, waiting: true };
  assert.equal(after(...story.slice(0, 4), back).waiting, true);
});

test("a reset, and another conversation, throw away what was there", () => {
  const reset = after(...story, ready["a position that is not in the log"]);
  assert.deepEqual(seqs(reset), [1, 2]);
  assert.equal(reset.holder, null);
  const other = after(...story, { ...ready["a first visit"], conversation_id: "c2", channel: "conversation.c2" });
  assert.deepEqual(seqs(other), []);
  assert.equal(other.seq, 0);
});

test("the newest of many: the log begins where the server lets it begin", () => {
  const log = after(ready["the newest of many"]);
  assert.deepEqual(seqs(log), [201, 202]);
  assert.equal(log.more, true);
});

test("deltas grow by code points, and one that comes again changes nothing", () => {
  const log = after(ready["a first visit"], ...deltas);
  assert.equal(log.stream.text, "Yes. Orders to Norway 🇳🇴 arrive");
  assert.equal(log.stream.length, Array.from(log.stream.text).length);
  assert.equal(reduceLog(log, deltas[2]).stream.text, log.stream.text);
  assert.equal(reduceLog(log, deltas[0]).stream.text, "Yes. Orders ", "a delta at 0 starts it anew");
});

test("deltas after a missed one are dropped", () => {
  assert.equal(after(ready["a first visit"], deltas[0], deltas[2]).stream.text, "Yes. Orders ");
  assert.equal(after(ready["a first visit"], deltas[1]).stream, null);
});

test("the finished answer, a discard, a claim and a reconnect end a stream", () => {
  const begun = [...story.slice(0, 2), deltas[0]];
  assert.equal(after(...begun, posted["an answer with its sources"]).stream, null);
  assert.equal(after(...begun, examples("to-visitor.message.discarded")["the answer was cut off"]).stream, null);
  assert.equal(after(...story.slice(0, 4), deltas[0], claimed["Ana takes over"]).stream, null);
  assert.equal(after(...begun, ready["what was missed, a person holds it"]).stream, null);
});

test("the bot never talks over a person: its deltas and dots are not shown while one holds the conversation", () => {
  const log = after(...story.slice(0, 5), deltas[0], typing["the bot starts"]);
  assert.equal(log.stream, null);
  assert.equal(log.typing, null);
});

test("dots come and go with typing, and with a message of the one who typed", () => {
  const held = story.slice(0, 5);
  assert.equal(after(...held, typing["a person starts"]).typing.name, "Ana");
  assert.equal(after(...held, typing["a person starts"], typing["a person stops"]).typing, null);
  assert.equal(after(...held, typing["a person starts"], posted["a person"]).typing, null);
  assert.equal(after(...held, typing["a person starts"], { type: "local.lost" }).typing, null);
  assert.equal(after(...held, { type: "typing", who: "visitor", on: true, name: "me" }).typing, null);
});

test("an own message is pending until the log has it, whatever comes first", () => {
  const ack = examples("to-visitor.message.ack").stored;
  const acked = after(ready["a first visit"], pending("c-1"), ack);
  assert.equal(acked.pending[0].status, "sent");
  assert.equal(reduceLog(acked, posted["the visitor's own words"]).pending.length, 0);
  assert.equal(after(ready["a first visit"], pending("c-1"), posted["the visitor's own words"], ack).pending.length, 0);
  const replayed = { ...ready["waiting, nobody there"] };
  assert.equal(after(pending("c-1"), replayed).pending.length, 0, "it was stored before the connection broke");
});

test("a refused message says so, and can be tried again", () => {
  const failed = after(ready["a first visit"], pending("c-1"), { type: "local.failed", client_id: "c-1", reason: "too long" });
  assert.deepEqual([failed.pending[0].status, failed.pending[0].reason], ["failed", "too long"]);
  assert.equal(reduceLog(failed, { type: "local.retry", client_id: "c-1" }).pending[0].status, "sending");
});

test("a deleted conversation leaves nothing but what was not yet sent", () => {
  const log = after(...story, pending("c-9"), { type: "conversation.deleted", channel: "conversation.c1" });
  assert.deepEqual([log.seq, log.entries.length, log.holder, log.removed], [0, 0, null, true]);
  assert.equal(log.pending.length, 1);
  assert.equal(log.agent.name, "Nora");
});

test("a frame of another kind is ignored", () => {
  const log = after(...story);
  assert.equal(reduceLog(log, { type: "confetti" }), log);
  assert.equal(reduceLog(log, { type: "toString" }), log);
});

test("the log shows the same when it is replayed from every position", () => {
  const live = after(...story);
  for (let seen = 1; seen < story.length; seen += 1) {
    const missed = live.entries.slice(seen);
    const resumed = after(...story.slice(0, seen + 1), { ...ready["a first visit"], seq: 7, entries: missed });
    assert.deepEqual(resumed.entries, live.entries);
  }
});
