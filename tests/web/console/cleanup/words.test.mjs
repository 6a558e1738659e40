import assert from "node:assert/strict";
import { test } from "node:test";

import * as words from "../../../../web/assets/console/cleanup/words.js";

test("what goes is said with its count, in one and in many", () => {
  assert.equal(words.several(1, 0).verb, "Delete 1 conversation");
  assert.equal(words.several(1234, 1).title, "Delete 1,234 conversations?");
  assert.match(words.several(1234, 1).text, /and 1 lead\./);
  assert.match(words.empty(60, 2).text, /2 leads left without a message will go/);
  assert.doesNotMatch(words.empty(60, 0).text, /lead/);
  assert.equal(words.progress({ left: 2600, total: 10000 }), "Deleting: 2,600 of 10,000 left");
});
