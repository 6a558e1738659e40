/** @typedef {{ text: string, href?: string, cite?: number }} Piece */

const pattern = /(https?:\/\/|mailto:)[^\s<>"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\[(\d{1,2})\]/gi;
/** What ends a sentence rather than an address. */
const trailing = /[.,;:!?'’”)\]}]+$/;

/**
 * Cuts plain text into words, web and mail addresses, and citations `[1]` of the sources there are.
 *
 * @param {string} text
 * @param {number} [sources] How many sources can be cited.
 * @returns {Piece[]}
 */
export function pieces(text, sources = 0) {
  /** @type {Piece[]} */
  const found = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const piece = recognise(match[0], match[1], Number(match[2]), sources);
    if (!piece) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push(piece);
    from = match.index + piece.text.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

/**
 * @param {string} whole
 * @param {string | undefined} scheme
 * @param {number} cite
 * @param {number} sources
 * @returns {Piece | null}
 */
function recognise(whole, scheme, cite, sources) {
  if (cite) return cite <= sources ? { text: whole, cite } : null;
  const text = whole.replace(trailing, "");
  const href = scheme ? text : `mailto:${text}`;
  return URL.canParse(href) ? { text, href } : null;
}
