import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../../web/assets/widget/session.js";
import { memoryLocks, memoryStorage, settled } from "../support/browser.mjs";
import { ManualClock } from "../support/clock.mjs";
import { examples } from "../support/frames.mjs";

const ready = examples("to-visitor.ready");
const posted = examples("to-visitor.message.posted");
const claimed = examples("to-visitor.conversation.claimed");
const page = { url: "https://shop.example/", title: "Shop", referrer: "" };

/** A visitor's tab; tabs of one browser share its storage, its locks and what the loader remembers. */
function tab({ storage = memoryStorage(), locks = memoryLocks(), memory = { token: "t1", conversation_id: "c1" } } = {}) {
  const clock = new ManualClock();
  // Storage keeps times of the real clock.
  clock.now = ((now) => () => Date.now() + now())(clock.now);
  const events = [];
  const session = new Session({
    context: {
      key: "demo",
      base: new URL("https://baton.test/"),
      boot: { conversation_id: "c1", agent: ready["a first visit"].agent, holder: null, team_online: true, language: "de" },
      page: () => page,
      recall: () => memory,
      remember: (change) => Object.assign(memory, change),
      emit: (name, detail) => events.push([name, detail]),
    },
    clock,
    storage: () => storage,
    locks,
    onchange: () => {},
  });
  session.start();
  const begin = async (frame = ready["a first visit"]) => {
    clock.socket.opens();
    clock.socket.says(frame);
    await settled();
  };
  const sent = (type) => clock.sockets.flatMap((socket) => socket.sent).filter((frame) => frame.type === type);
  const posts = () => sent("message.post").map(({ text }) => text);
  const stored = (seq) => {
    const { client_id, text } = sent("message.post").at(-1);
    clock.socket.says({ type: "message.posted", channel: "conversation.c1", seq, message: { ...posted["the visitor's own words"].message, seq, client_id, text } });
    clock.socket.says({ type: "message.ack", client_id, seq, id: `c1:${seq}` });
  };
  return { clock, events, session, storage, locks, memory, begin, sent, posts, stored };
}

test("it says hello with its token, its position, its page, its language and its time zone", async () => {
  const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { clock, begin, sent } = tab();
  await begin(ready["waiting, nobody there"]);
  clock.socket.closes(1006);
  clock.pass(500);
  clock.socket.opens();
  assert.deepEqual(sent("hello"), [
    { type: "hello", token: "t1", after: 0, page, language: "de", time_zone },
    { type: "hello", token: "djE.c2ln", after: 3, page, language: "de", time_zone },
  ]);
  assert.equal(clock.socket.url, "wss://baton.test/ws/visitor?key=demo");
});

test("the time zone comes from Temporal, where there is one", async (t) => {
  globalThis.Temporal = { Now: { timeZoneId: () => "Pacific/Kiritimati" } };
  t.after(() => delete globalThis.Temporal);
  const { begin, sent } = tab();
  await begin();
  assert.equal(sent("hello")[0].time_zone, "Pacific/Kiritimati");
});

test("messages go out one at a time, in the order they were written", async () => {
  const { session, begin, posts, stored } = tab();
  session.post("one");
  session.post("two");
  assert.deepEqual(posts(), []);
  await begin();
  assert.deepEqual(posts(), ["one"]);
  stored(1);
  assert.deepEqual(posts(), ["one", "two"]);
  stored(2);
  assert.equal(session.log.pending.length, 0);
});

test("a message whose fate is unknown goes out again, under the same name", async () => {
  const { clock, session, begin, sent } = tab();
  await begin();
  session.post("one");
  clock.socket.closes(1006);
  clock.pass(500);
  await begin();
  const [first, second] = sent("message.post");
  assert.deepEqual(first, second);
});

test("a message that was stored before the connection broke does not go out again", async () => {
  const { clock, session, begin, sent, posts } = tab();
  await begin();
  session.post("one");
  const { client_id } = sent("message.post")[0];
  clock.socket.closes(1006);
  clock.pass(500);
  await begin({ ...ready["a first visit"], seq: 1, entries: [{ ...posted["the visitor's own words"].message, client_id }] });
  assert.deepEqual(posts(), ["one"]);
  assert.equal(session.log.pending.length, 0);
});

test("unsent messages survive a reload", async () => {
  const first = tab();
  await settled();
  first.session.post("written in a tunnel");
  await settled();
  first.session.stop();
  await settled();
  const second = tab(first);
  await settled();
  assert.equal(second.session.log.pending[0].text, "written in a tunnel", "shown before there is a connection");
  await second.begin();
  assert.deepEqual(second.posts(), ["written in a tunnel"]);
});

test("two tabs at once: the message of one is not sent by the other", async () => {
  const one = tab();
  const other = tab(one);
  one.session.post("hello");
  await settled();
  await one.begin();
  await other.begin();
  assert.deepEqual(one.posts(), ["hello"]);
  assert.deepEqual(other.posts(), []);
});

