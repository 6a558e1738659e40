/** Marks that turn the direction of a text have no place in an address: they make it look like another. */
const ADDRESS = /https?:\/\/[^\s<>"'\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/gi;
const TRAILING = /[.,;:!?)\]}]+$/;

/**
 * A text in parts, its web addresses apart. Nothing but http and https ever becomes a link.
 *
 * @param {string} text
 * @returns {{text: string, url?: string}[]}
 */
export function linkify(text) {
  /** @type {{text: string, url?: string}[]} */
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const url = match[0].replace(TRAILING, "");
    if (!URL.canParse(url)) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ text: url, url });
    from = match.index + url.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** The address when a link may lead there, else null. @param {string | undefined} url */
export const safeUrl = (url) => (url && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null);

/**
 * Where a link really leads, when its text does not plainly say so: letters that look like others, or a name before
 * an `@` that is taken for the site. Else nothing.
 *
 * @param {string} url as it was written
 */
export function trueHost(url) {
  const { host, username, password } = new URL(url);
  const written = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  const plain = written.replace(/:(80|443)$/, "") === host.replace(/:(80|443)$/, "");
  return plain && !username && !password && !host.includes("xn--") ? "" : host;
}
