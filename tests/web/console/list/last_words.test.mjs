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
  assert.equal(said("Run this: ``` make run ``` [1]"), "Run this: make run [1]");
  assert.equal(said("Run this: ``` make r…"), "Run this: make r…");
  assert.equal(said("Team: **Donau"), "Team: **Donau", "it was not cut");
});

test("of a link that was cut, its words stay", () => {
  for (const cut of ["[our pric…", "[our pric]…", "[our pric](…", "[our pric](http…", "![our pric](https://a.example/x_(1…", "**[our pric](https://a.example/…"]) assert.equal(said(`See ${cut}`), "See our pric…");
  assert.equal(said("See [ours](https://a.example/x) or [theirs](mail…"), "See ours or theirs…");
  assert.equal(said("See [our pric…", "user"), "See [our pric…");
});

test("other brackets are left alone where a text was cut", () => {
  for (const whole of ["We do. [1…", "We do. [1]…", "It is a[0…", "It is [so] or…", "See [our pric"]) assert.equal(said(whole), whole);
  assert.equal(said("Not \\[our…"), "Not [our…");
});
