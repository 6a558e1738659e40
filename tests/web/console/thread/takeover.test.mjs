import assert from "node:assert/strict";
import { test } from "node:test";

import { controls } from "../../../../web/assets/console/thread/takeover.js";

const MAY = { viewer: ["look"], editor: ["look", "claim"], admin: ["look", "claim", "take", "delete", "manage"] };
const me = (role) => ({ user: { id: "me" }, may: MAY[role] });
const holder = (user_id) => ({ user_id, name: user_id, claimed_at: "2026-11-22T10:31:40.120Z" });
const FREE = { holder: null, waitingSince: null };
const WAITING = { holder: null, waitingSince: "2026-11-22T10:31:20.120Z" };
const MINE = { holder: holder("me"), waitingSince: null };
const THEIRS = { holder: holder("other"), waitingSince: null };

const can = (state, role) => {
  const { mode, ...rest } = controls(state, me(role));
  return [mode, ...Object.keys(rest).filter((name) => rest[name])];
};

test("an editor takes over what nobody holds, or replies and takes over", () => {
  assert.deepEqual(can(FREE, "editor"), ["bot", "claim", "reply"]);
  assert.deepEqual(can(WAITING, "editor"), ["waiting", "claim", "reply"]);
});

test("who holds it replies and hands back", () => {
  assert.deepEqual(can(MINE, "editor"), ["mine", "release", "reply"]);
  assert.deepEqual(can(MINE, "admin"), ["mine", "release", "reply"]);
});

test("what a colleague holds only an admin can take", () => {
  assert.deepEqual(can(THEIRS, "editor"), ["other"]);
  assert.deepEqual(can(THEIRS, "admin"), ["other", "take"]);
});

test("a viewer looks, and has no control in any state", () => {
  for (const state of [FREE, WAITING, MINE, THEIRS]) assert.equal(can(state, "viewer").length, 1);
});