test("nothing was stored: it tries again by itself, and asks the visitor at last", async () => {
  const { clock, session, begin, sent, posts } = tab();
  await begin();
  session.post("one");
  session.post("two");
  for (const wait of [2_000, 4_000, 8_000]) {
    clock.socket.says({ type: "error", code: "unavailable", message: "Try again.", client_id: sent("message.post")[0].client_id });
    clock.pass(wait);
    clock.socket.says({ type: "pong" });
  }
  assert.deepEqual(posts(), ["one", "one", "one", "one"], "the second waits for the first");
  clock.socket.says({ type: "error", code: "unavailable", message: "Try again.", client_id: sent("message.post")[0].client_id });
  assert.equal(session.log.pending[0].status, "failed");
  assert.equal(posts().at(-1), "two");
  session.retry(session.log.pending[0].client_id);
  clock.socket.says({ type: "message.ack", client_id: sent("message.post").at(-1).client_id, seq: 1, id: "c1:1" });
  assert.equal(posts().at(-1), "one");
});

test("a message that is refused for good says why, at once", async () => {
  const { clock, events, session, begin, sent } = tab();
  await begin();
  session.post("too long");
  clock.socket.says({ type: "error", code: "invalid", message: "Too long.", client_id: sent("message.post")[0].client_id });
  assert.deepEqual([session.log.pending[0].status, session.log.pending[0].reason], ["failed", "Too long."]);
  assert.equal(events.at(-1)[0], "error");
});

test("a gap makes it ask again from where it is", async () => {
  const { clock, begin, sent } = tab();
  await begin();
  clock.socket.says(posted["the visitor's own words"]);
  clock.socket.says(claimed["Ana takes over"]);
  clock.pass(500);
  clock.socket.opens();
  assert.equal(sent("hello").at(-1).after, 1);
});

test("a deleted conversation: it starts afresh without its token", async () => {
  for (const goodbye of ["frame", "close"]) {
    const { clock, memory, session, begin, sent } = tab();
    await begin(ready["waiting, nobody there"]);
    if (goodbye === "frame") clock.socket.says({ type: "conversation.deleted", channel: "conversation.c1" });
    else clock.socket.closes(4000);
    clock.pass(500);
    clock.socket.opens();
    assert.deepEqual([sent("hello").at(-1).token, sent("hello").at(-1).after], [null, 0]);
    clock.socket.says({ ...ready["a first visit"], conversation_id: "c2", channel: "conversation.c2", token: "t2" });
    assert.equal(memory.token, "t2");
    assert.equal(session.log.entries.length, 0);
  }
});

test("a deleted conversation that another tab has begun anew is joined, not begun twice", async () => {
  const { clock, memory, begin, sent } = tab();
  await begin(ready["waiting, nobody there"]);
  Object.assign(memory, { token: "t2", conversation_id: "c2" });
  clock.socket.closes(4000);
  clock.pass(500);
  clock.socket.opens();
  assert.equal(sent("hello").at(-1).token, "t2");
});

test("a person can be asked for in a tunnel; the wish goes out once", async () => {
  const { clock, session, begin, sent } = tab();
  session.askForPerson();
  await begin();
  clock.socket.closes(1006);
  clock.pass(500);
  await begin();
  assert.equal(sent("person.request").length, 1);
});

test("the site is told of what happens, not of what happened before", async () => {
  const { clock, events, begin } = tab();
  await begin(ready["what was missed, a person holds it"]);
  assert.deepEqual(events, []);
  clock.socket.says(claimed["Bo takes it from Ana"]);
  clock.socket.says(examples("to-visitor.conversation.released")["back to the bot"]);
  assert.deepEqual(events, [["human", { name: "Bo" }], ["bot", { name: "Nora" }]]);
});

test("unread counts the answers since the visitor looked", async () => {
  const { clock, memory, session, begin } = tab();
  await begin();
  clock.socket.says(posted["the visitor's own words"]);
  clock.socket.says(posted["an answer with its sources"]);
  assert.equal(session.unread, 1);
  session.markRead();
  assert.equal(session.unread, 0);
  assert.equal(memory.read, 2);
});

test("dots that nobody ends go away by themselves", async () => {
  const { clock, session, begin } = tab();
  await begin();
  clock.socket.says(examples("to-visitor.typing")["the bot starts"]);
  clock.pass(8_000);
  assert.equal(session.log.typing, null);
});

test("a chat that goes away types no more, and leaves no timer", async () => {
  const { clock, session, begin } = tab();
  await begin();
  session.typing.input();
  session.stop();
  assert.deepEqual(clock.socket.sent.filter(({ type }) => type === "typing").map(({ on }) => on), [true, false]);
  assert.equal(clock.waiting, 0);
});

test("every frame the widget sends is one that the server knows", async () => {
  const { clock, session, begin } = tab();
  await begin();
  session.post("hello");
  session.askForPerson();
  session.typing.input();
  session.submitLead({ email: "zoe@example.com" }, { source: "rule", rule: "r" });
  session.attend(true);
  clock.pass(20_000);
  for (const frame of clock.sockets.flatMap((socket) => socket.sent)) {
    const known = Object.values(examples(`from-visitor.${frame.type}`)).flatMap(Object.keys);
    assert.deepEqual(Object.keys(frame).filter((field) => !known.includes(field)), [], frame.type);
  }
});
