import assert from "node:assert/strict";
import { test } from "node:test";
import { transcriptItems } from "../../../web/assets/widget/items.js";
import { reduceLog } from "../../../web/assets/widget/log.js";
import { examples } from "../support/frames.mjs";

const ready = examples("to-visitor.ready");
const posted = examples("to-visitor.message.posted");
const [delta] = Object.values(examples("to-visitor.message.delta"));
const after = (...frames) => frames.reduce(reduceLog, undefined);
const pend = (client_id, status = "sending") => ({ type: "local.post", pending: [{ client_id, text: "Hello", created_at: 0, status }] });
const keys = (log, lead = null) => transcriptItems(log, lead).map(({ key }) => key);

test("a first visit shows the greeting, a long story says that it began earlier", () => {
  assert.deepEqual(keys(after(ready["a first visit"])), ["greeting"]);
  assert.deepEqual(keys(after(ready["the newest of many"]))[0], "older");
});

test("a bubble keeps its key from pending to stored, and from streaming to stored", () => {
  const own = after(ready["a first visit"], pend("c-1"));
  assert.deepEqual(keys(own), keys(reduceLog(own, posted["the visitor's own words"])));
  const streaming = after(ready["a first visit"], posted["the visitor's own words"], delta);
  assert.deepEqual(keys(streaming), keys(reduceLog(streaming, posted["an answer with its sources"])));
});

test("sending and sent stand under the last of the visitor's messages alone", () => {
  const log = after(ready["a first visit"], posted["the visitor's own words"], pend("c-7"), pend("c-8"));
  assert.deepEqual(transcriptItems(log, null).map(({ delivery }) => delivery), [undefined, undefined, undefined, "sending"]);
  const sent = after(ready["a first visit"], posted["the visitor's own words"], posted["an answer with its sources"]);
  assert.deepEqual(transcriptItems(sent, null).map(({ delivery }) => delivery), [undefined, "sent", undefined]);
  const failed = transcriptItems(after(ready["a first visit"], pend("c-9", "failed")), null).at(-1);
  assert.equal(failed.delivery, undefined);
  assert.equal(failed.failed.client_id, "c-9");
});

test("a person is offered below an answer that does not know, until one was asked for", () => {
  const log = after(ready["a first visit"], posted["the visitor's own words"], posted["the bot does not know"]);
  assert.equal(transcriptItems(log, null).at(-1).offer, true);
  const asked = reduceLog(log, examples("to-visitor.conversation.waiting")["the visitor asked for a person"]);
  assert.ok(transcriptItems(asked, null).every(({ offer }) => !offer));
});

test("the name stands above the first of several by the same speaker", () => {
  const log = after(ready["waiting, nobody there"], pend("c-8"), pend("c-9"));
  const said = transcriptItems(log, null).filter(({ kind }) => kind === "message");
  assert.deepEqual(said.map(({ speaker, first }) => [speaker, first]), [["bot", true], ["you", true], ["bot", true], ["you", true], ["you", false]]);
});

test("the lead form stays where it was asked for", () => {
  const log = after(ready["waiting, nobody there"]);
  assert.deepEqual(keys(log, 2), ["greeting", "mc-1", "ss1", "lead", "e3"]);
  assert.deepEqual(keys(log, 3).at(-1), "lead");
});
