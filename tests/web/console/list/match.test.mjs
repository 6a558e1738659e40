import assert from "node:assert/strict";
import { test } from "node:test";

import { saying } from "../../../../web/assets/console/list/match.js";

const ROW = { visitor_name: "Visitor 4F2K", preview: "**Bye**", preview_role: "assistant" };

test("outside a search a row says what was said last", () => {
  assert.deepEqual(saying(ROW), { name: ["Visitor 4F2K"], by: "Bot: ", line: ["Bye"] });
  assert.deepEqual(saying({ visitor_name: "Visitor 4F2K", preview: "" }), { name: ["Visitor 4F2K"], by: "", line: [""] });
});

test("in a search it says why it was found, and whose words these are", () => {
  const found = (match) => saying({ ...ROW, match });
  const pieces = ["…my ", "parc", "el"];
  assert.deepEqual(found({ in: "message", role: "user", pieces }), { name: ["Visitor 4F2K"], by: "", line: pieces });
  assert.equal(found({ in: "message", role: "human-agent", pieces }).by, "Team: ");
  assert.equal(found({ in: "page", pieces }).by, "Page: ");
});

test("where the row is called what was searched for, that is marked in its name", () => {
  const match = { in: "name", pieces: ["Visitor ", "4F", "2K"] };
  assert.deepEqual(saying({ ...ROW, match }), { name: match.pieces, by: "Bot: ", line: ["Bye"] });
  const called = saying({ ...ROW, lead_name: "Ann", match });
  assert.deepEqual(called, { name: ["Ann"], by: "Name: ", line: match.pieces });
});
