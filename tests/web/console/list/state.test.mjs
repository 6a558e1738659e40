import assert from "node:assert/strict";
import { test } from "node:test";

import { appendPage, applyRow, goRow, inView, isUnread, listFrom, missedIn, newestWritten, refresh, releaseHeld, removeRow, stayRows } from "../../../../web/assets/console/list/state.js";

const VIEW = { show: "engaged", q: "", holder: "" };
const how = (change = {}) => ({ view: VIEW, userId: "u1", hold: false, keep: null, ...change });
const at = (minute) => `2026-11-22T10:${String(minute).padStart(2, "0")}:00.000Z`;

function row(id, minute, change = {}) {
  return {
    id, seq: minute, visitor_name: id, created_at: at(0), last_activity_at: at(minute), user_message_count: 1,
    claimed_by_user_id: null, claimed_at: null, waiting_since: null, badge: { kind: "bot", label: "AI" }, ...change,
  };
}

const held = (by) => ({ claimed_by_user_id: by, claimed_at: at(1), badge: { kind: "human", label: by } });
const waits = { waiting_since: at(1), badge: { kind: "waiting", label: "Waiting" } };
const ids = (state) => state.rows.map(({ id }) => id);
const start = (next = null) => listFrom({ conversations: [row("b", 20), row("c", 30), row("a", 10)], next });

test("the newest activity stands first", () => {
  assert.deepEqual(ids(start()), ["c", "b", "a"]);
  assert.deepEqual(ids(applyRow(start(), row("a", 40), how())), ["a", "c", "b"]);
});

test("a new row comes in, once", () => {
  const once = applyRow(start(), row("d", 40), how());
  assert.deepEqual(ids(applyRow(once, row("d", 40), how())), ["d", "c", "b", "a"]);
});

test("an older version of a row changes nothing", () => {
  const state = applyRow(start(), row("b", 40), how());
  assert.equal(applyRow(state, row("b", 35), how()), state);
});

test("why a row was found stays with it", () => {
  const match = { in: "message", role: "user", pieces: ["", "b", ""] };
  const search = how({ view: { ...VIEW, q: "b" } });
  const state = listFrom({ conversations: [row("b", 20, { match })], next: null });
  assert.deepEqual(applyRow(state, row("b", 40), search).rows[0].match, match);
});

test("a row that is held back changes in its place and moves when released", () => {
  const state = applyRow(start(), row("a", 40, { preview: "new words" }), how({ hold: true }));
  assert.deepEqual(ids(state), ["c", "b", "a"]);
  assert.equal(state.rows[2].preview, "new words");
  assert.equal(state.held.size, 1);
  assert.deepEqual(ids(releaseHeld(state)), ["a", "c", "b"]);
  assert.equal(releaseHeld(state).held.size, 0);
});

test("a new row that is held back is counted once, however often it changes, and is not shown", () => {
  let state = applyRow(start(), row("d", 40), how({ hold: true }));
  state = applyRow(state, row("d", 41), how({ hold: true }));
  assert.equal(state.held.size, 1);
  assert.deepEqual(ids(state), ["c", "b", "a"]);
  assert.deepEqual(ids(releaseHeld(state)), ["d", "c", "b", "a"]);
});

test("a claim changes a row without counting as new", () => {
  const state = applyRow(start(), row("b", 20, { seq: 21, ...held("u2") }), how({ hold: true }));
  assert.equal(state.held.size, 0);
  assert.equal(state.rows[1].badge.kind, "human");
});

test("what no longer fits the view leaves it, unless it is open", () => {
  const view = { ...VIEW, holder: "waiting" };
  const state = listFrom({ conversations: [row("a", 10, waits)], next: null });
  const claimed = row("a", 11, held("u2"));
  assert.deepEqual(ids(applyRow(state, claimed, how({ view }))), []);
  const kept = applyRow(state, claimed, how({ view, keep: "a" }));
  assert.equal(kept.rows[0].badge.kind, "human");
});

test("in a search nothing is added by guess, but what is there is kept up to date", () => {
  const view = { ...VIEW, q: "norway" };
  assert.deepEqual(ids(applyRow(start(), row("d", 40), how({ view }))), ["c", "b", "a"]);
  assert.deepEqual(ids(applyRow(start(), row("a", 40), how({ view }))), ["a", "c", "b"]);
});

test("a row of a page that is not loaded yet waits for its page", () => {
  assert.deepEqual(ids(applyRow(start("cursor"), row("z", 5), how())), ["c", "b", "a"]);
  assert.deepEqual(ids(applyRow(start(null), row("z", 5), how())), ["c", "b", "a", "z"]);
});

test("the next page comes below, without doubles", () => {
  const state = appendPage(start("cursor"), { conversations: [row("a", 10), row("y", 5)], next: null });
  assert.deepEqual(ids(state), ["c", "b", "a", "y"]);
  assert.equal(state.next, null);
});

test("a fresh first page replaces what it covers and leaves what lies below", () => {
  const state = appendPage(start("1"), { conversations: [row("y", 5)], next: "2" });
  const fresh = refresh(state, { conversations: [row("d", 50), row("b", 45)], next: "f" }, how());
  assert.deepEqual(ids(fresh), ["d", "b", "c", "a", "y"]);
  assert.equal(fresh.next, "2");
  assert.deepEqual(ids(refresh(state, { conversations: [row("d", 50)], next: null }, how())), ["d"]);
  assert.deepEqual(ids(refresh(state, { conversations: [], next: null }, how())), []);
});

