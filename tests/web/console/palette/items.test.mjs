import assert from "node:assert/strict";
import test from "node:test";

import { Actions } from "../../../../web/assets/console/keys/actions.js";
import { NO_CHOICES } from "../../../../web/assets/console/keys/keymap.js";
import { doable, grouped } from "../../../../web/assets/console/palette/items.js";
import { Recents } from "../../../../web/assets/console/palette/recents.js";
import { memoryStorage } from "../../support/browser.mjs";

const EDITOR = { may: ["look", "claim", "tag"] };
const OWNER = { may: ["look", "claim", "take", "tag", "delete", "manage_tags", "manage", "own"] };
const names = (groups) => groups.map(({ group, items }) => [group, items.map(({ name }) => name)]);

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
