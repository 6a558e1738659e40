import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../../web/assets/widget/view/pieces.js";

const whole = (text, sources) => pieces(text, sources).map((piece) => piece.text).join("");

test("nothing is lost or added", () => {
  const hard = "Zoë 👩🏽‍🚀 مرحبا \u202eabc <script>alert(1)</script> [1] https://a.example/x). [9] \u0000 a@b.example";
  assert.equal(whole(hard, 3), hard);
  assert.equal(whole("", 0), "");
});

test("addresses end where the sentence does", () => {
  const hrefs = (text) => pieces(text).flatMap(({ href }) => href ?? []);
  assert.deepEqual(hrefs("See https://a.example/b?c=d#e, or (http://x.example)."), ["https://a.example/b?c=d#e", "http://x.example"]);
  assert.deepEqual(hrefs("Write to help@baton.example."), ["mailto:help@baton.example"]);
  assert.deepEqual(hrefs("https://"), []);
});

test("no other scheme is an address", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "java\nscript:alert(1)"]) {
    assert.ok(pieces(text).every(({ href }) => !href), text);
  }
});

test("a citation is one of the sources there are", () => {
  assert.deepEqual(pieces("Yes [1]. No [3].", 2).filter(({ cite }) => cite).map(({ cite }) => cite), [1]);
  assert.ok(pieces("[0] [1]", 0).every(({ cite }) => !cite));
});
