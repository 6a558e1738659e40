/** @import {Cited} from "../../shared/rich_text.js" */
/** @import {Source} from "../types.js" */
import { clone, part } from "../parts/dom.js";
import { leadTo, safeUrl } from "../parts/links.js";

/**
 * Numbered chips under an answer. Each opens in place, from its chip or from its `[1]` in the text.
 *
 * @param {HTMLElement} list
 * @param {Source[]} sources
 * @returns {Cited}
 */
export function showSources(list, sources) {
  list.hidden = !sources.length;
  if (list.childElementCount !== sources.length) list.replaceChildren(...sources.map(chip));
  return {
    name: (number) => nameOf(number, sources[number - 1]),
    toggle: (number) => {
      const item = list.children[number - 1];
      if (item) toggle(item);
    },
  };
}

/** @param {Source} source @param {number} index */
function chip(source, index) {
  const { title, snippet, url } = source;
  const element = clone("source-template");
  const button = part(element, "button");
  const href = safeUrl(url);
  button.setAttribute("aria-label", nameOf(index + 1, source));
  part(element, "number").textContent = String(index + 1);
  part(element, "title").textContent = title;
  part(element, "snippet").textContent = snippet ?? "";
  if (href) leadTo(part(element, "link"), href);
  else part(element, "link").remove();
  button.addEventListener("click", () => toggle(element));
  return element;
}

/** @param {number} number @param {Source | undefined} source */
const nameOf = (number, source) => `Source ${number}: ${source?.title ?? ""}`;

/** Who opens it from the text goes on from there: what is read and tabbed to next is what it says. @param {Element} element */
function toggle(element) {
  const button = part(element, "button");
  const body = part(element, "body");
  body.hidden = !body.hidden;
  button.setAttribute("aria-expanded", String(!body.hidden));
  if (body.hidden) return;
  button.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}
