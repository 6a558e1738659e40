/** @import { Inline } from "./inline.js" */
import { inline } from "./inline.js";

/**
 * @typedef {object} List
 * @property {"list"} kind
 * @property {number | null} start What it counts from; null where it has points.
 * @property {{ parts: Inline[], lists: List[] }[]} items
 */

/** @typedef {{ kind: "text", parts: Inline[] } | { kind: "code", text: string } | List} Block */

/**
 * @typedef {object} Begun A list that may go on.
 * @property {number} indent
 * @property {{ kind: "list", start: number | null, items: { words: string[], lists: Begun[] }[] }} list
 */

const FENCE = /^([ \t]*)(`{3,}|~{3,})[^`]*$/;
const ITEM = /^([ \t]*)(?:[-*•]|(\d{1,9})[.)])[ \t]+(?=\S)(.*)$/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(?=\S)(.*)$/;
const DEEPEST = 4;

/** The end of a text that may yet become something else: marks, the beginning of an item, of a heading or of code. */
const UNDECIDED = /(?:(?:^|\n)[ \t]*(?:[-•#]+|\d{1,3}[.)]?|(?:`{3,}|~{3,})[^`\n]*)[ \t]*|[*`~\\]+)$/;
const LINK_BEGUN = /^\[(?:[^\]\n]{0,80}|[^\]\n]*\](?:\([^)\s]{0,400})?)$/;

/** A text as it was typed, in which addresses are links. @param {string} text @returns {Block[]} */
export const asTyped = (text) => [{ kind: "text", parts: inline(text, { plain: true }) }];

/**
 * The small part of Markdown that is shown: paragraphs and their lines, bold, italic, code, lists, links. A heading is bold; pictures,
 * tables and all else stay text. Code that has not ended is code.
 *
 * @param {string} text
 * @param {import("./inline.js").Options} [options]
 * @returns {Block[]}
 */
export function blocks(text, options = {}) {
  const { step = () => {} } = options;
  /** @type {(Block | Begun["list"])[]} */ const found = [];
  /** @type {string[]} */ let paragraph = [];
  /** The lists that go on, the outermost first. @type {Begun[]} */ let open = [];
  const lines = text.split(/\r\n?|\n/);

  const end = () => {
    if (paragraph.length) found.push({ kind: "text", parts: inline(paragraph.join("\n"), options) });
    paragraph = [];
  };

  for (let at = 0; at < lines.length; at += 1) {
    step();
    const line = lines[at] ?? "";
    const [, margin = "", fence = ""] = FENCE.exec(line) ?? [];
    const [item, indent = "", number, words = ""] = ITEM.exec(line) ?? [];
    const heading = HEADING.exec(line)?.[1];
    const last = open.at(-1)?.list.items.at(-1);
    if (fence && at + 1 < lines.length) {
      end();
      const code = [];
      for (at += 1; at < lines.length && !isEnd(lines[at] ?? "", fence); at += 1) code.push((lines[at] ?? "").replace(margin, ""));
      found.push({ kind: "code", text: code.join("\n") });
      open = [];
    } else if (!line.trim()) end();
    else if (item && !(paragraph.length && number && number !== "1")) {
      end();
      open = placed(open, indent.replace(/\t/g, "    ").length, number ? Number(number) : null, words, found);
    } else if (last && /^(?: {2}|\t)/.test(line)) last.words.push(line.trim());
    else {
      open = [];
      if (heading !== undefined) {
        end();
        found.push({ kind: "text", parts: [{ kind: "strong", children: inline(heading, options) }] });
      } else paragraph.push(line);
    }
  }
  end();
  return found.map((block) => (block.kind === "list" ? ended(/** @type {Begun["list"]} */ (block), options) : block));
}

/**
 * As much of a text that is still growing as will not become something else: marks that may belong to more are kept back.
 *
 * @param {string} text
 */
export function decided(text) {
  const link = text.lastIndexOf("[");
  const most = link >= 0 && LINK_BEGUN.test(text.slice(link, link + 1_000)) && text.length - link < 1_000 ? link : text.length;
  return text.slice(0, most).replace(UNDECIDED, "");
}

/** @param {string} line @param {string} fence */
const isEnd = (line, fence) => {
  const marks = line.trim();
  return marks.length >= fence.length && marks.startsWith(fence) && !marks.replaceAll(fence.charAt(0), "");
};

/**
 * Puts an item where its indentation says; returns the lists that go on.
 *
 * @param {Begun[]} open
 * @param {number} indent
 * @param {number | null} number
 * @param {string} words
 * @param {(Block | Begun["list"])[]} found
 * @returns {Begun[]}
 */
function placed(open, indent, number, words, found) {
  while (open.length > 1 && indent < /** @type {Begun} */ (open.at(-1)).indent) open.pop();
  const item = { words: [words], lists: [] };
  const last = open.at(-1);
  const deeper = last && indent >= last.indent + 2 && open.length < DEEPEST;
  if (last && !deeper && (last.list.start === null) === (number === null)) {
    last.list.items.push(item);
    return open;
  }
  /** @type {Begun} */ const begun = { indent, list: { kind: "list", start: number, items: [item] } };
  const above = deeper ? open : open.slice(0, -1);
  const around = above.at(-1)?.list.items.at(-1);
  if (around) around.lists.push(begun);
  else found.push(begun.list);
  return [...above, begun];
}

/**
 * @param {Begun["list"]} list
 * @param {import("./inline.js").Options} options
 * @returns {List}
 */
function ended({ kind, start, items }, options) {
  return {
    kind,
    start,
    items: items.map(({ words, lists }) => ({ parts: inline(words.join("\n"), options), lists: lists.map(({ list }) => ended(list, options)) })),
  };
}
