/**
 * @typedef {object} Inline A part of a text; every letter of it is in one.
 * @property {"text" | "strong" | "em" | "code" | "link" | "cite"} kind
 * @property {string} [text] Of a text, of code, and of a citation as it was written.
 * @property {string} [href] Of a link: http, https or mailto.
 * @property {number} [number] Of a citation, from 1.
 * @property {Inline[]} [children] Of strong, em and link.
 */

/**
 * @typedef {object} Options
 * @property {boolean} [plain] The text as it was typed: addresses become links, and nothing else is anything.
 * @property {number} [sources] How many can be cited.
 * @property {() => void} [step] Called for each step that is taken: their number grows as the text does, whatever it says.
 */

/** Marks that turn the direction of a text have no place in an address, nor what nobody sees: they make it look like another. */
const REST = "[^\\s<>\"`\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]";
/** No part is looked at twice: a name begins where no other can, and nothing is as long as it likes. */
const MAIL = "(?<![\\w.+-])[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}";
const ADDRESS = `(?<scheme>https?:\\/\\/|mailto:)${REST}+|${MAIL}`;
const LINK = '!?\\[(?<words>[^\\[\\]\\n]{1,500})\\]\\((?<href>(?:https?:\\/\\/|mailto:)(?:[^\\s()<>"]|\\([^\\s()<>"]*\\))+)\\)';
const CITE = "\\[(?<number>\\d{1,2})\\]";
const MARKS = `\\\\[*\`[\\]]|\`+|\\*+|${LINK}`;

const PLAIN = new RegExp(ADDRESS, "gi");
const RICH = new RegExp(`${MARKS}|${ADDRESS}`, "gi");
const CITED = new RegExp(`${MARKS}|${CITE}|${ADDRESS}`, "gi");

/** What ends a sentence rather than an address. */
const TRAILING = ".,;:!?'’”…)]}*";
const KINDS = /** @type {const} */ (["em", "strong"]);
const space = /^\s?$/;
const letter = /[\p{L}\p{N}]/u;

/**
 * A text in parts. What has a beginning and no end, such as `**` alone, is text.
 *
 * @param {string} text
 * @param {Options} [options]
 * @returns {Inline[]}
 */
export function inline(text, { plain = false, sources = 0, step = () => {} } = {}) {
  const pattern = plain ? PLAIN : sources ? CITED : RICH;
  /** @type {Inline[]} */ const found = [];
  /** Where emphasis began that has not ended: by how many stars, and the part they are. @type {{ stars: number, at: number }[]} */ const open = [];
  let words = "";
  let from = 0;

  /** @param {Inline} [part] */
  const put = (part) => {
    if (words) found.push({ kind: "text", text: words });
    words = "";
    if (part) found.push(part);
  };

  /** @param {string} href @param {Inline[]} children */
  const link = (href, children) => put({ kind: "link", href, children });

  /** @param {number} stars @param {number} at */
  const emphasis = (stars, at) => {
    const before = text[at - 1] ?? "";
    const after = text[at + stars] ?? "";
    const index = open.findIndex((each) => each.stars === stars);
    // One star between letters or digits multiplies them.
    const ends = !space.test(before) && !(stars === 1 && letter.test(after));
    const begins = !space.test(after) && !(stars === 1 && letter.test(before));
    if (ends && open[index]) {
      put();
      const begun = open[index].at;
      let children = found.splice(begun + 1);
      for (const [bit, kind] of KINDS.entries()) if (stars & (bit + 1)) children = [{ kind, children }];
      found.splice(begun, 1, ...children);
      open.length = index;
    } else if (begins && stars <= 3) {
      // Never one within its like: what began before was a star.
      if (open[index]) open.splice(index, 1);
      put();
      open.push({ stars, at: found.length });
      found.push({ kind: "text", text: "*".repeat(stars) });
    } else words += "*".repeat(stars);
  };

  const ticks = plain ? new Map() : lastTicks(text);
  // Set before each search: what stands in a link's brackets is searched with the same pattern, in between.
  for (let match; (pattern.lastIndex = from), (match = pattern.exec(text)); ) {
    step();
    const whole = match[0];
    const { scheme, words: label, href, number } = match.groups ?? {};
    words += text.slice(from, match.index);
    from = match.index + whole.length;
    if (whole[0] === "\\") words += whole[1];
    else if (whole[0] === "*") emphasis(whole.length, match.index);
    else if (whole[0] === "`") {
      const end = ticks.get(whole.length) >= from ? closing(text, from, whole.length, step) : -1;
      if (end < 0) words += whole;
      else {
        put({ kind: "code", text: trimmed(text.slice(from, end)) });
        from = end + whole.length;
      }
    } else if (number) {
      if (Number(number) > sources) words += whole;
      else {
        // It stays on the line of the word before it.
        words = words.replace(/ $/, "\u00a0");
        put({ kind: "cite", text: whole, number: Number(number) });
      }
    } else if (label !== undefined && href !== undefined) {
      if (URL.canParse(href) && honest(label, href)) link(href, emphasised(label, step));
      else {
        words += "[";
        from = match.index + whole.indexOf("[") + 1;
      }
    } else {
      const address = bare(whole, step);
      const to = scheme ? address : `mailto:${address}`;
      // Where it is none, what it holds is none either: nothing is tried twice.
      if (!URL.canParse(to)) words += whole;
      else {
        link(to, [{ kind: "text", text: address }]);
        from = match.index + address.length;
      }
    }
  }
  words += text.slice(from);
  put();
  return found;
}

/** What stands in the brackets of a link may be bold, and is no link. @param {string} label @param {() => void} step */
const emphasised = (label, step) => inline(label, { step }).flatMap((part) => (part.kind === "link" ? (part.children ?? []) : [part]));

/** Where the last run of so many backticks begins: past it none is sought. @param {string} text @returns {Map<number, number>} */
function lastTicks(text) {
  const last = new Map();
  for (const { 0: run, index } of text.matchAll(/`+/g)) last.set(run.length, index);
  return last;
}

/**
 * Where the next run of exactly so many backticks begins. There is one.
 *
 * @param {string} text
 * @param {number} from
 * @param {number} length
 * @param {() => void} step
 */
function closing(text, from, length, step) {
  const run = /`+/g;
  run.lastIndex = from;
  for (let match; (match = run.exec(text)); ) {
    step();
    if (match[0].length === length) return match.index;
  }
  return -1;
}

/** A space at either end keeps backticks apart from the marks. @param {string} code */
const trimmed = (code) => (/^ .*[^ ].* $/s.test(code) ? code.slice(1, -1) : code);

/** An address without what belongs to the sentence around it; brackets that are its own stay. @param {string} address @param {() => void} step */
function bare(address, step) {
  let unopened = address.split(")").length - address.split("(").length;
  let end = address.length;
  for (; end && TRAILING.includes(address.charAt(end - 1)); end -= 1) {
    step();
    if (address[end - 1] === ")" && unopened-- <= 0) break;
  }
  return address.slice(0, end);
}

/** Words that are an address must be the one they lead to. @param {string} label @param {string} href */
function honest(label, href) {
  const told = /^\s*(?:https?:\/\/|(?=www\.))([^\s/?#]+)/i.exec(label)?.[1];
  return !told || told.toLowerCase().replace(/^www\./, "") === new URL(href).host.replace(/^www\./, "");
}
