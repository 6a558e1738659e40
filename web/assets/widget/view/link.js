import { h } from "./h.js";

const allowed = new Set(["http:", "https:", "mailto:"]);

/**
 * A link out of the chat, or the plain text where the address is not one that a chat may open.
 *
 * @param {string} href
 * @param {...(Node | string)} children
 */
export function link(href, ...children) {
  const safe = URL.canParse(href) && allowed.has(new URL(href).protocol);
  if (!safe) return h("span", {}, ...children);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", dir: "auto" }, ...children);
}
