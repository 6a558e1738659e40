import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../../../web/assets/widget/session.js";
import { memoryLocks, memoryStorage, settled } from "../support/browser.mjs";
import { ManualClock } from "../support/clock.mjs";
import { examples } from "../support/frames.mjs";

const ready = examples("to-visitor.ready")["a first visit"];
const acks = examples("to-visitor.lead.ack");
const page = { url: "https://shop.example/", title: "Shop", referrer: "" };

async function visitor(memory = { conversation_id: "c1" }) {
  const clock = new ManualClock();
  const wanted = [];
  const session = new Session({
    context: {
      key: "demo",
      base: new URL("https://baton.test/"),
      boot: { conversation_id: "c1", agent: ready.agent, holder: null, team_online: true },
      page: () => page,
      recall: () => memory,
      remember: (change) => Object.assign(memory, change),
      emit: () => {},
    },
    clock,
    storage: memoryStorage,
    locks: memoryLocks(),
    onchange: () => {},
    onwanted: () => wanted.push(true),
  });
  session.start();
  clock.socket.opens();
  clock.socket.says(ready);
  await settled();
  const sent = (type) => clock.sockets.flatMap((socket) => socket.sent).filter((frame) => frame.type === type);
  return { clock, memory, session, sent, wanted };
}

test("a lead is sent with what opened its form and where, and is remembered once it is stored", async () => {
  const { clock, memory, session, sent } = await visitor();
  session.submitLead({ email: "zoe@example.com" }, { source: "rule", rule: "r1" });
  assert.deepEqual(sent("lead.submit"), [{ type: "lead.submit", ref: "lead", email: "zoe@example.com", source: "rule", rule: "r1", page }]);
  assert.equal(session.lead.state, "sending");
  assert.equal(memory.lead, undefined);
  clock.socket.says(acks.captured);
  assert.deepEqual([session.lead.state, session.lead.updated, memory.lead], ["sent", false, "sent"]);
  clock.socket.says(acks["left before, and updated"]);
  assert.equal(session.lead.updated, true);
});

test("who has sent one on an earlier page is known", async () => {
  const { session } = await visitor({ conversation_id: "c1", lead: "sent" });
  assert.equal(session.lead.state, "sent");
});

test("the server's word on each field is kept until the next attempt", async () => {
  const { clock, session } = await visitor();
  session.submitLead({ email: "zoe" }, { source: "form" });
  const refused = examples("to-visitor.error")["fields of the lead form"];
  clock.socket.says(refused);
  assert.deepEqual(session.lead, { state: "none", errors: refused.fields, updated: false });
  session.submitLead({ email: "zoe@example.com" }, { source: "form" });
  assert.deepEqual(session.lead.errors, {});
  clock.socket.says({ type: "error", ref: "lead", code: "unavailable", message: "Try again." });
  assert.deepEqual(session.lead.errors, { form: "Try again." });
});

test("a connection that is lost lets the form be sent again", async () => {
  const { clock, session } = await visitor();
  session.submitLead({ email: "zoe@example.com" }, { source: "form" });
  clock.socket.closes(1006);
  assert.equal(session.lead.state, "none");
});

test("a form that is sent without a connection goes out once there is one", async () => {
  const { clock, session, sent } = await visitor();
  clock.socket.closes(1006);
  session.submitLead({ email: "zoe@example.com" }, { source: "form" });
  assert.equal(session.lead.state, "sending");
  assert.deepEqual(sent("lead.submit"), []);
  clock.untilNext();
  clock.socket.opens();
  clock.socket.says(ready);
  assert.equal(sent("lead.submit").length, 1);
  clock.socket.says(acks.captured);
  assert.equal(session.lead.state, "sent");
  clock.socket.closes(1006);
  clock.untilNext();
  clock.socket.opens();
  clock.socket.says(ready);
  assert.equal(sent("lead.submit").length, 1, "once");
});

test("the form is wanted when the server says that a message asks to be contacted", async () => {
  const { clock, wanted } = await visitor();
  clock.socket.says(examples("to-visitor.message.ack").stored);
  assert.equal(wanted.length, 0);
  clock.socket.says(examples("to-visitor.message.ack")["it asks to be contacted"]);
  assert.equal(wanted.length, 1);
});

test("who waits asks at once, and then every 30 s, whether somebody is there", async () => {
  const { clock, session, sent } = await visitor();
  session.attend(true);
  session.attend(true);
  assert.equal(sent("team").length, 1);
  clock.socket.says({ type: "team.status", online: false });
  assert.equal(session.log.team_online, false);
  const keep = () => clock.socket.says({ type: "pong" });
  for (let second = 0; second < 31; second++) {
    clock.pass(1_000);
    keep();
  }
  assert.equal(sent("team").length, 2);
  clock.socket.says({ type: "team.status", online: true });
  assert.equal(session.log.team_online, true);
  session.attend(false);
  for (let second = 0; second < 61; second++) {
    clock.pass(1_000);
    keep();
  }
  assert.equal(sent("team").length, 2);
});
