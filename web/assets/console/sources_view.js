/** @import {Source} from "./types.js" */
import { clone, part } from "./dom.js";
import { leadTo, safeUrl } from "./links.js";

/** Numbered chips under an answer, each opening in place. @param {HTMLElement} list @param {Source[]} sources */
export function showSources(list, sources) {
  if (list.childElementCount === sources.length) return;
  list.hidden = !sources.length;
  list.replaceChildren(...sources.map(chip));
}

/** @param {Source} source @param {number} index */
function chip({ title, snippet, url }, index) {
  const element = clone("source-template");
  const button = part(element, "button");
  const body = part(element, "body");
  const href = safeUrl(url);
  part(element, "number").textContent = String(index + 1);
  part(element, "title").textContent = title;
  part(element, "snippet").textContent = snippet ?? "";
  if (href) leadTo(part(element, "link"), href);
  else part(element, "link").remove();
  button.addEventListener("click", () => {
    body.hidden = !body.hidden;
    button.setAttribute("aria-expanded", String(!body.hidden));
  });
  return element;
}
