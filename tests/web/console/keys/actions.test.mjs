import assert from "node:assert/strict";
import test from "node:test";

import { Actions } from "../../../../web/assets/console/keys/actions.js";
import { NO_CHOICES } from "../../../../web/assets/console/keys/keymap.js";
const EDITOR = { may: ["look", "claim", "tag"] };
const OWNER = { may: ["look", "claim", "take", "tag", "delete", "manage_tags", "manage", "own"] };

test("only what the role may and the page can do is there", () => {
  let held = false;
  const done = [];
  const actions = new Actions(EDITOR, NO_CHOICES);
  actions.provide({ claim: { when: () => !held, run: () => done.push("claim") }, delete: () => done.push("delete") });
  assert.ok(actions.can("claim") && actions.can("inbox"));
  assert.ok(!actions.can("delete") && !actions.can("settings") && !actions.can("release"));
  assert.equal(actions.run("delete"), false);
  actions.run("claim");
  held = true;
  assert.equal(actions.run("claim"), false);
  assert.deepEqual(done, ["claim"]);
  assert.ok(new Actions(OWNER, NO_CHOICES).can("audit"));
  assert.equal(actions.keys.has("delete"), false, "no key for what one may not do");
});

test("pages are visited the way that the page knows, and other keys are heard of", () => {
  const actions = new Actions(OWNER, NO_CHOICES);
  const visited = [];
  let told = 0;
  actions.visit = (href) => visited.push(href);
  actions.watch(() => told++);
  actions.run("overview");
  actions.choose({ keys: { overview: "o" }, single: true });
  assert.deepEqual(visited, ["/app/overview"]);
  assert.equal(actions.keys.get("overview"), "o");
  assert.equal(told, 1);
});
