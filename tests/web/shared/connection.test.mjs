import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../../web/assets/shared/connection.js";
import { ManualClock } from "../support/clock.mjs";

function connect() {
  const clock = new ManualClock();
  const states = [];
  const frames = [];
  const connection = new Connection({
    url: "ws://baton.test/ws/visitor?key=demo",
    hello: () => ({ type: "hello", attempt: clock.sockets.length }),
    onframe: (frame) => frames.push(frame),
    onstate: (state, code) => states.push(code ? `${state} ${code}` : state),
    clock,
  });
  connection.start();
  const live = () => {
    clock.socket.opens();
    clock.socket.says({ type: "ready" });
  };
  return { clock, connection, states, frames, live };
}

test("it says hello, and is live when the server has answered", () => {
  const { clock, connection, states, live } = connect();
  assert.equal(connection.send({ type: "typing", on: true }), false);
  live();
  assert.deepEqual(clock.socket.sent, [{ type: "hello", attempt: 1 }]);
  assert.deepEqual(states, ["connecting", "live"]);
  assert.equal(connection.send({ type: "typing", on: true }), true);
});

test("the wait doubles with each failure up to half a minute, with jitter below it", () => {
  const { clock } = connect();
  const waits = [];
  for (let failure = 0; failure < 9; failure += 1) {
    clock.socket.closes(1006);
    waits.push(clock.untilNext());
  }
  assert.deepEqual(waits, [375, 750, 1500, 3000, 6000, 12000, 22500, 22500, 22500]);
});

test("a connection that lived is a good one: the next wait is short again", () => {
  const { clock, live } = connect();
  for (let failure = 0; failure < 5; failure += 1) {
    clock.socket.closes(1006);
    clock.untilNext();
  }
  live();
  clock.socket.closes(1006);
  assert.equal(clock.untilNext(), 12_000, "it broke at once");
  live();
  clock.pass(11_000);
  clock.socket.closes(1006);
  assert.equal(clock.untilNext(), 375);
});

test("there is one timer for coming back, however many things fail at once", () => {
  const { clock, connection, live } = connect();
  live();
  clock.socket.closes(1006);
  connection.resync();
  connection.resync();
  assert.equal(clock.waiting, 1);
  clock.pass(60_000 - 1);
  assert.ok(clock.sockets.filter(({ readyState }) => readyState < 3).length <= 1);
});

test("a socket that was given up is not heard any more", () => {
  const { clock, connection, frames, live } = connect();
  live();
  const old = clock.socket;
  connection.resync();
  old.says({ type: "message.posted" });
  old.closes(1006);
  assert.equal(frames.length, 1);
  assert.equal(clock.waiting, 1);
});

test("a restarting server is given the time it asks for, and nobody hurries it", () => {
  const { clock, connection, live } = connect();
  live();
  clock.socket.closes(1012, '{"retry_after_ms": 2000}');
  connection.wake();
  clock.pass(2_000);
  assert.equal(clock.sockets.length, 1);
  clock.pass(1_000);
  assert.equal(clock.sockets.length, 2);
});

test("too many: it waits a minute", () => {
  const { clock, live } = connect();
  live();
  clock.socket.closes(4029);
  const wait = clock.untilNext();
  assert.ok(wait > 60_000 && wait <= 90_000, `${wait}`);
});

test("a close that would repeat itself ends it", () => {
  for (const code of [4000, 4003, 4004]) {
    const { clock, states, live } = connect();
    live();
    clock.socket.closes(code);
    assert.equal(states.at(-1), `ended ${code}`);
    assert.equal(clock.waiting, 0);
  }
});

test("it pings every 20 seconds", () => {
  const { clock, live } = connect();
  live();
  for (let beat = 0; beat < 3; beat += 1) {
    clock.pass(20_000);
    clock.socket.says({ type: "pong" });
  }
  assert.deepEqual(clock.socket.sent.slice(1), [{ type: "ping" }, { type: "ping" }, { type: "ping" }]);
  assert.equal(clock.sockets.length, 1);
});

test("33 seconds of silence are a lost connection", () => {
  const { clock, states, live } = connect();
  live();
  clock.pass(32_999);
  assert.equal(states.at(-1), "live");
  clock.pass(1);
  assert.equal(states.at(-1), "lost");
  clock.pass(500);
  assert.equal(clock.sockets.length, 2);
});

test("a server that takes the call and says nothing is left after 10 seconds", () => {
  const { clock, states } = connect();
  clock.socket.opens();
  clock.pass(10_000);
  assert.equal(states.at(-1), "lost");
});

test("back from a tunnel it does not sit out the wait, back from sleep it asks first", () => {
  const { clock, connection, states, live } = connect();
  for (let failure = 0; failure < 6; failure += 1) {
    clock.socket.closes(1006);
    clock.untilNext();
  }
  clock.socket.closes(1006);
  assert.equal(states.at(-1), "lost 1006");
  connection.wake();
  assert.equal(states.at(-1), "connecting");
  live();
  connection.wake();
  assert.deepEqual(clock.socket.sent.at(-1), { type: "ping" });
  clock.pass(4_999);
  assert.equal(states.at(-1), "live");
  clock.pass(1);
  assert.equal(states.at(-1), "lost");
});

test("what is no frame is passed over", () => {
  const { clock, frames, live } = connect();
  live();
  for (const noise of ["{", "null", "[]", '"ready"', '{"type": 1}']) clock.socket.says(noise);
  assert.equal(frames.length, 1);
});

test("stopped, it leaves nothing behind", () => {
  const { clock, connection, live } = connect();
  live();
  connection.stop();
  assert.equal(clock.waiting, 0);
  assert.equal(clock.socket.readyState, 3);
});
