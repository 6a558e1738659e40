import assert from "node:assert/strict";
import test from "node:test";

import { atMost, counted } from "../../../../web/assets/console/figures/count_view.js";
import { favicon } from "../../../../web/assets/console/page/favicon.js";
import { titleWith } from "../../../../web/assets/console/page/title.js";

test("the title and the icon say how many, and nothing when nobody waits", () => {
  assert.equal(titleWith("Inbox · Baton", counted(3, false)), "(3) Inbox · Baton");
  assert.equal(titleWith("Inbox · Baton", counted(0, false)), "Inbox · Baton");
  assert.equal(atMost(120), "99+");
  assert.deepEqual([counted(3, true), counted(0, true), counted(120, true)], ["3?", "?", "99+?"]);
  assert.match(decodeURIComponent(favicon(4, true)), />\?<\/text>/);
  assert.match(decodeURIComponent(favicon(4)), /^data:image\/svg\+xml,<svg.*>4<\/text>/);
  assert.match(decodeURIComponent(favicon(12)), />9\+<\/text>/);
});
