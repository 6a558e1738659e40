import assert from "node:assert/strict";
import test from "node:test";

import { fit } from "../../../../web/assets/console/palette/fuzzy.js";

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
