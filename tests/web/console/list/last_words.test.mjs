import assert from "node:assert/strict";
import { test } from "node:test";

import { lastWords } from "../../../../web/assets/console/list/last_words.js";

const said = (preview, preview_role = "bot") => lastWords({ preview, preview_role });

test("marks are no words, unless a visitor typed them", () => {
  assert.equal(said("Take **two** of `these`"), "Take two of these");
  assert.equal(said("Take **two**", "user"), "Take **two**");
  assert.equal(said(""), "");
});

test("where a text was cut, what stands open ends", () => {
  assert.equal(said("Team: **Donaudampf…"), "Team: Donaudampf…");
  assert.equal(said("Team: **Donau**, `schiff…"), "Team: Donau, schiff…");
  assert.equal(said("**Team:** 2 * 3 …"), "Team: 2 * 3 …");
  assert.equal(said("Team: **Donau"), "Team: **Donau", "it was not cut");
});
