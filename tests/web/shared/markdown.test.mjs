import assert from "node:assert/strict";
import { test } from "node:test";
import { isLong } from "../../../web/assets/shared/fold.js";
import { asTyped, blocks, decided } from "../../../web/assets/shared/markdown.js";

const words = (parts) => parts.map(({ text, children }) => (children ? words(children) : text)).join("");
/** Lists as nested arrays, a number before what counts; paragraphs as strings; code as an object. */
const shape = (found) => found.map((block) => (block.kind === "text" ? words(block.parts) : block.kind === "code" ? { code: block.text } : list(block)));
const list = ({ start, items }) => [...(start === null ? [] : [start]), ...items.flatMap(({ parts, lists }) => [words(parts), ...lists.map(list)])];
const of = (text) => shape(blocks(text));

test("paragraphs keep their lines", () => {
  assert.deepEqual(of("one\ntwo\n\n\n  three\r\nfour"), ["one\ntwo", "  three\nfour"]);
  assert.deepEqual(shape(asTyped("one\n\n- two")), ["one\n\n- two"]);
  assert.deepEqual(of(""), []);
});

test("lists, one within the other", () => {
  assert.deepEqual(of("To do:\n- a\n  more\n* b\n   1. c\n   2. d\n- e\nAfter"), ["To do:", ["a\nmore", "b", [1, "c", "d"], "e"], "After"]);
  assert.deepEqual(of("1. a\n\n2. b\n\nAfter"), [[1, "a", "b"], "After"]);
  assert.deepEqual(of("3) c\n4) d"), [[3, "c", "d"]]);
  assert.deepEqual(of("It was in\n1986. Nobody knew."), ["It was in\n1986. Nobody knew."]);
  assert.deepEqual(of("-no\n-\n1.5 kg\n--- -"), ["-no\n-\n1.5 kg\n--- -"]);
});

test("code is left alone, and one that has not ended is code", () => {
  assert.deepEqual(of("So:\n```js\n**a**\n\n- b\n```\nDone"), ["So:", { code: "**a**\n\n- b" }, "Done"]);
  assert.deepEqual(of("```\na\n``"), [{ code: "a\n``" }]);
  assert.deepEqual(of("- a\n  ```\n  b\n    c\n  ```"), [["a"], { code: "b\n  c" }]);
  assert.deepEqual(of("````\n```\n````"), [{ code: "```" }]);
  assert.deepEqual(of("```inline``` code"), ["inline code"]);
});

test("a heading is bold", () => {
  assert.deepEqual(blocks("## Shipping")[0].parts, [{ kind: "strong", children: [{ kind: "text", text: "Shipping" }] }]);
  assert.deepEqual(of("#1 and #two\n#"), ["#1 and #two\n#"]);
});

test("a growing text shows nothing that becomes something else", () => {
  const text = "Yes, **we ship** to:\n\n- Norway [1]\n- [Sweden](https://a.example/se)\n\n1. a `b`\n\n```sh\nmake\n```\nDone";
  const final = JSON.stringify(shape(blocks(text, { sources: 1 })));
  for (let length = 1; length <= text.length; length += 1) {
    for (const block of of(decided(text.slice(0, length)))) {
      const shown = JSON.stringify(block);
      // Bold that has not ended is text, by intent; all else is never seen as marks.
      assert.doesNotMatch(shown.replace(/\*\*[we ship]*|`b(?=")/, ""), /[*`]|\]\(|https|- |sh\\n/, `${shown} of ${final}`);
    }
  }
  assert.equal(decided("It costs 5 [see below, which is long enough to be no link's words, as nobody would write so many of them"), "It costs 5 [see below, which is long enough to be no link's words, as nobody would write so many of them");
});

test("the steps grow as the text does, whatever it says", () => {
  const hostile = ["*[", "**a", "*a ", "*a **b ***c ", "`", "``a`", "[a](http://", "[a](http://x(y)", "[", "](", "http://)", "http://a.b/(", "a@", "a.", "- a\n", "  - a\n", "```\n", "# a\n", "\\*", "\n", "1. "];
  for (const unit of hostile) {
    const steps = [4_000, 8_000].map((length) => {
      let count = 0;
      blocks(unit.repeat(length).slice(0, length), { sources: 9, step: () => (count += 1) });
      return count;
    });
    assert.ok(steps[1] <= 8_002, `${unit}: ${steps}`);
    assert.ok(steps[1] <= 2 * steps[0] + 2, `${unit}: ${steps}`);
  }
});

test("a long message is one of many lines, or of many letters", () => {
  assert.ok(!isLong("a\n".repeat(20), 48));
  assert.ok(isLong("a\n".repeat(30), 48));
  assert.ok(isLong("a".repeat(8_000), 64));
  assert.ok(!isLong("a".repeat(1_000), 48));
});
