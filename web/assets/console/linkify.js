const ADDRESS = /https?:\/\/[^\s<>"']+/g;
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
