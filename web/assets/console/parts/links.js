const REL = "noopener noreferrer nofollow";

/** A link to somewhere on the web, which learns nothing of us; after it the host, when the words hide it. @param {string} url http, https or mailto @param {Node[]} words @returns {(Node | string)[]} */
export function safeLink(url, words) {
  const link = document.createElement("a");
  const host = trueHost(url);
  link.append(...words);
  leadTo(link, url);
  if (!host) return [link];
  const shown = document.createElement("span");
  shown.className = "link-host";
  shown.textContent = ` (${host})`;
  return [link, shown];
}

/** Let a link of the page lead there. @param {Element} element an `<a>` @param {string} url http, https or mailto */
export function leadTo(element, url) {
  const link = /** @type {HTMLAnchorElement} */ (element);
  link.href = url;
  link.target = "_blank";
  link.rel = REL;
  link.referrerPolicy = "no-referrer";
  const { host, pathname } = new URL(url);
  link.title = host ? `Opens ${host}` : `Writes to ${pathname}`;
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
