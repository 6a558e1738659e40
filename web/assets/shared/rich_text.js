/** @import { Inline } from "./inline.js" */
/** @import { Block, List } from "./markdown.js" */

/**
 * @typedef {object} Cited The sources of an answer, shown below it.
 * @property {(number: number) => string} name What the `[1]` in the text is called.
 * @property {(number: number) => void} toggle Opens a source in place, or closes it.
 *
 * @typedef {object} Makers What differs between the widget and the console.
 * @property {(href: string, words: Node[]) => (Node | string)[]} link
 * @property {Cited} [cited]
 */

/** What stands in an element, part by part. @type {WeakMap<Element, string[]>} */
const shown = new WeakMap();

/**
 * Shows the parts of a message in an element of class `rich`. What stands there already is left alone, so that of a text that grows only
 * its last part is made anew.
 *
 * @param {Element} element
 * @param {Block[]} blocks
 * @param {Makers} makers
 */
export function showBlocks(element, blocks, makers) {
  const now = blocks.map((block) => JSON.stringify(block));
  const before = shown.get(element) ?? [];
  let same = 0;
  while (same < now.length && now[same] === before[same]) same += 1;
  while (element.children.length > same) element.lastElementChild?.remove();
  element.append(...blocks.slice(same).map((block) => blockView(block, makers)));
  shown.set(element, now);
}

/** @param {Block} block @param {Makers} makers @returns {HTMLElement} */
function blockView(block, makers) {
  if (block.kind === "list") return listView(block, makers);
  if (block.kind === "text") {
    const paragraph = element("p", block.parts, makers);
    paragraph.dir = "auto";
    return paragraph;
  }
  const code = document.createElement("pre");
  code.dir = "ltr";
  // It scrolls, also for who has no pointer.
  code.tabIndex = 0;
  code.appendChild(document.createElement("code")).textContent = block.text;
  return code;
}

/** @param {List} list @param {Makers} makers */
function listView({ start, items }, makers) {
  const list = document.createElement(start === null ? "ul" : "ol");
  list.dir = "auto";
  if (list instanceof HTMLOListElement && start !== null && start !== 1) list.start = start;
  for (const { parts, lists } of items) {
    const item = list.appendChild(element("li", parts, makers));
    item.append(...lists.map((each) => listView(each, makers)));
  }
  return list;
}

/** @param {Inline} part @param {Makers} makers @returns {(Node | string)[]} */
function inlineView({ kind, text = "", href = "", number = 0, children = [] }, makers) {
  if (kind === "strong" || kind === "em") return [element(kind, children, makers)];
  if (kind === "link") {
    const words = children.flatMap((child) => inlineView(child, makers));
    return makers.link(href, words.map((word) => (typeof word === "string" ? document.createTextNode(word) : word)));
  }
  if (kind === "cite" && makers.cited) return [mark(number, makers.cited)];
  if (kind !== "code") return [text];
  const code = document.createElement("code");
  code.textContent = text;
  return [code];
}

/** The `[1]` in a text. @param {number} number @param {Cited} cited */
function mark(number, { name, toggle }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cite";
  button.textContent = String(number);
  button.setAttribute("aria-label", (button.title = name(number)));
  button.addEventListener("click", () => toggle(number));
  return button;
}

/**
 * @template {"p" | "li" | "strong" | "em"} Tag
 * @param {Tag} tag
 * @param {Inline[]} parts
 * @param {Makers} makers
 */
function element(tag, parts, makers) {
  const made = document.createElement(tag);
  made.append(...parts.flatMap((part) => inlineView(part, makers)));
  return made;
}
