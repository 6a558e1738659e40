import assert from "node:assert/strict";
import test from "node:test";

import { Actions } from "../../../../web/assets/console/keys/actions.js";
import { NO_CHOICES } from "../../../../web/assets/console/keys/keymap.js";
import { fit } from "../../../../web/assets/console/palette/fuzzy.js";
import { doable, grouped } from "../../../../web/assets/console/palette/items.js";
import { Recents } from "../../../../web/assets/console/palette/recents.js";
import { memoryStorage } from "../../support/browser.mjs";

const EDITOR = { may: ["look", "claim", "tag"] };
const OWNER = { may: ["look", "claim", "take", "tag", "delete", "manage_tags", "manage", "own"] };
const names = (groups) => groups.map(({ group, items }) => [group, items.map(({ name }) => name)]);

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

test("beginnings of words fit best, strewn letters not at all", () => {
  const best = (typed, all) => all.map((name) => [fit(typed, name), name]).sort((a, b) => b[0] - a[0])[0][1];
  assert.equal(best("in", ["Settings: Team", "Inbox", "Hand back to bot"]), "Inbox");
  assert.equal(best("hb", ["Who has it", "Hand back to bot"]), "Hand back to bot");
  assert.equal(best("team", ["Theme: light", "Settings: Team"]), "Settings: Team");
  assert.ok(fit("zoe", "Zoë") > 3);
  assert.ok(fit("release", "Hand back to bot", "release") > 0);
  assert.equal(fit("xyz", "Inbox"), 0);
  assert.equal(fit("tkv", "Settings: Knowledge"), 0);
});

test("what was chosen last stands first, and what cannot be done any more is gone", () => {
  const storage = memoryStorage();
  const recents = new Recents("w1:u1:palette", () => storage);
  for (const [id, href] of [["claim"], ["conversation:c1", "/app/conversations/c1"], ["overview"], ["claim"]]) recents.add({ id, name: id, href });
  assert.deepEqual(recents.all.map(({ id }) => id), ["claim", "overview", "conversation:c1"]);
  assert.deepEqual(new Recents("w2:u1:palette", () => storage).all, [], "another workspace has its own");
  const actions = new Actions(EDITOR, NO_CHOICES);
  const groups = grouped("", doable(actions), [], recents.all);
  assert.deepEqual(names(groups)[0], ["Recent", ["Overview", "conversation:c1"]]);
  assert.equal(groups.flatMap(({ items }) => items).filter(({ id }) => id === "overview").length, 1);
});

test("an action that is meant comes before what the server found, and after it otherwise", () => {
  const items = doable(new Actions(OWNER, NO_CHOICES));
  const found = [{ id: "conversation:c1", name: "Visitor 4F2K", group: "Conversations" }, { id: "lead:l1", name: "Zoë", group: "Leads" }];
  assert.equal(names(grouped("over", items, found, []))[0][1][0], "Overview");
  const groups = names(grouped("numbers", items, found, []));
  assert.deepEqual(groups.map(([group]) => group), ["Conversations", "Leads", "Go to"]);
});

test("a damaged or forbidden store means nothing is recent", () => {
  const storage = memoryStorage();
  storage.setItem("k", '{"no": "list"}');
  assert.deepEqual(new Recents("k", () => storage).all, []);
  const none = new Recents("k", () => { throw new Error("forbidden"); });
  none.add({ id: "a", name: "A" });
  assert.deepEqual(none.all, []);
});
