import assert from "node:assert/strict";
import { test } from "node:test";
import { inline } from "../../../web/assets/shared/inline.js";

/** As HTML would have it, to be read easily. */
const html = (parts) =>
  parts
    .map(({ kind, text, href, number, children }) => {
      const inner = children ? html(children) : text;
      if (kind === "text") return inner;
      return kind === "link" ? `<a ${href}>${inner}</a>` : kind === "cite" ? `<cite ${number}>` : `<${kind}>${inner}</${kind}>`;
    })
    .join("");
const of = (text, options) => html(inline(text, options));
const typed = (text) => of(text, { plain: true });

test("bold, italic and code, within each other", () => {
  assert.equal(of("a **b** *c* ***d*** `e*f`"), "a <strong>b</strong> <em>c</em> <strong><em>d</em></strong> <code>e*f</code>");
  assert.equal(of("**a *b* c**, *a **b** c*"), "<strong>a <em>b</em> c</strong>, <em>a <strong>b</strong> c</em>");
  assert.equal(of("**Price:** 5, wei**ter**, ``a`b`` and `` ` ``"), "<strong>Price:</strong> 5, wei<strong>ter</strong>, <code>a`b</code> and <code>`</code>");
  assert.equal(of("\\*no\\* \\[no] \\`no\\`"), "*no* [no] `no`");
});

test("what has no end, or is no mark, is text", () => {
  for (const text of ["**a", "a**", "*a", "`a", "** a **", "2*3*4", "2 * 3 * 4", "****", "**a*", "[a]", "[a](b", "snake_case_name", "¯\\_(ツ)_/¯"]) {
    assert.equal(of(text), text);
  }
  assert.equal(of("**a **b**"), "**a <strong>b</strong>");
  assert.equal(of("*a and *b*"), "*a and <em>b</em>");
});

test("links lead to http, https and mail alone", () => {
  assert.equal(of("[the **docs**](https://a.example/b_(c))."), "<a https://a.example/b_(c)>the <strong>docs</strong></a>.");
  assert.equal(of("[write](mailto:a@b.example)"), "<a mailto:a@b.example>write</a>");
  for (const href of ["javascript:alert(1)", "data:text/html,x", "/here", "ftp://a.example", "https://"]) assert.equal(of(`[a](${href})`), `[a](${href})`);
});

test("a picture is a link, and words that are an address lead there or nowhere", () => {
  assert.equal(of("![a cat](https://a.example/cat.png)"), "<a https://a.example/cat.png>a cat</a>");
  assert.equal(of("[https://a.example/x](https://a.example/y)"), "<a https://a.example/y>https://a.example/x</a>");
  for (const words of ["https://bank.example", "www.bank.example/login"]) assert.ok(!of(`[${words}](https://evil.example)`).includes(`>${words}</a>`), words);
});

test("addresses end where the sentence does", () => {
  const hrefs = (text) => [...of(text).matchAll(/<a ([^>]+)>/g)].map(([, href]) => href);
  assert.deepEqual(hrefs("See https://a.example/b?c=d#e, or (http://x.example)."), ["https://a.example/b?c=d#e", "http://x.example"]);
  assert.deepEqual(hrefs("**https://a.example** https://a.example/b_(c)) `https://no.example`"), ["https://a.example", "https://a.example/b_(c)"]);
  assert.deepEqual(hrefs("Write to help@baton.example."), ["mailto:help@baton.example"]);
  assert.deepEqual(hrefs("https:// http://) a@b @c.de"), []);
  assert.deepEqual(hrefs("https://a.example/\u202egpj.exe"), ["https://a.example/"]);
});

test("what was typed stays as it was typed, with its links", () => {
  const hard = "Zoë 👩🏽‍🚀 مرحبا \u202eabc <b>x</b> **no** `no` \\* - no\n\n# no [1] [a](b) \u0000";
  assert.equal(typed(hard), hard);
  assert.equal(typed(""), "");
  assert.equal(typed("*https://a.example/x* a@b.example"), "*<a https://a.example/x>https://a.example/x</a>* <a mailto:a@b.example>a@b.example</a>");
  for (const text of ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "java\nscript:alert(1)", "ftp://a.example"]) assert.equal(typed(text), text);
});

test("a citation is one of the sources there are, and stays with its word", () => {
  assert.equal(of("Yes [1]. No [3].", { sources: 2 }), "Yes\u00a0<cite 1>. No [3].");
  assert.equal(of("[0] [1]"), "[0] [1]");
});