test("a deleted row is gone, held or shown", () => {
  const state = applyRow(start(), row("d", 40), how({ hold: true }));
  assert.deepEqual(ids(releaseHeld(removeRow(state, "d"))), ["c", "b", "a"]);
  assert.deepEqual(ids(removeRow(state, "b")), ["c", "a"]);
});

test("engaged: somebody wrote, or waits, or has it", () => {
  const silent = { user_message_count: 0 };
  assert.equal(inView(row("a", 1, silent), VIEW, "u1"), false);
  assert.equal(inView(row("a", 1, silent), { ...VIEW, show: "all" }, "u1"), true);
  assert.equal(inView(row("a", 1, { ...silent, ...waits }), VIEW, "u1"), true);
  assert.equal(inView(row("a", 1, { ...silent, ...held("u2") }), VIEW, "u1"), true);
});

test("the four filters of who has it", () => {
  const rows = { bot: row("bot", 1), waiting: row("waiting", 1, waits), mine: row("mine", 1, held("u1")), others: row("others", 1, held("u2")) };
  for (const holder of Object.keys(rows))
    for (const [name, each] of Object.entries(rows)) assert.equal(inView(each, { ...VIEW, holder }, "u1"), name === holder, `${name} in ${holder}`);
});

test("who waits longest stands first, and stays there when they write again", () => {
  const view = { ...VIEW, holder: "waiting" };
  const since = (minute) => ({ ...waits, waiting_since: at(minute) });
  const state = listFrom({ conversations: [row("b", 30, since(5)), row("c", 20, since(9)), row("a", 10, since(2))], next: null }, "waiting");
  assert.deepEqual(ids(state), ["a", "b", "c"]);
  assert.deepEqual(ids(applyRow(state, row("c", 40, since(9)), how({ view }))), ["a", "b", "c"]);
  assert.deepEqual(ids(applyRow(state, row("d", 50, since(4)), how({ view }))), ["a", "d", "b", "c"]);
});

test("what leaves the view while rows are held stays in its place until they may move", () => {
  const view = { ...VIEW, holder: "waiting" };
  const state = listFrom({ conversations: [row("a", 10, waits), row("b", 11, waits)], next: null }, "waiting");
  const left = applyRow(state, row("a", 12, held("u2")), how({ view, hold: true }));
  assert.deepEqual([ids(left), [...left.leaving], left.rows[0].badge.kind], [["a", "b"], ["a"], "human"]);
  assert.deepEqual(ids(releaseHeld(left)), ["b"]);
  const back = applyRow(left, row("a", 13, waits), how({ view, hold: true }));
  assert.deepEqual([ids(releaseHeld(back)), back.leaving.size], [["a", "b"], 0]);
});

test("what is being deleted comes back when that is refused", () => {
  const going = goRow(start(), "b", true);
  assert.deepEqual([ids(going), [...going.leaving]], [["c", "b", "a"], ["b"]]);
  assert.deepEqual(ids(releaseHeld(stayRows(going, ["b"]))), ["c", "b", "a"]);
  assert.deepEqual(ids(goRow(start(), "b", false)), ["c", "a"]);
});

test("a fresh page moves nothing that is held, and loses nothing", () => {
  const state = appendPage(start("1"), { conversations: [row("y", 5)], next: "2" });
  const page = { conversations: [row("d", 50), row("b", 45)], next: "f" };
  const fresh = refresh(state, page, how({ hold: true }));
  assert.deepEqual(ids(fresh), ["c", "b", "a", "y"]);
  assert.deepEqual(ids(releaseHeld(fresh)), ["d", "b", "c", "a", "y"]);
  // What the server does not have any more goes too, when it may.
  const gone = refresh(start(), { conversations: [row("c", 30)], next: null }, how({ hold: true }));
  assert.deepEqual([ids(gone), ids(releaseHeld(gone))], [["c", "b", "a"], ["c"]]);
});

test("rows that a fresh page has beyond all that was left are taken in with it", () => {
  const state = removeRow(removeRow(start("1"), "a"), "b");
  const fresh = refresh(state, { conversations: [row("c", 30), row("y", 5), row("x", 4)], next: "f" }, how());
  assert.deepEqual([ids(fresh), fresh.next], [["c", "y", "x"], "f"]);
});

test("what was missed is counted in entries, a conversation that is new as one", () => {
  const page = { conversations: [row("d", 50, { seq: 9 }), row("c", 45, { seq: 33 }), row("b", 20)], next: null };
  assert.equal(missedIn(start(), page), 4);
  assert.equal(missedIn(start(), { conversations: [row("c", 30), row("b", 20), row("a", 10)], next: null }), 0);
});

test("unread is what the visitor wrote after the member looked", () => {
  assert.equal(isUnread(row("a", 1), "u1"), false);
  assert.equal(isUnread(row("a", 1, { last_user_seq: 3 }), "u1"), true);
  assert.equal(isUnread(row("a", 1, { last_user_seq: 3, seen: { u2: 9, u1: 2 } }), "u1"), true);
  assert.equal(isUnread(row("a", 1, { last_user_seq: 3, seen: { u1: 4 } }), "u1"), false);
});

test("what was written before a member came, or marked all as read, is not unread", () => {
  const written = row("a", 30, { last_user_seq: 3, last_user_at: at(10) });
  assert.equal(isUnread(written, "u1", at(10)), false, "what the bot said since is no news");
  assert.equal(isUnread(written, "u1", at(9)), true);
  assert.equal(isUnread(row("a", 30, { last_user_seq: 3 }), "u1", at(30)), false, "an older row has no time of its own for it");
  assert.equal(newestWritten(listFrom({ conversations: [written, row("b", 20)], next: null })), at(20));
});
