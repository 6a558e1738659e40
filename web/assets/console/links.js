import { trueHost } from "./linkify.js";

const REL = "noopener noreferrer nofollow";

/** A link to somewhere on the web, which learns nothing of us; after it the host, when the words hide it. @param {string} url http or https @param {string} words @returns {(Node | string)[]} */
export function safeLink(url, words) {
  const link = document.createElement("a");
  const host = trueHost(url);
  link.textContent = words;
  leadTo(link, url);
  if (!host) return [link];
  const shown = document.createElement("span");
  shown.className = "link-host";
  shown.textContent = ` (${host})`;
  return [link, shown];
}

/** Let a link of the page lead there. @param {Element} element an `<a>` @param {string} url http or https */
export function leadTo(element, url) {
  const link = /** @type {HTMLAnchorElement} */ (element);
  link.href = url;
  link.target = "_blank";
  link.rel = REL;
  link.referrerPolicy = "no-referrer";
  link.title = `Opens ${new URL(url).host}`;
}
