import assert from "node:assert/strict";
import { test } from "node:test";

import { calledOf, inWords, leadName } from "../../../../web/assets/console/details/called.js";

const row = (change = {}) => ({ visitor_name: "Visitor 4F2K", lead_name: "", person: null, ...change });
const person = (change = {}) => ({ id: "u7", name: "Zoe Lind", email: "zoe@example.com", verified: false, ...change });
const lead = { name: "", email: "lea@example.com", phone: "+4930901820" };

test("a visitor nobody has named keeps the name Baton made up", () => {
  assert.deepEqual(calledOf(row()), { name: "Visitor 4F2K", proof: "" });
  assert.deepEqual(calledOf(row({ person: person({ name: "", email: "" }) })), { name: "Visitor 4F2K", proof: "" });
});

test("a name without proof is told as one, in marks and in words", () => {
  const called = calledOf(row({ person: person() }));
  assert.deepEqual(called, { name: "Zoe Lind", proof: "claimed" });
  assert.equal(inWords(called), "Zoe Lind (not verified)");
  assert.equal(calledOf(row({ person: person({ name: "" }) })).name, "zoe@example.com");
});

test("what the visitor left goes before what the site claims, and a proof before both", () => {
  assert.deepEqual(calledOf(row({ person: person(), lead_name: "Lea" })), { name: "Lea", proof: "" });
  const proved = calledOf(row({ person: person({ verified: true }), lead_name: "Lea" }));
  assert.deepEqual(proved, { name: "Zoe Lind", proof: "verified" });
  assert.equal(inWords(proved), "Zoe Lind");
});

test("a lead is called by what there is of it; the row's newer name goes before an opened lead's", () => {
  assert.equal(leadName(lead), "lea@example.com");
  assert.equal(leadName({ ...lead, email: "" }), "+4930901820");
  assert.equal(calledOf(row(), lead).name, "lea@example.com");
  assert.equal(calledOf(row({ lead_name: "Lea" }), lead).name, "Lea");
});
