import assert from "node:assert/strict";
import { test } from "node:test";
import { appendLeads, applyLead, changeLead, leadsFrom, readAll, refreshLeads, releaseLeads, withoutConversation } from "../../../../web/assets/console/leads/list_state.js";
import { examples } from "../../support/frames.mjs";

const lead = (number, more = {}) => ({ id: `l${number}`, conversation_id: `c${number}`, captured_at: `2026-11-22T10:${String(number).padStart(2, "0")}:00.000Z`, unread: true, ...more });
const ids = (state) => state.rows.map(({ id }) => id);
const now = { hold: false, q: "" };

test("leads stand newest first, and a new one comes on top", () => {
  const state = applyLead(leadsFrom({ leads: [lead(1), lead(2)], next: null }), lead(3), now);
  assert.deepEqual(ids(state), ["l3", "l2", "l1"]);
});

test("while somebody reads further down a new one waits", () => {
  const held = applyLead(leadsFrom({ leads: [lead(1)], next: null }), lead(2), { hold: true, q: "" });
  assert.deepEqual([ids(held), held.held.length], [["l1"], 1]);
  assert.deepEqual([ids(releaseLeads(held)), releaseLeads(held).held], [["l2", "l1"], []]);
});

test("what its visitor changed is changed in place, and stays read", () => {
  const { lead: golden } = examples("to-operator.lead.captured")["the visitor adds a number"];
  const before = leadsFrom({ leads: [{ ...golden, phone: "", unread: false }, lead(59)], next: null });
  const after = applyLead(before, { ...golden, unread: true }, now);
  assert.deepEqual(ids(after), ids(before));
  const changed = after.rows.find(({ id }) => id === golden.id);
  assert.deepEqual([changed.phone, changed.unread], ["+4930901820", false]);
});

test("new leads are left to the server while there is a search", () => {
  const state = leadsFrom({ leads: [lead(1)], next: null });
  assert.equal(applyLead(state, lead(2), { hold: false, q: "zoe" }), state);
});

test("pages are joined without doubles", () => {
  const state = appendLeads(leadsFrom({ leads: [lead(3), lead(2)], next: "n" }), { leads: [lead(2), lead(1)], next: null });
  assert.deepEqual([ids(state), state.next], [["l3", "l2", "l1"], null]);
});

test("a fresh first page brings what is new and drops what is gone, and keeps what was loaded beyond it", () => {
  const state = appendLeads(leadsFrom({ leads: [lead(5), lead(4)], next: "n" }), { leads: [lead(3)], next: "m" });
  const fresh = refreshLeads(state, { leads: [lead(6), lead(5)], next: "x" });
  assert.deepEqual([ids(fresh), fresh.next], [["l6", "l5", "l4", "l3"], "m"]);
  assert.deepEqual(ids(refreshLeads(state, { leads: [], next: null })), []);
});

test("leads are marked as read, one or all, and go with their conversation", () => {
  const state = leadsFrom({ leads: [lead(1), lead(2)], next: null });
  assert.deepEqual(changeLead(state, "l1", { unread: false }).rows.map(({ unread }) => unread), [true, false]);
  assert.deepEqual(readAll(state).rows.map(({ unread }) => unread), [false, false]);
  assert.deepEqual(ids(withoutConversation(state, "c2")), ["l1"]);
});
